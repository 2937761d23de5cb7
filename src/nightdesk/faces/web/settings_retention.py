"""Settings, retention: how long each kind of thing is kept, how much there is of it, and what would go."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.retention import KindShown
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit

ICONS = {
    "log": "list-details",
    "details": "history",
    "revisions": "file-text",
    "archived": "world",
    "notices": "bell",
    "audit": "users",
    "topics": "bulb",
}


async def show(visit: Visit) -> Response:
    found = await visit.desk.retention.shown(visit.workspace)
    facts = {"tabs": tabs(visit), "sites": [], "site": None, "kinds": [_told(one) for one in found]}
    return await visit.answer("settings_retention.html", facts)


def _told(one: KindShown) -> dict[str, Any]:
    return {
        "what": one.kind.what,
        "title": one.kind.title,
        "says": one.kind.says,
        "icon": ICONS[one.kind.what],
        "days": one.days,
        "kept": "for ever" if one.days is None else _days(one.days),
        "choices": [(days, _days(days)) for days in one.choices],
        "usual": one.kind.usual,
    } | _amount(one)


def _amount(one: KindShown) -> dict[str, Any]:
    return {
        "what": one.kind.what,
        "there": one.kind.counted(one.there),
        "goes": one.over > 0,
        "over": _over(one),
    }


def _over(one: KindShown) -> str:
    """`1,204 log lines older than 90 days go with the next sweep.`"""
    if one.days is None:
        return "Nothing goes."
    if not one.over:
        return f"Nothing is older than {_days(one.days)}."
    verb = "goes" if one.over == 1 else "go"
    does = "are summed up" if one.kind.what == "details" else verb
    return f"{one.kind.counted(one.over)} older than {_days(one.days)} {does} within minutes."


def _days(days: int) -> str:
    if days % 365 == 0:
        return "a year" if days == 365 else f"{days // 365} years"
    return "1 day" if days == 1 else f"{days} days"


async def would(visit: Visit) -> Response:
    """What would go with the days that are picked; nothing is kept by asking."""
    asked = visit.query.get("days", "")
    one = await visit.desk.retention.would(visit.workspace, str(visit.path["what"]), asked)
    return visit.fragments(visit.part("settings_retention.html", "amount", {"amount": _amount(one)}))


async def keep(visit: Visit) -> Response:
    days = str((await visit.form()).get("days", ""))
    one = await visit.desk.retention.keep(visit.caller, str(visit.path["what"]), days)
    kept = "for ever" if one.days is None else f"for {_days(one.days)}"
    toast = visit.toast(f"{one.kind.title}: kept {kept}.")
    return visit.fragments(visit.part("settings_retention.html", "kind", {"one": _told(one)}), toast)


ROUTES = (
    page("/settings/retention", show, needs="owner"),
    page("/settings/retention/{what}", would, needs="owner"),
    act("/settings/retention/{what}", keep, needs="owner"),
)
