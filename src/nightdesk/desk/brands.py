"""A site's colours and typeface: kept, judged by how well they read, and seen before they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nightdesk.desk.errors import Invalid
from nightdesk.desk.providers import Providers
from nightdesk.desk.sites import Sites
from nightdesk.lines.branding import brand
from nightdesk.media.colours import READABLE, Palette, contrast
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import Brand, Picture, PictureRequest
from nightdesk.store.tables.tenancy import Site

COLOURS = ("primary", "accent", "background", "text")
TYPEFACE = "typeface"
_SIZE = (960, 540)
_ALIKE = "ink"
"""What a site may call its text's colour too."""


@dataclass(frozen=True)
class Reading:
    """How well the text reads on the background: WCAG's contrast, from 1 to 21; 4.5 and more reads well."""

    contrast: float
    enough: bool


def colours_of(site: Site) -> dict[str, str]:
    """The four colours that a site's cards are drawn with, as `#rrggbb`."""
    found = brand(site)
    return {name: str(getattr(found, name)) for name in COLOURS}


def typeface_of(site: Site) -> str:
    """`sans` or `serif`; empty where each layout chooses its own."""
    return brand(site).typeface


def usual() -> dict[str, str]:
    """The colours of a site that has chosen none."""
    return {name: str(getattr(Brand(), name)) for name in COLOURS}


def with_colours(site: Site, colours: Mapping[str, str]) -> Site:
    """A site that looks like that, and is kept nowhere. Raises `Invalid` for what is no `#rrggbb`.

    Its `typeface` is taken from there too, where that says which.
    """
    for name in COLOURS:
        given = colours.get(name, "")
        if (
            len(given) != 7
            or given[0] != "#"
            or any(one not in "0123456789abcdefABCDEF" for one in given[1:])
        ):
            raise Invalid(name, "A colour is written like #1d3557.")
    others = {name: value for name, value in site.brand.items() if name not in (*COLOURS, _ALIKE)}
    if TYPEFACE in colours:
        others = {**others, TYPEFACE: colours[TYPEFACE]}
    look = others | {name: colours[name].lower() for name in COLOURS}
    facts = {"workspace_id": site.workspace_id, "name": site.name, "subject": site.subject}
    return Site(**facts, language=site.language, brand=look)


async def keep_colours(sites: Sites, workspace_id: int, site: Site, colours: Mapping[str, str]) -> Site:
    """Keeps them; pictures made from now on have them. Raises `Invalid`, `NotFound`."""
    return await sites.change(workspace_id, site.id, brand=with_colours(site, colours).brand)


def reading(site: Site) -> Reading:
    """Of the site's text on its background."""
    palette = Palette.of(brand(site))
    found = contrast(palette.ink, palette.paper)
    return Reading(found, found >= READABLE)


async def sample(providers: Providers, site: Site, number: int) -> Picture:
    """A card as the site's pieces get them where `cards` makes the pictures; `number` varies its layout."""
    cards = providers.images(replace(providers.defaults, images=Choice("cards")))
    titles = (
        "How to turn kitchen scraps into good soil",
        "Seven questions, answered",
        "Which one is for you?",
    )
    width, height = _SIZE
    title = titles[number % len(titles)]
    asked = PictureRequest("", title, site.subject[:60], site.language, width, height, number, brand(site))
    return await cards.make(asked, ListMeter())
