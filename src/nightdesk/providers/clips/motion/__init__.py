"""Clip provider `motion`: a camera that moves over the scene's own picture; needs no account."""

import asyncio

from nightdesk.kit.clock import Clock
from nightdesk.media.camera import chosen
from nightdesk.media.planes import opened
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.clips.contract import Clip, ClipRequest


class Motion:
    """Chooses how the camera goes; the same request always gives the same move."""

    label = "motion"
    credits = 0
    scarce: str | None = None

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """A move that suits the picture's shape. Raises `Refused` ("bad media: …") for what is no picture."""
        began, ok = self._clock.monotonic(), False
        try:
            picture = await asyncio.to_thread(opened, request.picture)
            ok = True
        finally:
            seconds = self._clock.monotonic() - began
            meter.record(Call("clip", self.label, "", seconds, ok, units=int(ok)))
        move = chosen(request.seed, *picture.size, (request.width, request.height))
        return Clip(None, move, move, maker=self.label)

    async def free(self) -> None:
        """Holds no models."""

    async def aclose(self) -> None:
        """Holds no connections."""
