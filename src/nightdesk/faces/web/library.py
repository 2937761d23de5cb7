"""The library: finished videos of all sites or of one, found by state and words."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.rows import Site
from nightdesk.desk.videos import Shown, VideoFilter
from nightdesk.desk.videos.pictures import picture_of
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.review_asked import LONGEST_SEARCH, storable
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit

A_PAGE = 24
STATES = {
    "": ("Any state", None),
    "review": ("Waiting for review", "ready_for_review"),
    "approved": ("Approved", "approved"),
    "published": ("Published", "published"),
    "sent_back": ("Sent back", "pending"),
    "rejected": ("Rejected", "cancelled"),
}
"""What can be looked for: how it is called, and the status of jobs that finished videos in it have."""

ORDERS = {"newest": "Newest first", "oldest": "Oldest first"}


async def show(visit: Visit) -> Response:
    return await visit.answer("library.html", await library_context(visit))


async def library_context(visit: Visit) -> dict[str, Any]:
    """What the page shows, or the list alone."""
    sites = await visit.desk.sites.listed(visit.workspace)
    query = visit.query
    site = next((one for one in sites if one.slug == query.get("site")), None)
    state = query.get("state", "") if query.get("state") in STATES else ""
    order = query.get("order", "") if query.get("order") in ORDERS else "newest"
    search = storable(query.get("search", ""))[:LONGEST_SEARCH]
    asked = VideoFilter(site.id if site else None, STATES[state][1], search or None, made=True)
    paged = paging(visit, Shelf.orders[order], A_PAGE)
    found = await visit.desk.videos.shelf.listed(visit.workspace, asked, paged)
    here = {"site": site.slug if site else "", "state": state, "search": search}
    here |= {"order": order if order != "newest" else ""}
    spelled = urlencode({name: value for name, value in here.items() if value})
    return {
        "rows": await _rows(visit, found.items, sites),
        "next_cursor": found.next_cursor,
        "first": paged.after is None,
        "site": site,
        "sites": sites,
        "state": state,
        "states": STATES,
        "order": order,
        "orders": ORDERS,
        "search": search,
        "narrowed": bool(search or state),
        "home": f"/library?{spelled}" if spelled else "/library",
        "address": f"/library?{spelled}&" if spelled else "/library?",
    }


async def _rows(visit: Visit, shown: list[Shown], sites: list[Site]) -> list[dict[str, Any]]:
    costs = await visit.desk.costs.of_videos(visit.workspace, [one.video.id for one in shown])
    by_number = {site.id: site for site in sites}
    return [
        {
            "video": one.video,
            "site": by_number[one.video.site_id],
            "picture": picture_of(one.video),
            "credits": float(costs.get(one.video.id, (0, 0))[0]),
            "usd": costs.get(one.video.id, (0, 0))[1],
        }
        for one in shown
    ]


ROUTES = (page("/library", show),)
