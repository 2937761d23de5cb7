"""Tonight: what runs, what waits for a person, what failed and what helps, what it cost and what is next."""

from datetime import date
from typing import Any

from starlette.responses import Response

from nightdesk.desk.accounts import AccountShown
from nightdesk.desk.autopilot import Passage
from nightdesk.desk.overview import RunSeen
from nightdesk.desk.rows import Site
from nightdesk.desk.spending import DaySpent, Span
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.auto_mode_words import remedy
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.run_list import run_id
from nightdesk.faces.web.run_words import doing, why_paused
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

MOST_HELD, MOST_OUT = 5, 6
MOST_DAYS = 7
"""Before its log-in ends an account stands on this page for so many days."""


async def tonight(visit: Visit) -> Response:
    return await visit.answer("tonight.html", await tonight_context(visit))


async def tonight_context(visit: Visit) -> dict[str, Any]:
    """What the page shows, or the part that is asked for: as many questions for many sites as for one."""
    facts: dict[str, Any] = {}
    if visit.block in (None, "tonight"):
        facts |= await _going_on(visit)
    if visit.block in (None, "cost"):
        facts |= await _spent(visit)
    if visit.block in (None, "planned"):
        facts["next_runs"] = await visit.desk.overview.next_runs(visit.workspace)
        facts["next_out"] = await visit.desk.publishing.calendar.next_out(visit.workspace, MOST_OUT)
    return facts


async def _going_on(visit: Visit) -> dict[str, Any]:
    overview, workspace = visit.desk.overview, visit.workspace
    running = await overview.active(workspace, "running")
    paused = await overview.active(workspace, "paused")
    held, all_held = await visit.desk.publishing.calendar.held(workspace, MOST_HELD)
    refused, all_refused = await visit.desk.publishing.calendar.refused(workspace, MOST_HELD)
    return {
        "any_site": running.total or paused.total or await overview.has_sites(workspace),
        "running": [_shown(one) for one in running.shown],
        "more_running": running.total - len(running.shown),
        "paused": [_shown(one) for one in paused.shown],
        "more_paused": paused.total - len(paused.shown),
        "held": held,
        "more_held": all_held - len(held),
        "refused": refused,
        "more_refused": all_refused - len(refused),
        "waits": [
            {"standing": one, "remedy": remedy(one)}
            for one in await visit.desk.auto_modes.standings.waiting(workspace)
        ],
        "passing": await _passing(visit),
        "stopped": await visit.desk.publishing.stopped(workspace),
        "accounts": await _accounts(visit),
        "parked": await overview.parked(workspace),
        "wrong": [check for check in await visit.desk.health.ready() if not check.ok],
        "review": await overview.review(workspace),
    }


async def _passing(visit: Visit) -> list[tuple[Passage, Site]]:
    """What rules are about to let through and can still be stopped."""
    found = await visit.desk.auto_modes.holds.waiting(visit.workspace)
    sites = {site.id: site for site in await visit.desk.sites.listed(visit.workspace)} if found else {}
    return [(one, sites[one.site_id]) for one in found if one.site_id in sites]


async def _accounts(visit: Visit) -> list[tuple[AccountShown, dict[str, Any]]]:
    """Those that can take nothing any more, or whose log-in ends within days, and what to do."""
    now = visit.desk.health.clock.now()
    kinds = visit.desk.accounts.kinds()
    found = [
        (one, publication_words.standing(one, now, consents=publication_words.by_consent(one, kinds)))
        for one in await visit.desk.accounts.listed(visit.workspace)
        if not one.paused
    ]
    return [(one, stands) for one, stands in found if _needs_somebody(one) or _soon(stands)]


def _needs_somebody(account: AccountShown) -> bool:
    """Whether nothing goes out there before a person has done something; one that no site uses can wait."""
    return account.status == "expired" or (account.status == "missing_config" and bool(account.sites))


def _soon(stands: dict[str, Any]) -> bool:
    return stands["days"] is not None and stands["days"] < MOST_DAYS


def _shown(one: RunSeen) -> dict[str, Any]:
    return {
        "run": one.run,
        "site": one.site,
        "stage": one.stage,
        "stage_name": one.stage_name,
        "done": one.done,
        "total": one.total,
        "doing": doing(one.run, None) if one.run.asked else "",
        "why": why_paused(one.run),
    }


async def _spent(visit: Visit) -> dict[str, Any]:
    """Today's and this month's, by the person's own days."""
    today = visit.desk.health.clock.now().astimezone(zone_of(visit.caller.timezone)).date()
    span = Span.month(today, zone_of(visit.caller.timezone))
    days = await visit.desk.costs.by_day(visit.workspace, span)
    return {
        "today": next(day for day in days if day.day == today),
        "month_credits": sum(day.credits for day in days),
        "month_usd": sum(day.usd for day in days),
        "days": _upto(days, today),
        "balances": await visit.desk.credits.balances(visit.workspace),
    }


def _upto(days: list[DaySpent], today: date) -> list[tuple[str, float]]:
    """Every day of the month for the drawing; those to come are empty places."""
    return [(f"{day.day:%-d %b}", float(day.credits if day.day <= today else 0)) for day in days]


async def resume(visit: Visit) -> Response:
    """Has a paused run go on."""
    run = await visit.desk.runs.resume(visit.workspace, run_id(visit.path["run"]))
    says = "The run goes on from where it stopped."
    if run.status == "paused":
        says = f"The run is paused again: {run.error_message or 'what stopped it has not changed'}"
    return await _anew(visit, visit.toast(says, kind="success" if run.status != "paused" else "danger"))


async def resume_auto_mode(visit: Visit) -> Response:
    """Has a site's auto mode go on."""
    standing = await visit.desk.auto_modes.standings.resume(visit.caller, visit.path["slug"])
    says = f"Auto mode of {standing.site.name} goes on. What holds still makes it wait again."
    return await _anew(visit, visit.toast(says))


async def stop(visit: Visit) -> Response:
    """Stops a piece that a rule is about to let through."""
    await visit.desk.auto_modes.holds.stop(visit.caller, int(visit.path["number"]))
    says = "It does not go out by itself. It waits at the gate for a person."
    return await _anew(visit, visit.toast(says))


async def retry(visit: Visit) -> Response:
    """Takes all parked items of a site out of parking."""
    site = await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    items = await visit.desk.overview.try_parked_again(visit.workspace, site.id)
    says = f"{items:,} of {site.name} wait to be tried again; the next run takes them up."
    return await _anew(visit, visit.toast(says if items else "Nothing of it is set aside any more."))


async def _anew(visit: Visit, toast: str) -> Response:
    return visit.fragments(visit.part("tonight.html", "tonight", await _going_on(visit)), toast)


ROUTES = (
    page("/", tonight),
    act("/tonight/runs/{run}/resume", resume),
    act("/tonight/sites/{slug}/retry", retry),
    act("/tonight/sites/{slug}/auto", resume_auto_mode),
    act("/tonight/held/{number:int}/stop", stop),
)
