"""A run's whole story: its stages with what they came to, what it made, asked, parked, and its log."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.rows import Run, Site
from nightdesk.desk.run_story import Story
from nightdesk.faces.web.line_control import steered
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.run_list import items_of, lasted, one_of, run_id
from nightdesk.faces.web.run_log import log_context
from nightdesk.faces.web.run_words import doing, made, waits_again, why_paused
from nightdesk.faces.web.visit import Visit

A_PAGE = 20
BLOCKS = ("story", "batches", "log")


async def show(visit: Visit) -> Response:
    return await visit.answer("run.html", await run_context(visit, run_id(visit.path["run"])))


async def run_context(visit: Visit, number: UUID, block: str | None = None) -> dict[str, Any]:
    """What the page shows, or the one block of it that is asked for."""
    wanted = one_of(BLOCKS, block or visit.block)
    run = await visit.desk.runs.get(visit.workspace, number)
    facts: dict[str, Any] = {"run": run, "base": f"/runs/{number}", "site": await _site(visit, run)}
    if wanted in (None, "story"):
        facts |= await _story(visit, await visit.desk.runs.story(visit.workspace, number))
    if wanted in (None, "batches"):
        facts |= await _batches(visit, number)
    if wanted in (None, "log"):
        facts["log"] = await log_context(visit, run, facts["base"])
    return facts


async def _site(visit: Visit, run: Run) -> Site | None:
    """The run's site; None for an archived one."""
    try:
        return await visit.desk.sites.get(visit.workspace, run.site_id)
    except NotFound:
        return None


async def _story(visit: Visit, story: Story) -> dict[str, Any]:
    run = story.run
    hand = None
    if run.status == "running":
        hand = await visit.desk.insights.processing(visit.workspace, run.site_id, run.id)
    stages = [
        {
            "number": number,
            "name": name,
            "kind": kind,
            "made": made(run.results.get(str(number), {})),
            "result": run.results.get(str(number)),
            "standing": _standing(run, number, hand["stage"] if hand else run.current_stage),
        }
        for number, name, kind in story.stages
    ]
    return {
        "story": story,
        "stages": stages,
        "hand": hand,
        "doing": doing(run, hand),
        "why": why_paused(run),
        "seconds": lasted(run, visit.desk.health.clock.now()),
        "parked_total": sum(one.total for one in story.parked),
        "steer_at": "/runs",
        "steer_target": "#story",
    }


def _standing(run: Run, number: int, at: int) -> str:
    result = run.results.get(str(number))
    if number == at and run.status in ("running", "paused"):
        return run.status
    if result is None:
        return "waiting" if run.status in ("running", "paused") else "not reached"
    if result.get("skipped"):
        return "skipped"
    return "partial" if result.get("partial") else "done"


async def _batches(visit: Visit, number: UUID) -> dict[str, Any]:
    after = visit.query.get("after", "")
    before = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    batches, following = await visit.desk.runs.batches(visit.workspace, number, limit=A_PAGE, before=before)
    return {"batches": batches, "following": following, "later": before is not None}


async def steer(visit: Visit) -> Response:
    """Pauses, resumes or cancels it."""
    says = await steered(visit)
    facts = await run_context(visit, run_id(visit.path["run"]), "story")
    return visit.fragments(visit.part("run.html", "story", facts), visit.toast(says))


async def retry(visit: Visit) -> Response:
    """Takes what the run parked at a stage, one item or all, out of parking."""
    number = run_id(visit.path["run"])
    items, kind = items_of(await visit.form())
    count = await visit.desk.runs.try_run_again(
        visit.workspace, number, int(visit.path["stage"]), items, kind
    )
    says = f"{waits_again(count)} A run that comes to that stage takes up what waits there."
    facts = await run_context(visit, number, "story")
    return visit.fragments(visit.part("run.html", "story", facts), visit.toast(says))


ROUTES = (
    page("/runs/{run}", show),
    act("/runs/{run}/stages/{stage:int}/retry", retry),
    act("/runs/{run}/{what}", steer),
)
