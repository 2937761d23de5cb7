"""Two people edited one article: the second sees what the first changed, and puts both together."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.review.differences import words
from nightdesk.desk.review.merging import Side, parts, together
from nightdesk.desk.rows import Revision
from nightdesk.faces.web import piece_text
from nightdesk.faces.web.review_asked import looked_at, number_of
from nightdesk.faces.web.visit import Visit

NAMES = {
    "title": "Title",
    "meta_title": "Title in search results",
    "meta_description": "Description in search results",
    "slug": "Address",
}
OTHERS = tuple(NAMES)
"""The fields beside the text itself, each taken as a whole."""


async def clash(visit: Visit, mine: piece_text.Given, seen: int) -> Response:
    """The page that shows both; nothing of either is lost, and nothing is saved yet."""
    number = number_of(visit)
    newest, *_ = await visit.desk.review.revisions.listed(visit.workspace, number)
    theirs = await visit.desk.review.revisions.get(visit.workspace, number, newest.number)
    base = await _as_read(visit, number, seen)
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    facts: dict[str, Any] = {
        "number": number,
        "base": f"/review/{number}",
        "looked": looked,
        "theirs": theirs,
        "seen": seen,
        "mine": mine,
        "others": [one for name in OTHERS if (one := _other(name, base, mine, theirs))],
        "parts": parts(base["markdown"], mine["markdown"], theirs.markdown),
    }
    return await visit.answer("piece_clash.html", facts, status=409)


async def merged(
    visit: Visit, mine: piece_text.Given, seen: int, now: int, form: Mapping[str, Any]
) -> dict[str, str]:
    """Both put together as was chosen: the fields of the editor. Raises `NotFound`."""
    number = number_of(visit)
    theirs = await visit.desk.review.revisions.get(visit.workspace, number, now)
    base = await _as_read(visit, number, seen)
    found = parts(base["markdown"], mine["markdown"], theirs.markdown)
    chosen = {part.number: side for part in found if (side := _side(form.get(f"part_{part.number}")))}
    text = dict(mine) | {"markdown": together(found, chosen)}
    for name in OTHERS:
        only_theirs = mine[name] == base[name]
        if (_side(form.get(f"field_{name}")) or ("theirs" if only_theirs else "mine")) == "theirs":
            text[name] = getattr(theirs, name)
    return text


async def _as_read(visit: Visit, number: int, seen: int) -> dict[str, str]:
    """The revision that I began with; empty where it is from before revisions were kept."""
    try:
        return piece_text.of(await visit.desk.review.revisions.get(visit.workspace, number, seen))
    except NotFound:
        return dict.fromkeys(piece_text.FIELDS, "")


def _other(
    name: str, base: piece_text.Given, mine: piece_text.Given, theirs: Revision
) -> dict[str, Any] | None:
    """A field that they changed to something else than I have."""
    has = getattr(theirs, name)
    if has in (base[name], mine[name]):
        return None
    return {
        "name": name,
        "title": NAMES[name],
        "mine": mine[name],
        "pieces": words(base[name], has),
        "both": mine[name] != base[name],
    }


def _side(given: Any) -> Side | None:
    return given if given in ("mine", "theirs") else None
