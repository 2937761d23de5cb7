"""The renderers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Mapping
from pathlib import Path

from nightdesk.kit.endings import NeedsPerson
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import opener_of
from nightdesk.providers.renderers.contract import Renderer
from nightdesk.providers.renderers.opening import Opener, RenderSurroundings


def _ffmpeg(choice: Choice, around: RenderSurroundings) -> Renderer:
    """A render may take the choice's `timeout`. Options: `program` (another ffmpeg), `threads` (of the
    encoder, 1 where nothing is said), `fonts` (a folder more)."""
    # It brings numpy and fonts, which a process that renders nothing need not import.
    from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer  # noqa: PLC0415
    from nightdesk.providers.renderers.ffmpeg.parts import encoder  # noqa: PLC0415 (as above)

    options, threads = choice.options, int(choice.options.get("threads", 1))
    ffmpeg = Ffmpeg(options["program"]) if "program" in options else around.ffmpeg
    fonts = Path(options["fonts"]) if options.get("fonts") else None
    try:
        return FfmpegRenderer(
            ffmpeg.by(threads), around.clock, seconds=choice.timeout, fonts=fonts, encoder=encoder(threads)
        )
    except (OSError, ValueError) as why:
        raise NeedsPerson(f"The fonts folder cannot be used ({why}): correct it or leave it out.") from why


def _remotion(choice: Choice, around: RenderSurroundings) -> Renderer:
    """`model`: the composition. Options, the operator's: `project`, `node`, `chromium`, `fonts`."""
    from nightdesk.providers.renderers.remotion import RemotionRenderer  # noqa: PLC0415 (as above)
    from nightdesk.providers.renderers.remotion.places import place  # noqa: PLC0415

    found = place(choice.model, choice.options)
    fonts = Path(choice.options["fonts"]) if choice.options.get("fonts") else None
    try:
        return RemotionRenderer(found, around.ffmpeg, around.clock, seconds=choice.timeout, fonts=fonts)
    except (OSError, ValueError) as why:
        raise NeedsPerson(f"The fonts folder cannot be used ({why}): correct it or leave it out.") from why


PROVIDERS: Mapping[str, Opener] = {"ffmpeg": _ffmpeg, "remotion": _remotion}


def open_renderer(choice: Choice, around: RenderSurroundings) -> Renderer:
    """The renderer that `choice` names. Raises `NeedsPerson` where it is unknown or a setting is missing."""
    opener: Opener = opener_of("renderer", choice.provider, PROVIDERS, "renderer")
    return opener(choice, around)
