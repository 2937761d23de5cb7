"""Who is signed in: reads the session's cookie, and sets and clears it."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk.people import CODE_WITHIN, COOKIE, LONGEST, SIGN_IN_COOKIE, Caller, cookie_name

__all__ = ["COOKIE", "Identity", "forget", "forget_waiting", "keep", "keep_waiting", "token_of", "waiting_of"]

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
    return _read(connection, COOKIE)


def waiting_of(connection: HTTPConnection) -> str:
    """The token of a sign-in that waits for its code, or the empty string."""
    return _read(connection, SIGN_IN_COOKIE)


def keep(request: Request, response: Response, token: str) -> Response:
    """Has the browser keep the session, under TLS never to be sent without; what waited for it is over."""
    _set(request, response, COOKIE, token, int(LONGEST.total_seconds()))
    return forget_waiting(request, response) if waiting_of(request) else response


def keep_waiting(request: Request, response: Response, token: str) -> Response:
    """Has the browser keep a sign-in until its code was given."""
    return _set(request, response, SIGN_IN_COOKIE, token, int(CODE_WITHIN.total_seconds()))


def forget(request: Request, response: Response) -> Response:
    """Has the browser forget the session."""
    return _clear(request, response, COOKIE)


def forget_waiting(request: Request, response: Response) -> Response:
    """Has the browser forget a sign-in that waits for its code."""
    return _clear(request, response, SIGN_IN_COOKIE)


def _read(connection: HTTPConnection, name: str) -> str:
    token = connection.cookies.get(cookie_name(connection.scope.get("scheme", "http"), name), "")
    return token if len(token) <= MOST else ""


def _set(request: Request, response: Response, name: str, token: str, seconds: int) -> Response:
    scheme = request.scope.get("scheme", "http")
    called = cookie_name(scheme, name)
    response.set_cookie(called, token, seconds, httponly=True, samesite="lax", secure=scheme == "https")
    return response


def _clear(request: Request, response: Response, name: str) -> Response:
    scheme = request.scope.get("scheme", "http")
    called = cookie_name(scheme, name)
    response.delete_cookie(called, httponly=True, samesite="lax", secure=scheme == "https")
    return response
