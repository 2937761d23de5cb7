"""How a page file declares its addresses: `page` for what is looked at, `act` for what changes something."""

from collections.abc import Awaitable, Callable
from typing import Literal
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nightdesk.desk.people import Role, require
from nightdesk.faces.web.visit import Visit

Endpoint = Callable[[Visit], Awaitable[Response]]
Needs = Role | Literal["anyone"]
"""The least role that a route is open to; `anyone` needs nobody to be signed in."""

SET_UP = "/me/second-factor"
"""Where somebody is led who has to set up a second factor before anything else."""


class Guarded(Route):
    """An address that answers to nobody below the role that it needs."""

    def __init__(self, path: str, endpoint: Endpoint, method: str, needs: Needs, held: bool) -> None:
        super().__init__(path, _guarded(endpoint, needs, held), methods=[method], name=f"{method} {path}")
        self.needs, self.held = needs, held


def page(path: str, endpoint: Endpoint, *, needs: Needs = "viewer", held: bool = False) -> Guarded:
    """What is looked at: GET. `held`: also by whom the workspace asks for a second factor first."""
    return Guarded(path, endpoint, "GET", needs, held)


def act(path: str, endpoint: Endpoint, *, needs: Needs = "editor", held: bool = False) -> Guarded:
    """What changes something: POST; `held` as for `page`."""
    return Guarded(path, endpoint, "POST", needs, held)


def _guarded(endpoint: Endpoint, needs: Needs, held: bool) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        visit = Visit.of(request)
        if needs != "anyone":
            if visit.guest is None:
                return _sign_in(visit)
            if visit.caller.held and not held:
                return visit.go(SET_UP)
            require(visit.caller, needs)
        return await endpoint(visit)

    return answer


def _sign_in(visit: Visit) -> Response:
    """To the sign-in page, and back to where one wanted to be; from a form back to the first page."""
    address = visit.request.url
    wanted = address.path + (f"?{address.query}" if address.query else "")
    if visit.by_htmx:
        # The page on which the fragment was asked for is the one to come back to.
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    if visit.request.method != "GET" or wanted == "/":
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse(f"/sign-in?next={quote(wanted)}", 303)
