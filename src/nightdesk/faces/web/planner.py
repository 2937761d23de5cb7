"""The planner: the last one that somebody was at, or a choice of sites; and the way back from changes."""

from starlette.responses import Response

from nightdesk.faces.web.planner_site import COOKIE, site_of, undo
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

TABS = ("keywords", "clusters", "board")


def place(slug: str, tab: str) -> str:
    """The address of a page of a site's planner."""
    return f"/sites/{slug}/planner/{tab}"


def last(visit: Visit) -> tuple[str, str]:
    """The site and tab somebody was at last, empty where that is not known."""
    slug, _, tab = visit.request.cookies.get(COOKIE, "").partition("/")
    return slug, tab if tab in TABS else TABS[0]


async def choose(visit: Visit) -> Response:
    sites = await visit.desk.sites.listed(visit.workspace)
    slug, tab = last(visit)
    known = [site.slug for site in sites]
    if slug in known and "choose" not in visit.query:
        return visit.go(place(slug, tab))
    if len(sites) == 1:
        return visit.go(place(known[0], TABS[0]))
    return await visit.answer("planner.html", {"sites": sites})


async def enter(visit: Visit) -> Response:
    site = await site_of(visit)
    slug, tab = last(visit)
    return visit.go(place(site.slug, tab if slug == site.slug else TABS[0]))


ROUTES = (
    page("/planner", choose),
    page("/sites/{slug}/planner", enter),
    act("/sites/{slug}/planner/undo/{number:int}", undo),
)
