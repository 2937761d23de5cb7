"""The calendar: publications by day and slot in a zone, moved by hand or by a form, and what a day lacks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.publishing import Slot, Span
from nightdesk.desk.publishing.asking import MOST_ACCOUNTS
from nightdesk.desk.publishing.calendar import MOST_SLOTS
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.publication import moved
from nightdesk.faces.web.publishing_answers import around
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.slot_times import read_day, read_slot
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

MOST_HELD = 5
DAYS = {"week": 7, "day": 1}


async def show(visit: Visit) -> Response:
    return await visit.answer("calendar.html", await calendar_context(visit))


async def calendar_context(visit: Visit) -> dict[str, Any]:
    desk, frame = visit.desk, await around(visit)
    site = next((one for one in frame["sites"].values() if one.slug == visit.query.get("site")), None)
    zones = _zones(visit, frame["sites"])
    zone_name = visit.query.get("zone", "")
    if zone_name not in zones:
        zone_name = site.timezone if site else visit.caller.timezone
    zone = zone_of(zone_name)
    view = "day" if visit.query.get("view") == "day" else "week"
    now = desk.health.clock.now()
    today = now.astimezone(zone).date()
    chosen = read_day(visit.query.get("day", ""), today)
    first = chosen if view == "day" else chosen - timedelta(days=chosen.weekday())
    plan = await desk.publishing.calendar.plan(
        visit.workspace, Span(first, DAYS[view], zone), site.id if site else None
    )
    held, all_held = await desk.publishing.calendar.held(visit.workspace, MOST_HELD)
    accounts = await desk.accounts.listed(visit.workspace)
    kept = {
        "site": site.slug if site else "",
        "zone": visit.query.get("zone", "") if zone_name == visit.query.get("zone") else "",
    }
    return frame | {
        "view": view,
        "site": site,
        "zone_name": zone_name,
        "zones": zones,
        "zone": zone,
        "today": today,
        "chosen": chosen,
        "days": plan,
        "hours": _hours(plan, zone) if view == "day" else [],
        "waits": [
            one
            for one in await desk.auto_modes.standings.waiting(visit.workspace)
            if site is None or one.site.id == site.id
        ],
        "held": held,
        "all_held": all_held,
        "cut": MOST_SLOTS if sum(len(day.slots) for day in plan) >= MOST_SLOTS else 0,
        "any": any(day.slots for day in plan),
        "accounts": accounts,
        "keeps": {one.id: publication_words.keeps_back(one) for one in accounts},
        "states": publication_words.STATES,
        "heading": _heading(first, DAYS[view]),
        "here": _address(view, chosen, kept),
        "before": _address(view, first - timedelta(days=DAYS[view]), kept),
        "after": _address(view, first + timedelta(days=DAYS[view]), kept),
        "now_at": _address(view, today, kept),
        "as_week": _address("week", chosen, kept),
        "as_day": _address("day", chosen, kept),
        "day_at": lambda day: _address("day", day, kept),
        "movable": ("queued",),
        "together": together,
    }


def together(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Those of one piece that stand alike at the same minute belong on one card, where the first stands."""
    found: dict[Any, list[Slot]] = {}
    for slot in slots:
        row = slot.publication
        piece = (row.content_id, row.video_id)
        alike = (piece, slot.at.replace(second=0, microsecond=0), row.state) if any(piece) else row.id
        found.setdefault(alike, []).append(slot)
    return list(found.values())


async def move(visit: Visit) -> Response:
    """Moves publications to a day, and there to an hour where one is given, in the zone that is shown."""
    form = await visit.form()
    name, moves = str(form.get("zone", "")), []
    for number in _numbers(str(form.get("number", ""))):
        row = (await visit.desk.publishing.stories.show(visit.workspace, number)).publication
        moves.append((row.id, _there(visit, row, form, zone_of(name))))
    return await moved(visit, moves, name)


def _numbers(typed: str) -> list[int]:
    """One, or those of a card with commas between. Raises `Invalid`."""
    numbers = typed.split(",")
    if len(numbers) > MOST_ACCOUNTS or not all(
        one.isascii() and one.isdecimal() and len(one) < 19 for one in numbers
    ):
        raise Invalid("number", "Choose what is to be moved.")
    return [int(one) for one in numbers]


def _there(visit: Visit, row: Any, form: FormData, zone: ZoneInfo) -> datetime:
    """Raises `Invalid` for a moment that is past, or that there is not."""
    there = row.planned_at.astimezone(zone)
    hour = str(form.get("hour", ""))
    clock = f"{hour:0>2}:{there:%M}" if hour.isascii() and hour.isdecimal() else f"{there:%H:%M}"
    at = read_slot(f"{form.get('day', '')}T{clock}", zone)
    if at <= visit.desk.health.clock.now():
        raise Invalid("at", f"{at:%H:%M} on that day is past, so “{row.title}” stays where it was.")
    return at


def _zones(visit: Visit, sites: dict[int, Any]) -> list[str]:
    """That of the person, of the sites, and UTC."""
    return list(
        dict.fromkeys([visit.caller.timezone, *sorted(site.timezone for site in sites.values()), "UTC"])
    )


def _hours(plan: Any, zone: ZoneInfo) -> list[tuple[int, list[Any]]]:
    """The slots of one day by their hour; the hours between 7 and 22 always, others where something is."""
    by_hour: dict[int, list[Any]] = {hour: [] for hour in range(24)}
    for slot in plan[0].slots:
        by_hour[slot.at.astimezone(zone).hour].append(slot)
    return [(hour, slots) for hour, slots in by_hour.items() if slots or 7 <= hour <= 22]


def _heading(first: date, days: int) -> str:
    if days == 1:
        return f"{first:%A} {first.day} {first:%B %Y}"
    last = first + timedelta(days=days - 1)
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begin} – {last.day} {last:%B %Y}"


def _address(view: str, day: date, kept: dict[str, str]) -> str:
    given = {"view": view if view == "day" else "", "day": day.isoformat(), **kept}
    return f"/calendar?{urlencode({name: value for name, value in given.items() if value})}"


ROUTES = (page("/calendar", show), act("/calendar/move", move))
