"""The clip providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Callable, Mapping

from nightdesk.kit.clock import Clock
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.entry_points import opener_of

Opener = Callable[[Choice, Clock], ClipProvider]


# It brings numpy, which a process that films nothing need not import.
def _motion(_choice: Choice, clock: Clock) -> ClipProvider:
    from nightdesk.providers.clips.motion import Motion  # noqa: PLC0415

    return Motion(clock)


PROVIDERS: Mapping[str, Opener] = {"motion": _motion}


def open_clips(choice: Choice, clock: Clock) -> ClipProvider:
    """The provider that `choice` names. Raises `NeedsPerson` where it is unknown or a setting is missing."""
    opener: Opener = opener_of("clips", choice.provider, PROVIDERS, "clip provider")
    return opener(choice, clock)
