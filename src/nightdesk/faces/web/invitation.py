"""A one-time link: joining a workspace by invitation, or choosing a new password."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.people import CodeWanted, TooManyGuesses, WrongPassword
from nightdesk.faces.web.faults import status_of
from nightdesk.faces.web.identity import keep, keep_waiting
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit
from nightdesk.faces.web.zones import LANGUAGES, zones

FIELDS = ("token", "name", "password", "language", "timezone")
FINE: Mapping[str, str] = {"field": "", "says": ""}


async def show(visit: Visit) -> Response:
    given = dict.fromkeys(FIELDS, "") | {"token": visit.query.get("token", ""), "language": "en"}
    return await _page(visit, given, FINE)


async def accept(visit: Visit) -> Response:
    form = await visit.form()
    given = {name: str(form.get(name, "")) for name in FIELDS}
    try:
        token = await visit.desk.invitations.accept(**given, address=visit.address, agent=visit.agent)
    except Invalid as error:
        return await _page(visit, given, {"field": error.field, "says": str(error)}, 422)
    except (WrongPassword, TooManyGuesses) as error:
        return await _page(visit, given, {"field": "password", "says": str(error)}, status_of(error))
    except CodeWanted as error:
        return keep_waiting(visit.request, visit.go("/sign-in/code"), error.token)
    return keep(visit.request, visit.go("/"), token)


async def join(visit: Visit) -> Response:
    """By someone who is signed in already."""
    token = str((await visit.form()).get("token", ""))
    try:
        session = await visit.desk.invitations.join(visit.caller, token)
    except Invalid as error:
        return await _page(visit, {"token": token}, {"field": "token", "says": str(error)}, 422)
    return keep(visit.request, visit.go("/"), session)


async def _page(
    visit: Visit, given: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> Response:
    try:
        link = await visit.desk.invitations.link(given["token"])
    except NotFound:
        link, status = None, 404
    facts: dict[str, Any] = {"link": link, "given": given, "wrong": wrong}
    return await visit.answer(
        "invitation.html", facts | {"languages": LANGUAGES, "zones": zones()}, status=status
    )


ROUTES = (
    page("/invitation", show, needs="anyone"),
    act("/invitation", accept, needs="anyone"),
    act("/invitation/join", join, needs="viewer"),
)
