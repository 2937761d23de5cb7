"""What every page of the settings has around it: the other pages, and the site that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from nightdesk.desk.people import Role
from nightdesk.desk.rows import Site
from nightdesk.faces.web.visit import Visit


@dataclass(frozen=True)
class Tab:
    """A page of the settings."""

    path: str
    name: str
    needs: Role = "viewer"


TABS = (
    Tab("/settings/models", "Models"),
    Tab("/settings/site", "Sites"),
    Tab("/settings/workspace", "Workspace"),
    Tab("/settings/notices", "Notices", "owner"),
    Tab("/settings/webhooks", "Webhooks", "owner"),
    Tab("/settings/tools", "Tools", "owner"),
    Tab("/settings/retention", "Retention", "owner"),
    Tab("/settings/signing", "Signing", "owner"),
)


def tabs(visit: Visit) -> list[Tab]:
    """The pages that the one who asks may see."""
    return [tab for tab in TABS if visit.may(tab.needs)]


async def scope(visit: Visit, slug: str, *, everywhere: bool = False) -> dict[str, Any]:
    """The site of that slug; without one the first, or none where the page is for all sites too.

    Raises `NotFound`.
    """
    sites: Sequence[Site] = await visit.desk.sites.listed(visit.workspace)
    site = await visit.desk.sites.get(visit.workspace, slug) if slug else None
    if site is None and not everywhere and sites:
        site = sites[0]
    return {
        "frame": "settings.html",
        "site": site,
        "sites": sites,
        "tabs": tabs(visit),
        "everywhere": everywhere,
    }


async def lead_to(visit: Visit, section: str) -> Response | None:
    """To that section of the settings of the site that is asked for, or of the first; None without a site."""
    site = (await scope(visit, asked_site(visit)))["site"]
    return visit.go(f"/sites/{site.slug}/settings{section}") if site else None


def asked_site(visit: Visit) -> str:
    """The slug in the address, or the empty string."""
    return visit.query.get("site", "").strip()
