"""Tonight: what is running, and what waits for a person in the morning."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.rows import Run, Site
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit


async def tonight(visit: Visit) -> Response:
    return await visit.answer("tonight.html", await tonight_context(visit))


async def tonight_context(visit: Visit) -> dict[str, Any]:
    """What the page shows, or the one block of it that is asked for."""
    sites = {site.id: site for site in await visit.desk.sites.listed(visit.workspace)}
    facts: dict[str, Any] = {}
    if visit.block in (None, "running"):
        runs = await visit.desk.runs.active(visit.workspace)
        facts["runs"] = [await _shown(visit, run, sites) for run in runs]
    if visit.block in (None, "waiting"):
        facts["waiting"] = await _waiting(visit, list(sites.values()))
    return facts


async def _shown(visit: Visit, run: Run, sites: dict[int, Site]) -> dict[str, Any]:
    hand = await visit.desk.insights.processing(visit.workspace, run.site_id, run.id)
    site = sites.get(run.site_id)
    return {
        "id": run.id,
        "site": site.name if site else "An archived site",
        "status": run.status,
        "stage": hand["stage"] if hand else run.current_stage,
        "stage_name": hand["stage_name"] if hand else "",
        "done": hand["processed"] if hand else 0,
        "total": hand["total"] if hand else None,
        "says": run.pause_reason or "between two stages",
        "started_at": run.started_at,
        "credits": run.total_credits_used,
    }


async def _waiting(visit: Visit, sites: list[Site]) -> list[dict[str, Any]]:
    found = []
    for site in sites:
        stages = await visit.desk.insights.pipeline(visit.workspace, site.id, "article")
        if pieces := stages[-1]["pending"]:
            found.append({"site": site.name, "slug": site.slug, "pieces": pieces})
    return found


ROUTES = (page("/", tonight),)
