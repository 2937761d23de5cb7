"""The Line page: one line of a site from its start to the gate, the run that holds it, and what it does."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.insights import LineNow
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Paging
from nightdesk.desk.rows import Run, Site
from nightdesk.desk.runs import Among
from nightdesk.desk.topics.inputs import TopicFilter
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.run_list import before_of, one_of, shown_runs
from nightdesk.faces.web.run_log import log_context
from nightdesk.faces.web.run_words import doing, why_paused
from nightdesk.faces.web.visit import Visit

LINES = {"article": "Articles", "video": "Videos"}
"""The lines that a site has, as a switch names them; the first is what an address without one means."""

BLOCKS = ("line", "log", "history")
A_PAGE = 10
"""Runs of one page of the history."""


async def show(visit: Visit) -> Response:
    return await visit.answer("line.html", await line_context(visit, await site_of(visit), line_of(visit)))


async def site_of(visit: Visit) -> Site:
    """The site that the address names. Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"])


def line_of(visit: Visit) -> str:
    """The line that the address names. Raises `NotFound` for one that there is not."""
    line = visit.query.get("line") or "article"
    if line not in LINES:
        raise NotFound("line")
    return line


def places(site: Site, line: str) -> dict[str, Any]:
    """What addresses of a line are made of: `base` of its site, `of_line` behind it, `home` of its page."""
    base, of_line = f"/sites/{site.slug}", "" if line == "article" else f"?line={line}"
    return {"site": site, "line": line, "base": base, "of_line": of_line, "home": f"{base}{of_line}"}


async def line_context(visit: Visit, site: Site, line: str, block: str | None = None) -> dict[str, Any]:
    """What the page shows, or the one block of it that is asked for."""
    wanted = one_of(BLOCKS, block or visit.block)
    facts = places(site, line) | {"lines": LINES}
    now = await visit.desk.insights.line(visit.workspace, site.id, line)
    if wanted in (None, "line"):
        facts |= await _line(visit, site, now.run, now.hand)
        facts |= {"now_at": now, "lacks": await _lacks(visit, site, line, now)}
    if wanted in (None, "log"):
        facts["log"] = await log_context(visit, now.run, facts["home"])
    if wanted in (None, "history"):
        facts |= await _history(visit, site, line)
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


async def _lacks(visit: Visit, site: Site, line: str, now: LineNow) -> str:
    """What the line has to be given before it can work well: `all`, `start` or `sources`; else empty."""
    started = bool(now.stages[0].counts or now.stages[1].counts)
    if line == "video":
        return "" if started or await _has_topics(visit, site) else "all"
    if await _has_documents(visit, site):
        return "" if started else "start"
    return "sources" if started else "all"


async def _has_documents(visit: Visit, site: Site) -> bool:
    sources = visit.desk.sources
    newest = Paging(sources.orders["newest"], limit=1)
    return bool((await sources.page(visit.workspace, site.id, Filter(), newest)).items)


async def _has_topics(visit: Visit, site: Site) -> bool:
    topics = visit.desk.topics
    newest = Paging(topics.orders["newest"], limit=1)
    return bool((await topics.page(visit.workspace, site.id, TopicFilter(status="new"), newest)).items)


async def _history(visit: Visit, site: Site, line: str) -> dict[str, Any]:
    before = before_of(visit)
    among = Among(site_id=site.id, line=line)
    found = await visit.desk.runs.page(visit.workspace, among, A_PAGE, before)
    return {
        "runs": shown_runs(visit, found.items, {site.id: site}),
        "cursor": found.next_cursor,
        "later": before is not None,
        "total": sum(found.counts.values()),
    }


ROUTES = (page("/sites/{slug}", show),)
