"""Who asks: a key of a workspace, or a person who is signed in at our pages; answered as that workspace."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk import Desk
from nightdesk.desk.people import Actor, Caller, NotAllowed, Role, cookie_name, require
from nightdesk.faces.api.limits import address_of, held_back
from nightdesk.faces.api.problems import Problem, problem
from nightdesk.kit.http.origin import SAFE, same_origin
from nightdesk.kit.ids import hash_token
from nightdesk.kit.pace import Pace

WhoIs = Callable[[str], Awaitable[int | None]]
"""The workspace of a key, or None."""

CallerOf = Callable[[str], Awaitable[Caller | None]]
"""The person of a session, or None."""

SHOWS_WHO = {"WWW-Authenticate": 'Bearer realm="nightdesk"'}
OPEN = ("/api/docs", "/api/docs/rapidoc-min.js", "/api/openapi.json")
OWNERS = ("/api/v1/keys", "/api/v1/webhooks")
"""What is only an owner's, be it to look at."""

OWNERS_TO_CHANGE = ("/api/v1/credits", "/api/v1/providers")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """Who asks: the workspace, the name that requests are counted by, and of a person who it is."""

    workspace_id: int
    name: str
    person: Caller | None = None


@dataclass(frozen=True)
class Identity:
    """Pure ASGI: finds who asks before anything of the request is read, else answers 401, 403 or 429."""

    app: ASGIApp
    who_is: WhoIs
    caller_of: CallerOf
    pace: Pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api") or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        found = await self._known(scope)
        if isinstance(found, Problem):
            await (held_back(self.pace, scope, address_of(scope)) or found)(scope, receive, send)
            return
        if too_many := held_back(self.pace, scope, found.name):
            await too_many(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["workspace_id"], state["person"] = found.workspace_id, found.person
        await self.app(scope, receive, send)

    async def _known(self, scope: Scope) -> Known | Problem:
        key = bearer(scope)
        if key or not session_of(HTTPConnection(scope)):
            return await self._of_key(scope, key)
        caller = await self.caller_of(session_of(HTTPConnection(scope)))
        if caller is None:
            return _nobody(scope)
        if scope["method"] not in SAFE and not same_origin(Headers(scope=scope)):
            log_refused("origin_refused", scope)
            detail = "By a session, a page of this address alone may ask this; a program sends a key."
            return problem(403, detail, code="other_origin")
        try:
            require(caller, role_for(scope["method"], scope["path"]))
        except NotAllowed as error:
            return problem(
                403, f"This needs the role {error.needed}; an owner can give it.", code="not_allowed"
            )
        return Known(caller.workspace_id, name_of(caller), caller)

    async def _of_key(self, scope: Scope, key: str) -> Known | Problem:
        """A key that has asked too much already costs no look-up."""
        name = of_key(key)
        if slow := held_back(self.pace, scope, name, take=False):
            return slow
        workspace_id = await self.who_is(key)
        return _nobody(scope) if workspace_id is None else Known(workspace_id, name)


def of_key(key: str) -> str:
    """By which the requests of a key are counted, which is not kept itself."""
    return f"key {hash_token(key)}"


def name_of(caller: Caller) -> str:
    """By which the requests of a person are counted, here and on the pages."""
    return f"person {caller.person_id}"


def role_for(method: str, path: str) -> Role:
    """The least role of a person that may ask this; a key may ask all."""
    if path.startswith(OWNERS) or (method not in SAFE and path.startswith(OWNERS_TO_CHANGE)):
        return "owner"
    return "viewer" if method in SAFE else "editor"


def log_refused(action: str, scope: Scope) -> None:
    """Logs from where a request came that is refused, and what it asked for, without its query."""
    client = scope.get("client")
    asked = {"method": scope.get("method", "WS"), "path": scope["path"][:200]}
    _log.warning("request refused", extra=asked | {"action": action, "address": client[0] if client else ""})


def _nobody(scope: Scope) -> Problem:
    log_refused("key_refused", scope)
    detail = "Send a key of your workspace as `Authorization: Bearer nd_…` (`nightdesk keys create`)."
    return problem(401, detail, code="no_identity", headers=SHOWS_WHO)


def bearer(scope: Scope) -> str:
    """The key in the request's header, or the empty string."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


def session_of(connection: HTTPConnection) -> str:
    """The session in the request's cookie, or the empty string."""
    return connection.cookies.get(cookie_name(connection.scope.get("scheme", "http")), "")


_scheme = HTTPBearer(auto_error=False, description="A key of your workspace: `nd_…`.")


async def workspace(request: Request, _: Annotated[object, Depends(_scheme)]) -> int:
    return int(request.state.workspace_id)


WorkspaceId = Annotated[int, Depends(workspace)]


async def actor(request: Request, workspace_id: WorkspaceId) -> Actor:
    """Who acts: the person of a session, else the program by the name of its key."""
    person: Caller | None = request.state.person
    desk: Desk = request.app.state.desk
    return person or await desk.people.client(workspace_id, bearer(request.scope))


By = Annotated[Actor, Depends(actor)]
