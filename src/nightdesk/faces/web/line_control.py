"""What a person does to a line: starts, pauses, resumes, cancels its run, has parked items tried again."""

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.rows import Run, Site
from nightdesk.desk.runs import with_margin
from nightdesk.faces.web.line import line_context, line_of, places, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.run_list import items_of, run_id
from nightdesk.faces.web.run_words import waits_again
from nightdesk.faces.web.visit import Visit

SAYS = {
    "pause": "The run pauses as soon as what is in hand is finished. Everything made is kept.",
    "resume": "The run goes on from where it stopped.",
    "cancel": "The run ends as soon as what is in hand is finished. Everything made is kept.",
    "cancel-now": "The run was cancelled. What was finished is kept; what was in hand waits again.",
}


async def ask_to_run(visit: Visit) -> Response:
    """The dialog with what a run started now would take."""
    site, line = await site_of(visit), line_of(visit)
    estimate = await visit.desk.insights.estimate(visit.workspace, site.id, line)
    facts = places(site, line) | {
        "estimate": estimate,
        "needed": with_margin(estimate["estimated_credits"]),
        "left": estimate["current_balance"] - estimate["estimated_credits"],
        "anything": any(stage["pending"] for stage in estimate["stages"][:-1]),
    }
    return await visit.answer("line_run.html", facts, block="run_dialog")


async def run_now(visit: Visit) -> Response:
    site, line = await site_of(visit), line_of(visit)
    await visit.desk.runs.run_now(visit.workspace, site.id, line)
    return await _line(visit, site, line, "The run has begun.")


async def steer(visit: Visit) -> Response:
    """Pauses, resumes or cancels a run of the site."""
    site = await site_of(visit)
    says = await steered(visit, site.id)
    run = await visit.desk.runs.get(visit.workspace, run_id(visit.path["run"]))
    return await _line(visit, site, run.line, says)


async def steered(visit: Visit, site_id: int | None = None) -> str:
    """Does to the run what the address says; tells what that means. Raises `NotFound`, `Conflict`."""
    runs, what = visit.desk.runs, str(visit.path["what"])
    if what not in SAYS:
        raise NotFound("page")
    number = run_id(visit.path["run"])
    run: Run
    if what == "pause":
        run = await runs.pause(visit.workspace, number, site_id)
    elif what == "resume":
        run = await runs.resume(visit.workspace, number, site_id)
    else:
        run = await runs.cancel(visit.workspace, number, site_id, now=what == "cancel-now")
    if what in ("pause", "cancel") and run.asked is None:
        return "The run is paused. Everything made is kept." if what == "pause" else SAYS["cancel-now"]
    return SAYS[what]


async def ask_parked(visit: Visit) -> Response:
    """The dialog with the items that are parked at a stage."""
    site = await site_of(visit)
    return await visit.answer("line_parked.html", await _parked(visit, site), block="parked_dialog")


async def retry(visit: Visit) -> Response:
    site, number = await site_of(visit), _stage(visit)
    items, kind = items_of(await visit.form())
    line = line_of(visit)
    count = await visit.desk.runs.try_parked_again(visit.workspace, site.id, line, number, items, kind)
    says = f"{waits_again(count)} A run that comes to that stage takes up what waits there."
    return visit.fragments(
        visit.part("line_parked.html", "parked_dialog", await _parked(visit, site)), visit.toast(says)
    )


async def _parked(visit: Visit, site: Site) -> dict[str, object]:
    number, line = _stage(visit), line_of(visit)
    found = await visit.desk.runs.parked(visit.workspace, site.id, line, number)
    return places(site, line) | {"number": number, "parked": found}


async def _line(visit: Visit, site: Site, line: str, says: str) -> Response:
    facts = await line_context(visit, site, line, "line")
    return visit.fragments(visit.part("line.html", "line", facts), visit.toast(says))


def _stage(visit: Visit) -> int:
    return int(visit.path["number"])


ROUTES = (
    page("/sites/{slug}/run", ask_to_run, needs="editor"),
    act("/sites/{slug}/run", run_now),
    act("/sites/{slug}/runs/{run}/{what}", steer),
    page("/sites/{slug}/parked/{number:int}", ask_parked),
    act("/sites/{slug}/parked/{number:int}/retry", retry),
)
