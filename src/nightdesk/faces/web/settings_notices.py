"""Settings, notices: where word of what happens is sent, and what came of the last ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.notices import KINDS, NoticeShown, TargetShown, Wish
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit
from nightdesk.faces.web.zones import zones

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
SAYS = {
    "run_finished": "With what it made and what it cost.",
    "run_stopped": "With what stands in its way.",
    "review": "Once for a run, not once for a piece.",
    "held": "It may be out, or was not taken; with the page on which that is settled.",
    "account": "A week and two days before its log-in ends, and at once when nothing can go out there.",
    "auto_mode": "Once for each reason, with what it waits for and when it goes on.",
    "budget": "When a run or a site's auto mode stops because of it.",
    "credits_low": "Once, when fewer are left than you say below.",
    "summary": "What ran, was finished and went out, what waits and what it cost.",
}
OUTCOMES = {"sent": "Sent", "queued": "On its way", "given_up": "Given up"}


async def show(visit: Visit) -> Response:
    return await visit.answer("settings_notices.html", await notices_context(visit))


async def notices_context(visit: Visit) -> dict[str, Any]:
    targets = await visit.desk.notices.targets(visit.workspace)
    recent = await visit.desk.notices.recent(visit.workspace)
    return {
        "tabs": tabs(visit),
        "sites": [],
        "site": None,
        "targets": [_target(target) for target in targets],
        "recent": [_notice(one) for one in recent],
        "new": Wish(
            ["run_stopped", "review", "held", "account", "auto_mode"], timezone=visit.caller.timezone
        ),
        **_offered(),
    }


def _offered() -> dict[str, Any]:
    return {"kinds": KINDS, "kind_says": SAYS, "hours": HOURS, "zones": zones()}


def _target(target: TargetShown) -> dict[str, Any]:
    wish = target.wish
    wants = [KINDS[kind] for kind in wish.wants if kind not in ("summary", "credits_low")]
    if "credits_low" in wish.wants:
        wants.append(f"Fewer than {wish.credits_below:,} credits are left")
    if "summary" in wish.wants:
        wants.append(f"A summary at {wish.hour:02}:00, {wish.timezone}")
    return {"row": target, "wants": wants}


def _notice(one: NoticeShown) -> dict[str, Any]:
    outcome = "Trying again" if one.next_try else OUTCOMES[one.status]
    badge = "failed" if one.status == "given_up" else "partial" if one.next_try else one.status
    told = {"named": one.title, "to": one.target, "next_try": one.next_try}
    return {"row": one, "outcome": outcome, "badge": "done" if badge == "sent" else badge, **told}


async def add(visit: Visit) -> Response:
    """Adds an address, which nobody can read again."""
    form = await visit.form()
    with _of_form("new"):
        added = await visit.desk.notices.add(visit.caller, str(form.get("address", "")), _wish(form))
    return await _answer(visit, f"{added.service} is added. Send a test to see that it arrives.")


async def change(visit: Visit) -> Response:
    form, number = await visit.form(), int(visit.path["number"])
    with _of_form(str(number)):
        changed = await visit.desk.notices.change(visit.caller, number, _wish(form))
    return await _answer(visit, f"{changed.service} hears from now on what you chose.")


async def remove(visit: Visit) -> Response:
    await visit.desk.notices.remove(visit.caller, int(visit.path["number"]))
    return await _answer(visit, "The address is forgotten. Nothing is sent there any more.")


async def test(visit: Visit) -> Response:
    """Really sends, and shows what came of it."""
    number = int(visit.path["number"])
    answer = await visit.desk.notices.test(visit.caller, number)
    facts = await notices_context(visit) | {"tried": answer, "number": number}
    return visit.fragments(
        visit.part("settings_notices.html", "tried", facts),
        visit.part("settings_notices.html", "recent", facts | {"aside": True}),
    )


async def _answer(visit: Visit, says: str) -> Response:
    facts = await notices_context(visit)
    return visit.fragments(visit.part("settings_notices.html", "notices", facts), visit.toast(says))


@contextmanager
def _of_form(name: str) -> Iterator[None]:
    """Names the fields that are at fault as that form calls them: several stand on the page."""
    try:
        yield
    except Invalid as error:
        field = error.field if error.field == "address" else f"{error.field}-{name}"
        raise Invalid(field, str(error)) from error


def _wish(form: FormData) -> Wish:
    """Raises `Invalid`."""
    return Wish(
        [str(kind) for kind in form.getlist("wants")],
        _number(form, "credits_below", "Give a number of credits, 1 or more."),
        _number(form, "hour", "An hour is from 0 to 23."),
        str(form.get("timezone", "UTC")),
    )


def _number(form: FormData, name: str, says: str) -> int:
    """Raises `Invalid`."""
    given = str(form.get(name, "")).strip()
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise Invalid(name, says)
    return int(given)


ROUTES = (
    page("/settings/notices", show, needs="owner"),
    act("/settings/notices", add, needs="owner"),
    act("/settings/notices/{number:int}", change, needs="owner"),
    act("/settings/notices/{number:int}/remove", remove, needs="owner"),
    act("/settings/notices/{number:int}/test", test, needs="owner"),
)
