"""The tool server at `/mcp`, over streamable HTTP: a key of a workspace opens it, and no cookie does.

Nothing is kept between two requests, so that any process can answer any of them.
"""

import logging
import math
from importlib.util import find_spec
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from nightdesk.desk import Desk
from nightdesk.desk.people import Actor, NotAllowed
from nightdesk.faces.tools.protocol import MISSING, make_server
from nightdesk.kit.http.origin import named_origin
from nightdesk.kit.ids import hash_token

LARGEST_BODY = 512 << 10
"""Bytes of a request."""

WHO = "nightdesk.tools.by"
"""Under which the request carries who asks."""

_log = logging.getLogger(__name__)


class Tools:
    """Pure ASGI."""

    def __init__(self, desk: Desk, version: str) -> None:
        self._desk, self._version = desk, version
        # It would tell at each request that it starts and stops.
        logging.getLogger("mcp.server.streamable_http_manager").setLevel(logging.WARNING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = await self._who(scope)
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        scope.setdefault("state", {})[WHO] = found
        await self._serve(scope, receive, send)

    async def _who(self, scope: Scope) -> Actor | Response:
        """Who asks, before anything of the request is read; or the answer that refuses it."""
        headers = Headers(scope=scope)
        if "origin" in headers and not named_origin(headers):
            return _said(403, "other_origin", "A page of another address may not ask this.")
        if scope["method"] != "POST":
            return _said(405, "method", "The tool server takes POST alone.", {"Allow": "POST"})
        kind, _, token = headers.get("authorization", "").partition(" ")
        token = token.strip() if kind.lower() == "bearer" else ""
        if wait := self._desk.pace.wait(f"key {hash_token(token)}"):
            seconds = str(max(math.ceil(wait), 1))
            return _said(429, "too_many_requests", f"Go on in {seconds} s.", {"Retry-After": seconds})
        workspace = await self._desk.people.workspace_of(token)
        try:
            if workspace is not None:
                return await self._desk.people.agent(workspace, token)
        except NotAllowed:
            pass
        client = scope.get("client")
        _log.warning("tools refused", extra={"action": "key_refused", "address": client[0] if client else ""})
        detail = "Send a key of your workspace as `Authorization: Bearer nd_…`."
        return _said(401, "no_identity", detail, {"WWW-Authenticate": 'Bearer realm="nightdesk"'})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if find_spec("mcp") is None:
            await _said(501, "not_installed", MISSING)(scope, receive, send)
            return
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415

        server = make_server(self._desk, self._version, _by)
        manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=LARGEST_BODY
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _by(context: Any) -> Actor:
    by: Actor = context.request.scope["state"][WHO]
    return by


def _said(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    facts = {"type": f"urn:nightdesk:problem:{code}", "status": status, "code": code, "detail": detail}
    return JSONResponse(facts, status, headers, media_type="application/problem+json")
