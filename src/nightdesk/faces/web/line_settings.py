"""When a line runs and in which batches: its config as a form, checked field by field while one types."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, QueryParams
from starlette.responses import Response

from nightdesk.desk.automation import Looked
from nightdesk.desk.rows import Site
from nightdesk.faces.web.line import line_context, line_of, places, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

FREQUENCIES = (("daily", "Every day"), ("weekly", "Once a week"), ("monthly", "Once a month"))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DELAYS = ("within_stage_delay", "between_stage_delay")


async def show(visit: Visit) -> Response:
    site, line = await site_of(visit), line_of(visit)
    config = await visit.desk.automation.config(visit.workspace, site.id, line)
    looked = await visit.desk.automation.look_at(visit.workspace, site.id, line, {})
    return await visit.answer(
        "line_settings.html", await _context(visit, site, line, config, looked), block="settings_dialog"
    )


async def check(visit: Visit) -> Response:
    """The message of every field as it is typed, and when the line would run."""
    site, line = await site_of(visit), line_of(visit)
    config = await visit.desk.automation.config(visit.workspace, site.id, line)
    given = facts_of(visit.request.query_params, config)
    looked = await visit.desk.automation.look_at(visit.workspace, site.id, line, given)
    facts = await _context(visit, site, line, config | given, looked)
    upcoming = visit.part("line_settings.html", "upcoming", facts)
    return visit.fragments(upcoming, _messages(visit, facts))


async def save(visit: Visit) -> Response:
    site, line = await site_of(visit), line_of(visit)
    automation = visit.desk.automation
    config = await automation.config(visit.workspace, site.id, line)
    given = facts_of(await visit.form(), config)
    looked = await automation.look_at(visit.workspace, site.id, line, given)
    if looked.wrong:
        messages = _messages(visit, await _context(visit, site, line, config | given, looked))
        return visit.fragments(messages, status=422)
    await automation.change(visit.workspace, site.id, line, given)
    says = "Saved." if given["is_enabled"] else "Saved. The line runs only when somebody starts it."
    if given["is_enabled"] and looked.upcoming:
        first = looked.upcoming[0].astimezone(zone_of(site.timezone))
        says = f"Saved. The next run begins on {first:%A} {first.day} {first:%B at %H:%M} ({site.timezone})."
    facts = await line_context(visit, site, line, "line")
    return visit.fragments(visit.part("line.html", "line", facts), visit.toast(says))


def facts_of(form: FormData | QueryParams, config: Mapping[str, Any]) -> dict[str, Any]:
    """The config's fields as the form gives them; what is no number stays as it was typed, to be refused."""
    given: dict[str, Any] = {"is_enabled": "is_enabled" in form}
    for name in ("frequency", "scheduled_time"):
        given[name] = str(form.get(name, ""))
    day = {"weekly": "weekday", "monthly": "monthday"}.get(given["frequency"])
    if day is not None:
        given["anchor_day"] = _number(form.get(day, ""))
    for name in (*DELAYS, *(name for name in config if name.endswith("_batch_size"))):
        given[name] = _number(form.get(name, ""))
    return given


def _number(typed: Any) -> int | str:
    text = str(typed).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


async def _context(
    visit: Visit, site: Site, line: str, config: Mapping[str, Any], looked: Looked
) -> dict[str, Any]:
    stages = await visit.desk.insights.pipeline(visit.workspace, site.id, line)
    sizes = [
        (name, stage["name"], config[name])
        for stage in stages
        if (name := f"stage_{stage['number']}_batch_size") in config
    ]
    fields = ["frequency", "scheduled_time", "anchor_day", *DELAYS, *(name for name, _, _ in sizes)]
    return places(site, line) | {
        "config": config,
        "sizes": sizes,
        "fields": fields,
        "wrong": looked.wrong,
        "site_zone": zone_of(site.timezone),
        "upcoming": looked.upcoming,
        "frequencies": FREQUENCIES,
        "weekdays": list(enumerate(WEEKDAYS, start=1)),
    }


def _messages(visit: Visit, facts: Mapping[str, Any]) -> str:
    return visit.part("parts/line_messages.html", "messages", facts)


ROUTES = (
    page("/sites/{slug}/automation", show),
    page("/sites/{slug}/automation/check", check),
    act("/sites/{slug}/automation", save),
)
