"""The clip providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Mapping

from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.comfyui import open_comfyui
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.clips.ltx import open_ltx
from nightdesk.providers.clips.opening import ClipSurroundings, Opener
from nightdesk.providers.clips.stock import open_stock
from nightdesk.providers.entry_points import opener_of


# It brings numpy, which a process that films nothing need not import.
def _motion(_choice: Choice, around: ClipSurroundings) -> ClipProvider:
    from nightdesk.providers.clips.motion import Motion  # noqa: PLC0415

    return Motion(around.clock)


PROVIDERS: Mapping[str, Opener] = {
    "motion": _motion,
    "stock": open_stock,
    "comfyui": open_comfyui,
    "ltx": open_ltx,
}


def open_clips(choice: Choice, around: ClipSurroundings) -> ClipProvider:
    """The provider that `choice` names. Raises `NeedsPerson` where it is unknown or a setting is missing."""
    opener: Opener = opener_of("clips", choice.provider, PROVIDERS, "clip provider")
    return opener(choice, around)
