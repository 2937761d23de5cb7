"""Who asks: every request of the API carries a key of one workspace, and is answered as that workspace."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.faces.api.problems import problem

WhoIs = Callable[[str], Awaitable[int | None]]
"""The workspace of a key, or None."""

SHOWS_WHO = {"WWW-Authenticate": 'Bearer realm="nightdesk"'}
OPEN = ("/api/docs", "/api/docs/rapidoc-min.js", "/api/openapi.json")


class Identity:
    """Pure ASGI: finds the workspace before anything of the request is read, else answers 401."""

    def __init__(self, app: ASGIApp, who_is: WhoIs) -> None:
        self._app, self._who_is = app, who_is

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api") or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        workspace_id = await self._who_is(bearer(scope))
        if workspace_id is None:
            detail = "Send a key of your workspace as `Authorization: Bearer nd_…` (`nightdesk keys create`)."
            answer = problem(401, detail, code="no_identity", headers=SHOWS_WHO)
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["workspace_id"] = workspace_id
        await self._app(scope, receive, send)


def bearer(scope: Scope) -> str:
    """The key in the request's header, or the empty string."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


_scheme = HTTPBearer(auto_error=False, description="A key of your workspace: `nd_…`.")


async def workspace(request: Request, _: Annotated[object, Depends(_scheme)]) -> int:
    return int(request.state.workspace_id)


WorkspaceId = Annotated[int, Depends(workspace)]
