"""Remotion makes the same film with the sample project, two frames at a time, encoded as ours is."""

import json
from pathlib import Path

from nightdesk.kit.endings import Ending, NeedsPerson
from nightdesk.media.captions.lettering import Lettering
from nightdesk.providers.renderers.contract import RenderRequest
from nightdesk.providers.renderers.remotion.child import arguments, fence, run
from nightdesk.providers.renderers.remotion.places import place
from nightdesk.providers.renderers.remotion.staging import Staging, props, sheets_of

LABEL = "Remotion 4, two frames at a time, preset veryfast"
LEAST = 5.0
PROJECT = Path(__file__).with_name("project")
_SECONDS = 3600.0


async def render(request: RenderRequest, folder: Path) -> Path | None:
    """See `bench.render.competing.Competitor`: Remotion alone, its sound as the composition mixes it."""
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
    words = arguments(found, written, public, film, browser, size)
    try:
        await run(words, PROJECT, home, seconds=_SECONDS, told=lambda _: None)
    except Ending as ended:
        raise RuntimeError(ended.why) from ended
    return film
