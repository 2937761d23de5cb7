"""How a site looks, for whatever draws something for it."""

import re
from typing import Any

from nightdesk.providers.images.contract import Brand
from nightdesk.store.tables.tenancy import Site

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_BRAND = {"primary": "primary", "accent": "accent", "background": "background", "text": "text", "ink": "text"}
TYPEFACES = ("sans", "serif")


def brand(site: Site) -> Brand:
    """The site's colours and typeface; what is missing or cannot be read is left as it usually is."""
    given: dict[str, Any] = {
        ours: site.brand[theirs]
        for theirs, ours in _BRAND.items()
        if _COLOUR.fullmatch(str(site.brand.get(theirs) or ""))
    }
    typeface = str(site.brand.get("typeface") or "")
    return Brand(name=site.name, typeface=typeface if typeface in TYPEFACES else "", **given)
