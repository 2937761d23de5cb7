"""Around every answer: a number for the request, the headers that every answer carries, and its measure."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.faces.api.metrics import NOWHERE, Meters
from nightdesk.faces.api.problems import new_request_id
from nightdesk.kit.clock import Clock

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Set where an answer does not set its own."""

TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
NO_PAGE = 'attachment; filename="api.json"'
"""Of JSON at an address of the API, which a browser then keeps as a file and never shows (ASVS 14.4.2)."""


class Shell:
    """Pure ASGI, outside everything else."""

    def __init__(self, app: ASGIApp, meters: Meters, clock: Clock) -> None:
        self._app, self._meters, self._clock = app, meters, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = new_request_id()
        scope.setdefault("state", {})["request_id"] = number
        begun = self._clock.monotonic()
        ours = HEADERS | (TLS_ONLY if scope.get("scheme") == "https" else {})

        async def finished(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api") and "json" in headers.get("content-type", ""):
                    headers.setdefault("Content-Disposition", NO_PAGE)
                headers["X-Request-Id"] = number
                took = self._clock.monotonic() - begun
                self._meters.answered(method_of(scope), route_of(scope), message["status"], took)
            await send(message)

        await self._app(scope, receive, finished)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def route_of(scope: Scope) -> str:
    """The pattern of the address; one word for all addresses at which there is nothing."""
    return str(getattr(scope.get("route"), "path", NOWHERE))
