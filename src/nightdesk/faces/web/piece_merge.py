"""Takes what was chosen from two edits of one article back into the editor."""

from starlette.responses import Response

from nightdesk.faces.web import piece_text
from nightdesk.faces.web.piece_clash import clash, merged
from nightdesk.faces.web.piece_decide import revision_of
from nightdesk.faces.web.piece_edit import editor
from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Visit


async def merge(visit: Visit) -> Response:
    """The editor with both put together; nothing is saved before its person has read it."""
    form = await visit.form()
    mine = piece_text.given(form)
    seen, now = (revision_of(str(form.get(name, ""))) for name in ("seen", "now"))
    if seen is None or now is None:
        return await clash(visit, mine, seen or 0)
    text = await merged(visit, mine, seen, now, form)
    return await editor(visit, text, now, together=True)


ROUTES = (act("/review/{number:int}/merge", merge),)
