"""Auto mode of a site: what it does and why it waits, what it may spend, where it goes, what is trusted."""

from collections.abc import Collection, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.autopilot.rules import sentence
from nightdesk.desk.errors import Invalid
from nightdesk.desk.niches.best_hours import usual_on_workdays
from nightdesk.desk.rows import Site
from nightdesk.desk.site_facts import HIGHEST_FLOOR, LARGEST_BUDGET, MOST_A_DAY
from nightdesk.faces.web.auto_mode_words import HOLDS, KINDS, remedy, shares
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_undo import way_back
from nightdesk.faces.web.visit import Undo, Visit

USUAL_HOLD = 120
MOST_ENDED = 6
"""Pieces that were let through or stopped and are shown still."""


async def show(visit: Visit) -> Response:
    return await visit.answer("auto_mode.html", await context(visit, await site_of(visit)))


async def site_of(visit: Visit) -> Site:
    """The site that the address names. Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"])


async def context(visit: Visit, site: Site, *blocks: str) -> dict[str, Any]:
    """What the page shows, or the blocks of it that are asked for."""
    wanted = set(blocks) or {visit.block} & BLOCKS or BLOCKS
    standing = await visit.desk.auto_modes.standings.of(visit.workspace, site.id)
    facts: dict[str, Any] = {
        "site": standing.site,
        "standing": standing,
        "base": f"/sites/{site.slug}/auto",
        "titles": {one.platform: one.title for one in visit.desk.accounts.kinds()},
        "aside": frozenset[str](),
    }
    if "standing" in wanted:
        facts |= {
            "told": await visit.desk.niches.auto.told(visit.workspace, site.id),
            "remedy": remedy(standing),
        }
    if "pace" in wanted:
        facts |= await _pace(visit, standing.site)
    if "rules" in wanted:
        facts |= await _rules(visit, standing.site)
    if "held" in wanted:
        facts |= await _held(visit, standing.site)
    if "forecast" in wanted:
        forecast = await visit.desk.auto_modes.forecasts.of(visit.workspace, site.id)
        facts |= {"forecast": forecast, "shares": shares(forecast)}
    return facts


async def _pace(visit: Visit, site: Site) -> dict[str, Any]:
    """The hours with those that do well, and when the line runs by itself."""
    return {
        "config": await visit.desk.automation.config(visit.workspace, site.id, "article"),
        "good": usual_on_workdays(site.platforms),
        "most_a_day": MOST_A_DAY,
        "highest_floor": HIGHEST_FLOOR,
        "largest_budget": LARGEST_BUDGET,
    }


async def _rules(visit: Visit, site: Site) -> dict[str, Any]:
    """Those in force by their kind, the sentences that would be signed, and what was signed before."""
    rules = visit.desk.auto_modes.rules
    in_force = await rules.in_force(visit.workspace, site.id)
    numbers = {rule.id for rule in in_force.values()}
    every = await rules.listed(visit.workspace, site.id)
    return {
        "kinds": KINDS,
        "in_force": in_force,
        "earlier": [rule for rule in every if rule.id not in numbers],
        "holds": HOLDS,
        "usual_hold": USUAL_HOLD,
        "words": {kind: sentence(site, kind, USUAL_HOLD) for kind in KINDS},
    }


async def _held(visit: Visit, site: Site) -> dict[str, Any]:
    found = await visit.desk.auto_modes.holds.of_site(visit.workspace, site.id)
    waiting = [one for one in found if one.state == "waiting"]
    return {
        "waiting": sorted(waiting, key=lambda one: one.ends_at),
        "ended": [one for one in found if one.state != "waiting"][:MOST_ENDED],
    }


async def switch(visit: Visit) -> Response:
    """On or off, with its line's schedule."""
    site, on = await site_of(visit), (await visit.form()).get("on") == "1"
    auto = visit.desk.niches.auto
    toggled = await auto.toggle(visit.workspace, site.id, on, site.posts_a_day, visit.caller)
    undo = way_back(site, toggled.site)
    return await anew(visit, toggled.site, toggled.message, "standing", "pace", "forecast", undo=undo)


async def resume(visit: Visit) -> Response:
    site = await site_of(visit)
    await visit.desk.auto_modes.standings.resume(visit.caller, site.id)
    says = "It goes on, and is looked after within a minute. What holds still makes it wait again."
    return await anew(visit, site, says, "standing")


async def keep_pace(visit: Visit) -> Response:
    form, site = await visit.form(), await site_of(visit)
    changed = await _changed(visit, site, _read(form))
    undo, says = way_back(site, changed), "Pace, hours and budgets are kept."
    return await anew(visit, changed, says, "pace", "standing", "forecast", undo=undo)


def _read(form: FormData) -> dict[str, Any]:
    numbers = ("posts_a_day", "videos_a_day", "floor", "day_budget", "piece_budget")
    return {
        **{name: whole(name, str(form.get(name, "")) or "0") for name in numbers},
        "hours": [whole("hours", str(one)) for one in form.getlist("hours")],
    }


async def keep_accounts(visit: Visit) -> Response:
    site = await site_of(visit)
    numbers = [whole("accounts", str(one)) for one in (await visit.form()).getlist("accounts")]
    await visit.desk.auto_modes.standings.choose_accounts(visit.caller, site.id, numbers)
    says = f"Pieces of {site.name} are booked for {len(numbers)} account{'s' if len(numbers) != 1 else ''}."
    return await anew(visit, site, says, "accounts", "standing", "forecast")


async def keep_mode(visit: Visit) -> Response:
    site = await site_of(visit)
    facts: Mapping[str, Any] = {"generation_mode": str((await visit.form()).get("generation_mode", ""))}
    changed = await _changed(visit, site, facts)
    undo, says = way_back(site, changed), await visit.desk.niches.auto.told(visit.workspace, site.id)
    return await anew(visit, changed, says, "rules", "standing", undo=undo)


async def _changed(visit: Visit, site: Site, facts: Mapping[str, Any]) -> Site:
    return (await visit.desk.niches.shelf.change(visit.workspace, site.id, facts, by=visit.caller)).site


async def anew(visit: Visit, site: Site, says: str, *blocks: str, undo: Undo | None = None) -> Response:
    """A toast, and the blocks as they are now; the first is the one that was acted on."""
    facts = await context(visit, site, *blocks)
    return visit.fragments(*_parts(visit, facts, blocks), visit.toast(says, undo=undo))


def _parts(visit: Visit, facts: Mapping[str, Any], blocks: Collection[str]) -> list[str]:
    first = next(iter(blocks))
    return [visit.part("auto_mode.html", one, {**facts, "aside": set(blocks) - {first}}) for one in blocks]


def whole(field: str, typed: str) -> int:
    """A number as it was typed. Raises `Invalid`."""
    typed = typed.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise Invalid(field, "Write a whole number.")
    return int(typed)


BLOCKS = frozenset({"standing", "held", "forecast", "rules", "pace", "accounts"})
_AT = "/sites/{slug}/auto"
ROUTES = (
    page(_AT, show),
    act(f"{_AT}/switch", switch),
    act(f"{_AT}/resume", resume),
    act(f"{_AT}/pace", keep_pace),
    act(f"{_AT}/accounts", keep_accounts),
    act(f"{_AT}/mode", keep_mode),
)
