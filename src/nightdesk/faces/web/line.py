"""The Line page: a site's line from keywords to the gate, the run that holds it, and what it is doing."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Paging
from nightdesk.desk.rows import Run, Site
from nightdesk.desk.runs import Among
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.run_list import before_of, one_of, shown_runs
from nightdesk.faces.web.run_log import log_context
from nightdesk.faces.web.run_words import doing, why_paused
from nightdesk.faces.web.visit import Visit

LINE = "article"
BLOCKS = ("line", "log", "history")
A_PAGE = 10
"""Runs of one page of the history."""


async def show(visit: Visit) -> Response:
    return await visit.answer("line.html", await line_context(visit, await site_of(visit)))


async def site_of(visit: Visit) -> Site:
    """The site that the address names. Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"])


async def line_context(visit: Visit, site: Site, block: str | None = None) -> dict[str, Any]:
    """What the page shows, or the one block of it that is asked for."""
    wanted = one_of(BLOCKS, block or visit.block)
    facts: dict[str, Any] = {"site": site, "base": f"/sites/{site.slug}"}
    now = await visit.desk.insights.line(visit.workspace, site.id, LINE)
    if wanted in (None, "line"):
        facts |= await _line(visit, site, now.run, now.hand)
        facts |= {"now_at": now, "sources": await _has_documents(visit, site)}
    if wanted in (None, "log"):
        facts["log"] = await log_context(visit, now.run, facts["base"])
    if wanted in (None, "history"):
        facts |= await _history(visit, site)
    return facts


async def _line(visit: Visit, site: Site, run: Run | None, hand: Mapping[str, Any] | None) -> dict[str, Any]:
    held = run is not None and run.status in ("running", "paused")
    return {
        "run": run,
        "held": held,
        "hand": hand,
        "doing": doing(run, hand) if run else "",
        "why": why_paused(run) if run else None,
        "steer_at": f"/sites/{site.slug}/runs",
        "steer_target": "#line",
        "somebody_works": not held or await visit.desk.health.living("worker"),
    }


async def _has_documents(visit: Visit, site: Site) -> bool:
    sources = visit.desk.sources
    newest = Paging(sources.orders["newest"], limit=1)
    return bool((await sources.page(visit.workspace, site.id, Filter(), newest)).items)


async def _history(visit: Visit, site: Site) -> dict[str, Any]:
    before = before_of(visit)
    among = Among(site_id=site.id, line=LINE)
    found = await visit.desk.runs.page(visit.workspace, among, A_PAGE, before)
    return {
        "runs": shown_runs(visit, found.items, {site.id: site}),
        "cursor": found.next_cursor,
        "later": before is not None,
        "total": sum(found.counts.values()),
    }


ROUTES = (page("/sites/{slug}", show),)
