"""Who is signed in: reads the session's cookie, and sets and clears it."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk.people import COOKIE, LONGEST, Caller, cookie_name

__all__ = ["COOKIE", "Identity", "forget", "keep", "token_of"]

MOST = 200
"""Characters of a cookie that are looked at; a session's token is far shorter."""


CallerOf = Callable[[str], Awaitable[Caller | None]]
"""The person of a session's token, or None."""


class Identity:
    """Pure ASGI: puts who asks, or None, into the request's state."""

    def __init__(self, app: ASGIApp, caller_of: CallerOf) -> None:
        self._app, self._caller_of = app, caller_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            token = token_of(HTTPConnection(scope))
            state = scope.setdefault("state", {})
            state["caller"] = await self._caller_of(token) if token else None
        await self._app(scope, receive, send)


def token_of(connection: HTTPConnection) -> str:
    """The session's token, or the empty string."""
    token = connection.cookies.get(cookie_name(connection.scope.get("scheme", "http")), "")
    return token if len(token) <= MOST else ""


def keep(request: Request, response: Response, token: str) -> Response:
    """Has the browser keep the session, under TLS never to be sent without."""
    scheme, seconds = request.scope.get("scheme", "http"), int(LONGEST.total_seconds())
    response.set_cookie(
        cookie_name(scheme), token, seconds, httponly=True, samesite="lax", secure=scheme == "https"
    )
    return response


def forget(request: Request, response: Response) -> Response:
    """Has the browser forget the session."""
    scheme = request.scope.get("scheme", "http")
    response.delete_cookie(cookie_name(scheme), httponly=True, samesite="lax", secure=scheme == "https")
    return response
