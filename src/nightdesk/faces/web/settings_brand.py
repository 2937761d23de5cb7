"""Settings, brand: a site's colours, with the cards they make seen before they are kept."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk import brands
from nightdesk.desk.rows import Site
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import asked_site, scope
from nightdesk.faces.web.visit import Visit

NAMES = (
    ("primary", "Main colour", "Shapes and bands."),
    ("accent", "Accent", "What catches the eye."),
    ("background", "Background", "What everything stands on."),
    ("text", "Text", "Titles; shaded by itself where it would not read."),
)
CARDS = (0, 1, 2)


async def show(visit: Visit) -> Response:
    facts = await scope(visit, asked_site(visit))
    site = facts["site"]
    return await visit.answer("settings_brand.html", facts | (_look(site) if site else {}))


def _look(site: Site, *, usual: bool = False) -> dict[str, Any]:
    """The form's colours and the cards that they make."""
    colours = brands.usual() if usual else brands.colours_of(site)
    return {"site": site, "names": NAMES, "colours": colours, "is_usual": colours == brands.usual()} | _cards(
        brands.with_colours(site, colours), site.slug
    )


def _cards(look: Site, slug: str) -> dict[str, Any]:
    asked = urlencode({"site": slug, **brands.colours_of(look)})
    return {"cards": [f"/settings/brand/card?{asked}&n={n}" for n in CARDS], "reading": brands.reading(look)}


async def usual(visit: Visit) -> Response:
    """The form with the colours of a site that chose none; nothing is kept by it."""
    site = await _site(visit, visit.query)
    return visit.fragments(visit.part("settings_brand.html", "brand", _look(site, usual=True)))


async def sample(visit: Visit) -> Response:
    """The cards of colours that are not kept yet."""
    site = await _site(visit, visit.query)
    look = brands.with_colours(site, visit.query)
    return visit.fragments(visit.part("settings_brand.html", "sample", _cards(look, site.slug)))


async def card(visit: Visit) -> Response:
    """One card as a picture; the same address always is the same picture."""
    site = await _site(visit, visit.query)
    number = visit.query.get("n", "0")
    look = brands.with_colours(site, visit.query)
    made = await brands.sample(visit.desk.providers, look, int(number) if number in ("0", "1", "2") else 0)
    return Response(made.content, media_type=made.mime, headers={"Cache-Control": "private, max-age=600"})


async def keep(visit: Visit) -> Response:
    form = await visit.form()
    colours = {name: str(form.get(name, "")) for name in brands.COLOURS}
    site = await _site(visit, {"site": str(form.get("site", ""))})
    kept = await brands.keep_colours(visit.desk.sites, visit.workspace, site, colours)
    toast = visit.toast(f"The colours of {kept.name} are kept. Pictures made from now on have them.")
    return visit.fragments(visit.part("settings_brand.html", "brand", _look(kept)), toast)


async def _site(visit: Visit, asked: Mapping[str, str]) -> Site:
    """Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, asked.get("site", ""))


ROUTES = (
    page("/settings/brand", show),
    page("/settings/brand/usual", usual, needs="editor"),
    page("/settings/brand/sample", sample, needs="editor"),
    page("/settings/brand/card", card),
    act("/settings/brand", keep),
)
