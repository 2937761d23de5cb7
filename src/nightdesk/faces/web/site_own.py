"""A site's own photos and clips, which its scenes show: added, described, switched off, removed, put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.rows import OwnPiece, Site
from nightdesk.desk.videos.own_shelf import LONGEST_SOURCE, LONGEST_WORDS, MOST, too_common
from nightdesk.desk.videos.taking_in import LONGEST_CLIP, MOST_BYTES
from nightdesk.faces.web.media import address
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.site_given import inline
from nightdesk.faces.web.visit import Undo, Visit

LIMITS = {
    "most_pieces": MOST,
    "most_mb": MOST_BYTES >> 20,
    "longest_clip": round(LONGEST_CLIP),
    "longest_words": LONGEST_WORDS,
    "longest_source": LONGEST_SOURCE,
}


async def own_of(visit: Visit, site: Site) -> dict[str, Any]:
    """What the section shows."""
    shelf = visit.desk.videos.own_shelf
    seen = await shelf.seen(visit.workspace, site.id)
    pieces = await shelf.listed(visit.workspace, site.id)
    cards = [_card(site, piece, seen.get(piece.id, 0)) for piece in pieces]
    return {"pieces": cards, "own_at": _at(site), **LIMITS}


def _card(site: Site, piece: OwnPiece, seen: int) -> dict[str, Any]:
    at = f"{_at(site)}/{piece.id}"
    return {
        "piece": piece,
        "kind": "clip" if piece.footage else "photo",
        "at": at,
        "small": f"{address(piece.picture)}/small",
        "file": f"{at}/file?v={(piece.footage or piece.picture)[:12]}",
        "seen": seen,
        "common": too_common(piece, site.subject),
    }


async def add(visit: Visit) -> Response:
    site, form = await _site(visit), await visit.form()
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid("own_file", "Choose a photo or a clip.")
    content = await sent.read(MOST_BYTES + 1)
    with _said_at("own_{}"):
        piece = await visit.desk.videos.own_shelf.add(visit.workspace, site.id, content, _facts(form, "own_"))
    return await _section(visit, site, f"{_name(piece)} is added. Scenes that it fits show it from now on.")


async def tune(visit: Visit) -> Response:
    site, form, number = await _site(visit), await visit.form(), number_of(visit)
    facts = _facts(form) | {"off": "on" not in form}
    with _said_at(f"{{}}-{number}"):
        piece = await visit.desk.videos.own_shelf.change(visit.workspace, site.id, number, facts)
    seen = await visit.desk.videos.own_shelf.seen(visit.workspace, site.id)
    shown = LIMITS | {"one": _card(site, piece, seen.get(piece.id, 0))}
    return visit.fragments(visit.part("site_own.html", "piece", shown), visit.toast(f"{_name(piece)}: kept."))


async def remove(visit: Visit) -> Response:
    site = await _site(visit)
    piece = await visit.desk.videos.own_shelf.remove(visit.workspace, site.id, number_of(visit))
    says = f"{_name(piece)} removed. Videos that show it keep it."
    return await _section(visit, site, says, Undo(f"{_at(site)}/{piece.id}/back"))


async def back(visit: Visit) -> Response:
    """Takes the removal back."""
    site = await _site(visit)
    await visit.desk.videos.own_shelf.put_back(visit.workspace, site.id, number_of(visit))
    return Response(status_code=204, headers={"HX-Refresh": "true"})


async def show(visit: Visit) -> Response:
    """The photo or the clip, to be seen."""
    site = await _site(visit)
    return inline(visit, await visit.desk.videos.own_shelf.whole(visit.workspace, site.id, number_of(visit)))


async def _site(visit: Visit) -> Site:
    """Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"])


async def _section(visit: Visit, site: Site, says: str, undo: Undo | None = None) -> Response:
    body = visit.part("site_own.html", "own", await own_of(visit, site))
    return visit.fragments(body, visit.toast(says, undo=undo))


def _facts(form: FormData, before: str = "") -> dict[str, Any]:
    told = {name: str(form.get(f"{before}{name}", "")) for name in ("shows", "source")}
    return told | {"by_model": f"{before}by_model" in form}


@contextmanager
def _said_at(name: str) -> Iterator[None]:
    """Has a message go beside the field of this form: there is one of each for every piece."""
    try:
        yield
    except Invalid as error:
        raise Invalid(name.format(error.field), str(error)) from error


def _name(piece: OwnPiece) -> str:
    return f"{'Clip' if piece.footage else 'Photo'} {piece.id}"


def _at(site: Site) -> str:
    return f"/sites/{site.slug}/settings/videos/own"


_AT = "/sites/{slug}/settings/videos/own"
_ONE = f"{_AT}/{{number:int}}"
ROUTES = (
    act(_AT, add),
    act(_ONE, tune),
    act(f"{_ONE}/remove", remove),
    act(f"{_ONE}/back", back),
    page(f"{_ONE}/file", show),
)
