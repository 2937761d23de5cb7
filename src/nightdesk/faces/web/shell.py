"""Around every answer: a number for the request, the headers that keep a page safe, and what is refused."""

import logging
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.kit.http.origin import SAFE, same_origin

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default nightdesk-look",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with that, a browser names no origin to our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Set where an answer does not set its own."""

TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
LARGEST_BODY = 24 * 2**20
"""Bytes of one request: an import of keywords or a picture, with the form around it."""

_log = logging.getLogger(__name__)


class Shell:
    """Pure ASGI, outside everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        ours = HEADERS | (TLS_ONLY if scope.get("scheme") == "https" else {})

        async def finished(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = number
            await send(message)

        await self._app(scope, receive, finished)


class OwnPagesOnly:
    """Pure ASGI: what changes something must be asked by a page of ours, not by another site's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not same_origin(Headers(scope=scope)):
            client = scope.get("client")
            facts = {"action": "origin_refused", "address": client[0] if client else ""}
            _log.warning("another site's form refused", extra=facts | {"path": scope["path"][:200]})
            says = "This request did not come from a page of this address. Open the page anew and try again."
            await Response(says, 403, media_type="text/plain")(scope, receive, send)
            return
        await self._app(scope, receive, send)


class TooLarge(Exception):
    """The body is longer than what is taken."""


class BodyLimit:
    """Pure ASGI: no more of a body is read than what is taken."""

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        begun, read = False, 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            if announced.isdecimal() and int(announced[:20]) > self._most:
                raise TooLarge
            await self._app(scope, counted, watched)
        except TooLarge:
            if begun:
                raise
            says = f"That is too large: {self._most // 2**20} MB are taken at once. Nothing was changed."
            await Response(says, 413, media_type="text/plain")(scope, receive, send)
