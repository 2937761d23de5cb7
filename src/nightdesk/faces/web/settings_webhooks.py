"""Settings, webhooks: programs that hear of events, and hooks by which programs set work going."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.webhooks import EVENTS, DeliveryShown, Does, HookShown, Line, TargetShown
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit

PATH = "/settings/webhooks"
HOOKS = "api/v1/hooks/"
OUTCOMES = {"sent": "Taken", "queued": "On its way", "given_up": "Given up"}
DOES = [("topic", "Adds a topic"), ("run", "Starts the line")]
LINES = [("article", "Articles"), ("video", "Videos")]


async def show(visit: Visit) -> Response:
    return await visit.answer("settings_webhooks.html", await context(visit))


async def context(visit: Visit) -> dict[str, Any]:
    """What the page and its fragments show."""
    hooks = await visit.desk.webhooks.hooks.listed(visit.workspace)
    sites = await visit.desk.sites.listed(visit.workspace)
    named = {site.id: site.name for site in sites}
    targets = await visit.desk.webhooks.targets.listed(visit.workspace)
    recent = await visit.desk.webhooks.targets.deliveries(visit.workspace)
    return {
        "tabs": tabs(visit),
        "sites": [],
        "site": None,
        "targets": [_target(one) for one in targets],
        "recent": [_delivery(one) for one in recent],
        "events": EVENTS,
        "hooks": [_hook(visit, one, named) for one in hooks],
        "hook_sites": [(site.id, site.name) for site in sites],
        "does": DOES,
        "lines": LINES,
        "shown": None,
    }


def _target(one: TargetShown) -> dict[str, Any]:
    badge = (
        ("paused", "Paused")
        if one.paused_at
        else ("failed", "Trying again")
        if one.failures
        else ("ready", "On")
    )
    return {"row": one, "badge": badge, "wants": [EVENTS.get(name, name) for name in one.wants]}


def _delivery(one: DeliveryShown) -> dict[str, Any]:
    waits = one.status == "queued" and one.tries > 0
    outcome = "Trying again" if waits else OUTCOMES[one.status]
    badge = "partial" if waits else {"sent": "done", "given_up": "failed"}.get(one.status, "queued")
    told = {"named": EVENTS.get(one.event, "A test"), "to": one.host, "next_try": None}
    return {"row": one, "outcome": outcome, "badge": badge, **told}


def _hook(visit: Visit, one: HookShown, sites: dict[int, str]) -> dict[str, Any]:
    does = "Adds a topic" if one.does == "topic" else f"Starts the {one.line} line"
    address = f"{visit.request.base_url}{HOOKS}{one.token}"
    return {"row": one, "does": does, "site": sites.get(one.site_id, "an archived site"), "address": address}


async def add(visit: Visit) -> Response:
    """Adds an address, and shows its secret this one time."""
    form = await visit.form()
    with _of_form("new"):
        made, secret = await visit.desk.webhooks.targets.add(
            visit.caller, str(form.get("url", "")), _wants(form)
        )
    return await _answer(visit, shown={"title": f"The secret of {made.url}", "secret": secret})


async def change(visit: Visit) -> Response:
    form, number = await visit.form(), int(visit.path["number"])
    with _of_form(str(number)):
        url = str(form.get("url", ""))
        await visit.desk.webhooks.targets.change(visit.caller, number, url, _wants(form))
    return await _answer(visit, "Events go there from now on as you chose.")


async def pause(visit: Visit) -> Response:
    paused = visit.path["what"] == "pause"
    await visit.desk.webhooks.targets.pause(visit.caller, int(visit.path["number"]), paused=paused)
    said = (
        "It is paused; what happens is kept for it for two days." if paused else "It goes on with what waits."
    )
    return await _answer(visit, said)


async def remove(visit: Visit) -> Response:
    await visit.desk.webhooks.targets.remove(visit.caller, int(visit.path["number"]))
    return await _answer(visit, "The address is forgotten. Nothing is sent there any more.")


async def rotate(visit: Visit) -> Response:
    fresh = await visit.desk.webhooks.targets.rotate(visit.caller, int(visit.path["number"]))
    return await _answer(visit, shown={"title": "The new secret", "secret": fresh, "overlap": True})


async def test(visit: Visit) -> Response:
    """Really sends, and shows what came of it."""
    number = int(visit.path["number"])
    answer = await visit.desk.webhooks.targets.test(visit.caller, number)
    facts = await context(visit) | {"tried": answer, "number": number}
    return visit.fragments(
        visit.part("settings_webhooks.html", "tried", facts),
        visit.part("settings_webhooks.html", "recent", facts | {"aside": True}),
    )


async def add_hook(visit: Visit) -> Response:
    """Makes a hook, and shows its secret this one time."""
    form = await visit.form()
    given = str(form.get("site", ""))
    site = int(given) if given.isdecimal() and len(given) < 19 else 0
    does, line = cast(Does, str(form.get("does", ""))), cast(Line, str(form.get("line", "article")))
    made, secret = await visit.desk.webhooks.hooks.add(
        visit.caller, str(form.get("name", "")), site, does, line
    )
    return await _answer(visit, shown={"title": f"The secret of the hook “{made.name}”", "secret": secret})


async def rotate_hook(visit: Visit) -> Response:
    fresh = await visit.desk.webhooks.hooks.rotate(visit.caller, int(visit.path["number"]))
    return await _answer(visit, shown={"title": "The hook's new secret", "secret": fresh, "overlap": True})


async def remove_hook(visit: Visit) -> Response:
    await visit.desk.webhooks.hooks.remove(visit.caller, int(visit.path["number"]))
    return await _answer(visit, "The hook is removed. Its address answers no more.")


async def _answer(visit: Visit, says: str = "", shown: dict[str, Any] | None = None) -> Response:
    facts = await context(visit) | {"shown": shown}
    parts = [visit.part("settings_webhooks.html", "webhooks", facts)]
    return visit.fragments(*parts, *([visit.toast(says)] if says else []))


def _wants(form: FormData) -> list[str]:
    return [str(name) for name in form.getlist("wants")]


@contextmanager
def _of_form(name: str) -> Iterator[None]:
    """Names the fields that are at fault as that form calls them: several stand on the page."""
    try:
        yield
    except Invalid as error:
        raise Invalid(f"{error.field}-{name}", str(error)) from error


ROUTES = (
    page(PATH, show, needs="owner"),
    act(PATH, add, needs="owner"),
    act(f"{PATH}/in", add_hook, needs="owner"),
    act(f"{PATH}/in/{{number:int}}/secret", rotate_hook, needs="owner"),
    act(f"{PATH}/in/{{number:int}}/remove", remove_hook, needs="owner"),
    act(f"{PATH}/{{number:int}}", change, needs="owner"),
    act(f"{PATH}/{{number:int}}/secret", rotate, needs="owner"),
    act(f"{PATH}/{{number:int}}/remove", remove, needs="owner"),
    act(f"{PATH}/{{number:int}}/test", test, needs="owner"),
    act(f"{PATH}/{{number:int}}/{{what:str}}", pause, needs="owner"),
)
