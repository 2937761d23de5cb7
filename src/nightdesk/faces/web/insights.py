"""Insights: how what was published did, day by day, by platform and site; what did well, and what follows."""

from collections.abc import Iterable, Mapping
from math import exp, tanh
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.results import HOOKS, Asked, DayResult, Insight, Ranked, Standing
from nightdesk.desk.results.credibility import Believed
from nightdesk.desk.results.published import Count
from nightdesk.desk.rows import Site
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

SPANS = {7: "7 days", 28: "28 days", 90: "90 days"}
MOST_PIECES = 8
MOST_LEARNED = 5
MODES = (("auto", "By itself"), ("on", "On"), ("off", "Off"))
TOLD: tuple[tuple[Count, str, str], ...] = (
    ("views", "Views", "eye"),
    ("likes", "Likes", "star"),
    ("comments", "Comments", "message-2"),
    ("shares", "Shares", "send"),
)


async def show(visit: Visit) -> Response:
    return await visit.answer("insights.html", await insights_context(visit))


async def insights_context(visit: Visit) -> dict[str, Any]:
    results, workspace = visit.desk.results, visit.workspace
    sites = await visit.desk.sites.listed(workspace)
    site = next((one for one in sites if one.slug == visit.query.get("site")), None)
    if site is None and len(sites) == 1:
        site = sites[0]
    asked = visit.query.get("days", "")
    days = int(asked) if asked in {str(one) for one in SPANS} else 28
    zone = zone_of(visit.caller.timezone)
    insight = await results.analytics.look(workspace, Asked(days, site.id if site else None, zone))
    rule = await results.growth.show(workspace, site.id) if site else None
    titles = _titles(visit)
    return {
        "sites": sites,
        "site": site,
        "days": days,
        "spans": {one: (says, _address(one, site)) for one, says in SPANS.items()},
        "here": _address(days, site),
        "insight": insight,
        "tiles": _tiles(insight),
        "untold": [name for name, _, _ in TOLD if not _told(insight, name)],
        "drawn": _drawn(insight.days),
        "most": max((day.of("views") for day in insight.days), default=0),
        "by_platform": [(titles.get(name, name), sums) for name, sums in insight.by_platform().items()],
        "by_site": [(insight.sites[number], sums) for number, sums in insight.by_site().items()],
        "top": [one for one in insight.top(most=MOST_PIECES) if _reached(one)],
        "under": insight.under(most=MOST_PIECES),
        "platforms": titles,
        **(_growth(site, rule, titles) if site and rule else {"rule": None, "learned": []}),
    }


def _reached(one: Ranked) -> bool:
    """Whether it has any number above nought: only then did it reach somebody, as far as is told."""
    return any((one.views, one.likes, one.comments, one.shares))


def _titles(visit: Visit) -> dict[str, str]:
    """What the platforms are called."""
    return {kind.platform: kind.title for kind in visit.desk.accounts.kinds()}


def _growth(site: Site, rule: Standing, titles: Mapping[str, str]) -> dict[str, Any]:
    learned = rule.learned
    hours = {f"{titles.get(name, name)}, {hour:02}:00": one for (name, hour), one in learned.hours.items()}
    groups = (
        ("Beginnings", {HOOKS.get(name, name).capitalize(): one for name, one in learned.hooks.items()}),
        ("Forms", {name.capitalize(): one for name, one in learned.formats.items()}),
        ("Hours", hours),
        ("Topics", {one.title: one.believed for one in learned.subjects}),
    )
    return {
        "site": site,
        "rule": rule,
        "modes": MODES,
        "learned": [(title, _lines(group)) for title, group in groups if len(group) > 1],
    }


def _lines(group: Mapping[str, Believed]) -> list[dict[str, Any]]:
    """Those of which most is known to be better or worse, the best first."""
    found = sorted(group.items(), key=lambda one: (-abs(one[1].estimate), -one[1].count, one[0]))
    kept = sorted(found[:MOST_LEARNED], key=lambda one: -one[1].estimate)
    return [
        {
            "name": name,
            "pieces": one.count,
            "times": exp(one.mean),
            "estimate": exp(one.estimate),
            "leans": tanh(one.estimate),
            "believed": f"{one.weight:.0%}",
        }
        for name, one in kept
    ]


def _tiles(insight: Insight) -> list[tuple[str, str, int | None]]:
    """What was gained in the span; None where no platform told that number."""
    found = []
    for name, title, icon in TOLD:
        gained = sum(day.of(name) for day in insight.days)
        found.append((title, icon, gained if _told(insight, name) else None))
    return found


def _told(insight: Insight, name: Count) -> bool:
    return any(row.count(name) is not None for row in insight.rows)


def _drawn(days: Iterable[DayResult]) -> list[tuple[str, float, str]]:
    """Each day: its name, the views gained, and what went out on it where something did."""
    return [
        (f"{day.day.day} {day.day:%b}", day.of("views"), f"{day.published} went out" if day.published else "")
        for day in days
    ]


def _address(days: int, site: Site | None) -> str:
    asked = {"days": str(days) if days != 28 else "", "site": site.slug if site else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/insights?{query}" if query else "/insights"


async def refresh(visit: Visit) -> Response:
    """Has the platforms asked again."""
    slug = str((await visit.form()).get("site", ""))
    site = await visit.desk.sites.get(visit.workspace, slug) if slug else None
    asked = await visit.desk.results.analytics.refresh(visit.caller, site.id if site else None)
    if not asked:
        return visit.fragments(visit.toast("All of it was read within the last quarter of an hour."))
    pieces = "1 publication is" if asked == 1 else f"{asked:,} publications are"
    return visit.fragments(visit.toast(f"{pieces} read again. Look here again in a minute."))


async def switch(visit: Visit) -> Response:
    """Sets the growth rule of a site."""
    number = int(visit.path["number"])
    mode = str((await visit.form()).get("mode", ""))
    growth = visit.desk.results.growth
    await growth.switch(visit.caller, number, mode)
    site = next(one for one in await visit.desk.sites.listed(visit.workspace) if one.id == number)
    rule = await growth.show(visit.workspace, number)
    part = visit.part("insights.html", "growth", _growth(site, rule, _titles(visit)))
    return visit.fragments(part, visit.toast(rule.says))


ROUTES = (
    page("/insights", show),
    act("/insights/refresh", refresh),
    act("/insights/growth/{number:int}", switch),
)
