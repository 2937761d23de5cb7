"""Settings, brand: a site's colours, typeface and logo; the cards they make are seen before they are kept."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk import brands
from nightdesk.desk.errors import Invalid
from nightdesk.desk.logos import MOST_BYTES
from nightdesk.desk.rows import Site
from nightdesk.faces.web.media import address
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import lead_to, scope
from nightdesk.faces.web.settings_undo import way_back
from nightdesk.faces.web.visit import Visit

NAMES = (
    ("primary", "Main colour", "Shapes and bands."),
    ("accent", "Accent", "What catches the eye."),
    ("background", "Background", "What everything stands on."),
    ("text", "Text", "Titles; shaded by itself where it would not read."),
)
CARDS = (0, 1, 2)
TYPEFACES = (
    ("", "As the layout has it", "Most cards plain, questions and quotations with serifs."),
    ("sans", "Plain", "Inter, on every card."),
    ("serif", "With serifs", "Source Serif, on every card."),
)


async def show(visit: Visit) -> Response:
    return await lead_to(visit, "/brand") or await visit.answer("settings_brand.html", await scope(visit, ""))


def look(site: Site, *, usual: bool = False) -> dict[str, Any]:
    """The form's colours, typeface and logo, and the cards that they make."""
    colours = brands.usual() if usual else brands.colours_of(site)
    typeface = "" if usual else brands.typeface_of(site)
    facts = {
        "site": site,
        "names": NAMES,
        "colours": colours,
        "typefaces": TYPEFACES,
        "typeface": typeface,
        "is_usual": colours == brands.usual() and not typeface,
        "logo": address(str(site.brand["logo"])) if site.brand.get("logo") else "",
    }
    return facts | _cards(brands.with_colours(site, colours | {brands.TYPEFACE: typeface}), site.slug)


def _cards(seen: Site, slug: str) -> dict[str, Any]:
    asked = urlencode({"site": slug, **brands.colours_of(seen), brands.TYPEFACE: brands.typeface_of(seen)})
    return {"cards": [f"/settings/brand/card?{asked}&n={n}" for n in CARDS], "reading": brands.reading(seen)}


async def usual(visit: Visit) -> Response:
    """The form with the colours of a site that chose none; nothing is kept by it."""
    site = await _site(visit, visit.query)
    return visit.fragments(visit.part("settings_brand.html", "brand", look(site, usual=True)))


async def sample(visit: Visit) -> Response:
    """The cards of colours that are not kept yet."""
    site = await _site(visit, visit.query)
    seen = brands.with_colours(site, visit.query)
    return visit.fragments(visit.part("settings_brand.html", "sample", _cards(seen, site.slug)))


async def card(visit: Visit) -> Response:
    """One card as a picture; the same address always is the same picture."""
    site = await _site(visit, visit.query)
    number = visit.query.get("n", "0")
    seen = brands.with_colours(site, visit.query)
    made = await brands.sample(visit.desk.providers, seen, int(number) if number in ("0", "1", "2") else 0)
    return Response(made.content, media_type=made.mime, headers={"Cache-Control": "private, max-age=600"})


async def keep(visit: Visit) -> Response:
    form = await visit.form()
    colours = {name: str(form.get(name, "")) for name in (*brands.COLOURS, brands.TYPEFACE)}
    site = await _site(visit, {"site": str(form.get("site", ""))})
    kept = await brands.keep_colours(visit.desk.sites, visit.workspace, site, colours)
    says = f"The look of {kept.name} is kept. Pictures made from now on have it."
    toast = visit.toast(says, undo=way_back(site, kept))
    return visit.fragments(visit.part("settings_brand.html", "brand", look(kept)), toast)


async def keep_logo(visit: Visit) -> Response:
    """Takes a picture as the site's logo."""
    form = await visit.form()
    site = await _site(visit, {"site": str(form.get("site", ""))})
    sent = form.get("logo")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid("logo", "Choose a PNG, JPEG or WebP picture.")
    kept = await visit.desk.niches.logos.keep(visit.workspace, site.id, await sent.read(MOST_BYTES + 1))
    toast = visit.toast(f"{kept.name} has its logo.", undo=way_back(site, kept))
    return visit.fragments(visit.part("settings_brand.html", "logo", look(kept)), toast)


async def drop_logo(visit: Visit) -> Response:
    site = await _site(visit, {"site": str((await visit.form()).get("site", ""))})
    kept = await visit.desk.niches.logos.name(visit.workspace, site.id, "")
    toast = visit.toast(f"{kept.name} has no logo any more.", undo=way_back(site, kept))
    return visit.fragments(visit.part("settings_brand.html", "logo", look(kept)), toast)


async def _site(visit: Visit, asked: Mapping[str, str]) -> Site:
    """Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, asked.get("site", ""))


ROUTES = (
    page("/settings/brand", show),
    page("/settings/brand/usual", usual, needs="editor"),
    page("/settings/brand/sample", sample, needs="editor"),
    page("/settings/brand/card", card),
    act("/settings/brand", keep),
    act("/settings/brand/logo", keep_logo),
    act("/settings/brand/logo/drop", drop_logo),
)
