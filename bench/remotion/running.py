"""Starts Remotion with the sample project, where that is installed."""

import json
from collections.abc import Sequence
from pathlib import Path

from nightdesk.kit.endings import Ending, NeedsPerson
from nightdesk.media.captions.lettering import Lettering
from nightdesk.providers.renderers.contract import RenderRequest
from nightdesk.providers.renderers.remotion.child import arguments, fence, run
from nightdesk.providers.renderers.remotion.places import place
from nightdesk.providers.renderers.remotion.staging import Staging, props, sheets_of

PROJECT = Path(__file__).with_name("project")
_SECONDS = 3600.0


async def made(request: RenderRequest, folder: Path, options: Sequence[str] = ()) -> Path | None:
    """Remotion alone, its sound as the composition mixes it; None where it is not installed.

    `options` take the place of the desk's own of the same names. Raises `RuntimeError` where it failed.
    """
    try:
        found = place("", {"project": PROJECT})
    except NeedsPerson:
        return None
    lettering, public, home = Lettering(), folder / "public", folder / "home"
    sheets = sheets_of(request, lettering)
    given = props(request, sheets[0].layout if sheets else None, sheets, lettering, Staging(public))
    written, film, browser = folder / "props.json", folder / "film.mp4", fence(found, folder)
    written.write_text(json.dumps(given))
    home.mkdir()
    size = (request.look.width, request.look.height, given["fps"], given["frames"])
    named = {_name(option) for option in options}
    words = arguments(found, written, public, film, browser, size)
    try:
        await run(
            [*(word for word in words if _name(word) not in named), *options],
            PROJECT,
            home,
            seconds=_SECONDS,
            told=lambda _: None,
        )
    except Ending as ended:
        raise RuntimeError(ended.why) from ended
    return film


def _name(word: str) -> str:
    return word.partition("=")[0]
