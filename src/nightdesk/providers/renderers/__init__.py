"""The renderers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Callable, Mapping
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import opener_of
from nightdesk.providers.renderers.contract import Renderer

Opener = Callable[[Choice, Clock], Renderer]

DEADLINE = 900.0
"""Seconds that a render may take where nothing else is set."""


def _ffmpeg(choice: Choice, clock: Clock) -> Renderer:
    """Options `program` (another ffmpeg), `threads`, `seconds` (the deadline) and `fonts` (a folder more)."""
    # It brings numpy and fonts, which a process that renders nothing need not import.
    from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer  # noqa: PLC0415

    options = choice.options
    ffmpeg = Ffmpeg(options.get("program"), threads=int(options.get("threads", 2)))
    fonts = Path(options["fonts"]) if options.get("fonts") else None
    try:
        return FfmpegRenderer(ffmpeg, clock, seconds=float(options.get("seconds", DEADLINE)), fonts=fonts)
    except (OSError, ValueError) as why:
        raise NeedsPerson(f"The fonts folder cannot be used ({why}): correct it or leave it out.") from why


PROVIDERS: Mapping[str, Opener] = {"ffmpeg": _ffmpeg}


def open_renderer(choice: Choice, clock: Clock) -> Renderer:
    """The renderer that `choice` names. Raises `NeedsPerson` where it is unknown or a setting is missing."""
    opener: Opener = opener_of("renderers", choice.provider, PROVIDERS, "renderer")
    return opener(choice, clock)
