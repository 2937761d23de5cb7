"""Lets a video go on when the chosen maker of clips cannot: a camera moves over the scene's picture instead.

Whoever made the clip is said in its note, so that the person who reviews the video sees it. Nothing is asked
of a maker for a while once it failed all its tries, or said that a person has to do something first: a night
of two hundred scenes does not wait two hundred times.
"""

from dataclasses import replace

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import Clip, ClipProvider, ClipRequest
from nightdesk.providers.clips.motion import Motion
from nightdesk.providers.clips.opening import ClipSurroundings
from nightdesk.providers.clips.prices import clip_credits

INSTEAD = "was not used, so the camera moves over the picture"
"""How a note says that another maker was taken."""

PAUSES = (1.0, 4.0)
"""Seconds between the tries, where the maker does not ask for more."""

LONGEST_PAUSE = 20.0
LEFT_ALONE = 300.0
"""Seconds."""

# Of the time that a clip may take, so that a maker that hangs leaves some for the camera: a try begins within
# the first share, and takes the second at most.
_BEGINS, _TAKES = 0.15, 0.75


class WithMotion:
    """A maker of clips, and a camera in its place where it fails.

    `patience`: seconds after which a try that failed is the last.
    """

    def __init__(self, maker: ClipProvider, clock: Clock, patience: float) -> None:
        self.label, self.credits, self.scarce = maker.label, maker.credits, maker.scarce
        self._maker, self._clock, self._patience = maker, clock, patience
        self._motion = Motion(clock)
        self._closed: tuple[float, str] | None = None

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """The maker's clip, else a move whose note says why. Raises `Refused` for a picture that is none."""
        why = self._left_alone()
        if why is None:
            try:
                return await self._tried(request, meter)
            except Refused as refused:
                why = refused.why
            except Ending as ending:
                why = ending.why
                self._closed = (self._clock.monotonic() + LEFT_ALONE, why)
        clip = await self._motion.make(request, meter)
        return replace(clip, note=f"{self.label} {INSTEAD}: {why}")

    @property
    def opened(self) -> bool:
        """Whether the maker is there, and not only the camera."""
        return not isinstance(self._maker, Unopened)

    async def free(self) -> None:
        """As the maker's."""
        await self._maker.free()

    async def aclose(self) -> None:
        """As the maker's."""
        await self._maker.aclose()

    def _left_alone(self) -> str | None:
        if self._closed is not None and self._clock.monotonic() < self._closed[0]:
            return self._closed[1]
        self._closed = None
        return None

    async def _tried(self, request: ClipRequest, meter: Meter) -> Clip:
        began = self._clock.monotonic()
        for pause in PAUSES:
            try:
                return await self._maker.make(request, meter)
            except Later as late:
                wait = late.seconds or pause
                if wait > LONGEST_PAUSE or self._clock.monotonic() - began > self._patience:
                    raise
                await self._clock.sleep(wait)
        return await self._maker.make(request, meter)


class Unopened:
    """A maker that could not be opened: says what a person has to do whenever it is asked."""

    scarce: str | None = None

    def __init__(self, choice: Choice, why: NeedsPerson) -> None:
        self.label, self.credits = choice.spelled, clip_credits(choice)
        self._why = why.why

    async def make(self, _request: ClipRequest, _meter: Meter) -> Clip:
        """Raises `NeedsPerson`."""
        raise NeedsPerson(self._why)

    async def free(self) -> None:
        """Holds nothing."""

    async def aclose(self) -> None:
        """Holds nothing."""


def open_with_motion(choice: Choice, around: ClipSurroundings) -> ClipProvider:
    """The provider that `choice` names, with a camera behind it.

    The option `fallback: none` leaves the camera away, and what fails fails; then this raises `NeedsPerson`
    as `open_clips` does.
    """
    if choice.provider == "motion" or choice.options.get("fallback") == "none":
        return open_clips(choice, around)
    try:
        maker = open_clips(replace(choice, timeout=choice.timeout * _TAKES), around)
    except NeedsPerson as why:
        maker = Unopened(choice, why)
    return WithMotion(maker, around.clock, choice.timeout * _BEGINS)
