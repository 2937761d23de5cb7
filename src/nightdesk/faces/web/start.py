"""The first start: the owner of a new desk comes in by a one-time link and names the workspace."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.faces.web.identity import keep
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit
from nightdesk.faces.web.zones import LANGUAGES, zones

FIELDS = ("token", "email", "name", "password", "workspace_name", "language", "timezone")


async def show(visit: Visit) -> Response:
    if visit.guest is not None:
        return visit.go("/")
    given = dict.fromkeys(FIELDS, "") | {"token": visit.query.get("token", ""), "language": "en"}
    return await _page(visit, given, {"field": "", "says": ""})


async def begin(visit: Visit) -> Response:
    form = await visit.form()
    given = {name: str(form.get(name, "")) for name in FIELDS}
    try:
        token = await visit.desk.entrance.begin(**given, address=visit.address, agent=visit.agent)
    except Invalid as error:
        return await _page(visit, given, {"field": error.field, "says": str(error)}, status=422)
    return keep(visit.request, visit.go("/welcome"), token)


async def _page(
    visit: Visit, given: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> Response:
    facts: dict[str, Any] = {
        "open": await visit.desk.entrance.is_open(),
        "given": given,
        "wrong": wrong,
        "languages": LANGUAGES,
        "zones": zones(),
    }
    return await visit.answer("start.html", facts, status=status)


ROUTES = (page("/start", show, needs="anyone"), act("/start", begin, needs="anyone"))
