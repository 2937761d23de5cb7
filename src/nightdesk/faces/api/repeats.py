"""A POST that carries an `Idempotency-Key` has its effect once, however often it is sent."""

import base64
import contextlib
import hashlib
import re
from typing import Any

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.desk.repeats import InProgress, Mismatch, Repeats, Stored, Turn
from nightdesk.faces.api.intake import FORM, LARGEST_UPLOAD, kind_of, read, replay
from nightdesk.faces.api.problems import Problem, problem

NAME = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_HEADERS = ("content-type", "location", "retry-after")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})', re.IGNORECASE)


class OnceEach:
    """Pure ASGI, inside the identity: keeps the answer of the first request for its repeats."""

    def __init__(self, app: ASGIApp, repeats: Repeats) -> None:
        self._app, self._repeats = app, repeats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get(NAME) if scope["type"] == "http" else None
        workspace_id = scope.get("state", {}).get("workspace_id")
        if key is None or workspace_id is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        if not _KEY.fullmatch(key):
            message = "1 to 200 visible ASCII characters."
            fields = [{"field": NAME, "message": message}]
            answer = problem(400, f"{NAME}: {message}", code="invalid", fields=fields)
            await answer(scope, receive, send)
            return
        body = await read(receive, LARGEST_UPLOAD + 1)
        if body is None:
            # The client has left, or `Intake` has had enough and answers for us.
            return
        turn = await self._turn(workspace_id, key, _hash(scope, body))
        if isinstance(turn, Turn):
            await self._first(turn, scope, replay(body, receive), send)
        elif isinstance(turn, Stored):
            await _tell_again(turn, send)
        else:
            await turn(scope, receive, send)

    async def _turn(self, workspace_id: int, key: str, request_hash: str) -> Turn | Stored | Problem:
        try:
            return await self._repeats.begin(workspace_id, key, request_hash)
        except Mismatch:
            detail = "This key was used for another request; take a new key for each request."
            return problem(422, detail, code="idempotency_mismatch")
        except InProgress as error:
            detail = "The first request with this key is still at work; ask again in a moment."
            return problem(409, detail, code="in_progress", headers={"Retry-After": str(error.seconds)})

    async def _first(self, turn: Turn, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer is kept before it is sent: whoever has seen it can rely on getting it again."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        try:
            async with self._repeats.working(turn):
                await self._app(scope, receive, keep)
        finally:
            status = next((m["status"] for m in messages if m["type"] == "http.response.start"), 500)
            with contextlib.suppress(DBAPIError):
                if status >= 500 or status == 429:
                    await self._repeats.give_up(turn)
                else:
                    await self._repeats.end(turn, status, _kept(messages))
        for message in messages:
            await send(message)


def _hash(scope: Scope, body: bytes) -> str:
    """What makes two requests the same: address, query and body; a form's random boundary is left out."""
    headers = Headers(scope=scope)
    kind = kind_of(headers)
    found = _BOUNDARY.search(headers.get("content-type", "")) if kind == FORM else None
    if found:
        body = body.replace(found[1].encode("latin-1"), b"")
    digest = hashlib.sha256()
    for part in (scope["path"].encode("utf-8", "surrogatepass"), scope["query_string"], kind.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _kept(messages: list[Message]) -> dict[str, Any]:
    headers = Headers(raw=messages[0]["headers"])
    body = b"".join(m.get("body", b"") for m in messages[1:])
    return {
        "headers": {name: headers[name] for name in KEPT_HEADERS if name in headers},
        "body": base64.b64encode(body).decode(),
    }


async def _tell_again(stored: Stored, send: Send) -> None:
    body = base64.b64decode(stored.answer["body"])
    headers = MutableHeaders(stored.answer["headers"])
    headers["content-length"] = str(len(body))
    headers[REPLAYED] = "true"
    await send({"type": "http.response.start", "status": stored.status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
