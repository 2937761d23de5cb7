"""What the pages of a site's sources share: the site, and the tabs of topics, feeds and documents."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, Response

from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Paging
from nightdesk.desk.rows import Site
from nightdesk.desk.topics import TopicFilter
from nightdesk.faces.web.planner_site import Tab
from nightdesk.faces.web.visit import Visit

TEMPLATE = "sources_tabs.html"
TABS_BLOCK = "planner_tabs"
"""The tabs bear the name of the planner's, since what takes a change back counts both anew by it."""


async def around(visit: Visit, site: Site, tab: str) -> dict[str, Any]:
    """What every page of the sources needs around its own; the tabs only where a whole page is asked for."""
    facts: dict[str, Any] = {"site": site, "at": f"/sites/{site.slug}", "tab": tab, "elsewhere": False}
    return facts if visit.block is not None else facts | {"tabs": await _tabs(visit, site)}


async def tabs_anew(visit: Visit, site: Site, tab: str, *, elsewhere: bool = True) -> str:
    """The tabs as text with their counts after a change; `elsewhere` they go to their place by themselves."""
    facts = {"site": site, "at": f"/sites/{site.slug}", "tab": tab, "elsewhere": elsewhere}
    return visit.part(TEMPLATE, TABS_BLOCK, facts | {"tabs": await _tabs(visit, site)})


async def _tabs(visit: Visit, site: Site) -> list[Tab]:
    desk, of = visit.desk, (visit.workspace, site.id)
    topics = await desk.topics.page(*of, TopicFilter(), Paging(desk.topics.orders["newest"], 1))
    feeds = await desk.feeds.page(*of, Filter(), Paging(desk.feeds.orders["newest"], 1))
    return [
        Tab("topics", "Topics", "bulb", (topics.counts or {}).get("new", 0)),
        Tab("feeds", "Feeds", "rss", sum((feeds.counts or {}).values())),
        Tab("sources", "Documents", "quote", None),
    ]


async def shown(visit: Visit, template: str, facts: Mapping[str, Any]) -> Response:
    """The page or its block."""
    if visit.block == TABS_BLOCK:
        return HTMLResponse(await tabs_anew(visit, facts["site"], facts["tab"], elsewhere=False))
    return await visit.answer(template, facts)
