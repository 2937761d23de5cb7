"""Edits a piece in place: Markdown beside how it will look; saved with the revision that was read."""

from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from nightdesk.desk.errors import Invalid, Taken
from nightdesk.desk.review.contents import ChangedMeanwhile
from nightdesk.faces.web import piece_text
from nightdesk.faces.web.faults import status_of
from nightdesk.faces.web.piece import back_to, shown
from nightdesk.faces.web.piece_clash import clash
from nightdesk.faces.web.piece_decide import revision_of
from nightdesk.faces.web.review_asked import looked_at, number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    return await editor(visit)


async def editor(
    visit: Visit,
    text: piece_text.Given | None = None,
    seen: int | None = None,
    *,
    wrong: Invalid | Taken | None = None,
    together: bool = False,
) -> Response:
    """The editor with a text that is not saved yet, or with the article's own."""
    number = number_of(visit)
    piece = await visit.desk.review.contents.piece(visit.workspace, number)
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    newest, *_ = await visit.desk.review.revisions.listed(visit.workspace, number)
    facts: dict[str, Any] = {
        "newest": newest,
        "content": piece.content,
        "number": number,
        "base": f"/review/{number}",
        "looked": looked,
        "text": text or piece_text.of(piece.content),
        "seen": seen or piece.content.revision,
        "unsaved": text is not None,
        "together": together,
        "wrong_field": (wrong.field if isinstance(wrong, Invalid) else "slug") if wrong else "",
        "wrong_says": str(wrong) if wrong else "",
    }
    facts |= await _looks(visit, facts["text"])
    return await visit.answer("piece_edit.html", facts, status=status_of(wrong) if wrong else 200)


async def save(visit: Visit) -> Response:
    """Two editors on one article: the second is shown what the first changed, and loses nothing."""
    number, form = number_of(visit), await visit.form()
    text, seen = piece_text.given(form), revision_of(str(form.get("revision", "")))
    try:
        asked = piece_text.changes(text, seen)
        content = await visit.desk.review.contents.change(visit.workspace, number, asked, visit.caller)
    except ChangedMeanwhile as changed:
        return await clash(visit, text, changed.seen)
    except (Invalid, Taken) as wrong:
        return await editor(visit, text, seen, wrong=wrong)
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    more = {"changed": str(content.revision)} if content.revision != seen else {}
    return visit.go(back_to(number, looked, **more))


async def preview(visit: Visit) -> Response:
    """How the text of the form would look; nothing is kept."""
    return visit.fragments(
        visit.part("piece_edit.html", "preview", await _looks(visit, piece_text.given(await visit.form())))
    )


async def _looks(visit: Visit, text: piece_text.Given) -> dict[str, Any]:
    number, contents = number_of(visit), visit.desk.review.contents
    try:
        asked = piece_text.changes(text, None)
        looks = await contents.preview(visit.workspace, number, asked)
    except Invalid as wrong:
        return {"looks": None, "looks_wrong": str(wrong), "html": ""}
    piece = await contents.piece(visit.workspace, number)
    html = Markup(shown(piece, looks.html))  # noqa: S704 - what the desk has cleaned
    return {"looks": looks, "looks_wrong": "", "html": html}


async def news(visit: Visit) -> Response:
    """Whether somebody saved the article since the editor was opened."""
    number = number_of(visit)
    seen = revision_of(visit.query.get("seen", "")) or 0
    (newest, *_) = await visit.desk.review.revisions.listed(visit.workspace, number)
    facts = {"number": number, "seen": seen, "newest": newest}
    return visit.fragments(visit.part("piece_edit.html", "meanwhile", facts))


ROUTES = (
    page("/review/{number:int}/edit", show, needs="editor"),
    act("/review/{number:int}/edit", save),
    act("/review/{number:int}/preview", preview),
    page("/review/{number:int}/edit/news", news, needs="editor"),
)
