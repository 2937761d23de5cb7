"""What is let in: how large a body may be, of which kind, and JSON that can be understood in one way only."""

from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from fastapi import Request, params
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.faces.api.json_body import Wrong, check
from nightdesk.faces.api.problems import Problem, problem

LARGEST_JSON = 2**20
LARGEST_UPLOAD = 20 * 2**20
FORM = "multipart/form-data"
CARRY_BODIES = ("POST", "PUT", "PATCH", "DELETE")
CLOSE = {"Connection": "close"}


class Intake:
    """Pure ASGI: refuses what is too large, of a kind that is not read here, or ambiguous."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        answer = _address(scope)
        if answer is None and scope["method"] in CARRY_BODIES:
            answer = await self._with_body(scope, receive, send)
        elif answer is None:
            await self._app(scope, receive, send)
        if answer is not None:
            await answer(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> Problem | None:
        headers = Headers(scope=scope)
        kind = kind_of(headers)
        limit = LARGEST_UPLOAD if kind == FORM else LARGEST_JSON
        if _announced(headers) > limit:
            return _too_large(limit)
        if headers.get("content-encoding", "identity") != "identity":
            return problem(415, "Send the body as it is, without a Content-Encoding.", code="encoding")
        if kind == FORM:
            return await self._counted(scope, receive, send)
        try:
            body = await read(receive, limit)
        except Overflow:
            return _too_large(limit)
        if body is None:
            return None
        answer = _json(kind, headers, body)
        if answer is None:
            await self._app(scope, replay(body, receive), send)
        return answer

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> Problem | None:
        """Lets an upload through piece by piece; one too large looks to the app like a client that left."""
        count, too_large = 0, False

        async def counting() -> Message:
            nonlocal count, too_large
            message = await receive()
            count += len(message.get("body", b""))
            if count > LARGEST_UPLOAD:
                too_large = True
                return {"type": "http.disconnect"}
            return message

        async def unless_too_large(message: Message) -> None:
            if not too_large:
                await send(message)

        await self._app(scope, counting, unless_too_large)
        return _too_large(LARGEST_UPLOAD) if too_large else None


class Overflow(Exception):
    """The body is larger than it may be."""


async def read(receive: Receive, limit: int) -> bytes | None:
    """The whole body; None where the client has left. Raises `Overflow`."""
    parts, count = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        count += len(parts[-1])
        if count > limit:
            raise Overflow
        if not message.get("more_body"):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read to whoever reads next."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def kind_of(headers: Headers) -> str:
    """The media type without its parameters, in small letters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _too_large(limit: int) -> Problem:
    detail = f"At most {limit // 2**20} MB are read here. Nothing was changed; send less at a time."
    return problem(413, detail, code="too_large", headers=CLOSE)


def _json(kind: str, headers: Headers, body: bytes) -> Problem | None:
    if not body:
        return None
    charset = headers.get("content-type", "").lower().partition("charset=")[2].strip(' "')
    if not is_json(kind) or charset not in ("", "utf-8", "utf8"):
        return problem(415, f"Send `application/json` in UTF-8, or a file as `{FORM}`.", code="wrong_kind")
    try:
        check(body)
    except Wrong as wrong:
        fields = [{"field": wrong.field, "message": str(wrong)}]
        return problem(422, f"Look at: {wrong.field}.", code="invalid", fields=fields)
    return None


def _address(scope: Scope) -> Problem | None:
    """An address with what no database stores: nothing can be there, and no parameter can be it."""
    if "\0" in scope["path"]:
        return problem(404, "There is nothing at this address.", code="not_found")
    query = unquote_to_bytes(scope["query_string"])
    try:
        if "\0" not in query.decode("utf-8"):
            return None
    except UnicodeDecodeError:
        pass
    return problem(400, "The query holds what is no text in UTF-8, or a NUL.", code="invalid")


async def right_kind(request: Request) -> None:
    """Refuses a form where a route reads JSON, and JSON where it reads a form."""
    field: Any = getattr(request.scope.get("route"), "body_field", None)
    kind = kind_of(request.headers)
    if field is None or not kind:
        return
    wants_form = isinstance(field.field_info, params.Form)
    if wants_form != (kind == FORM):
        _wrong_kind(FORM if wants_form else "application/json")


def _wrong_kind(wanted: str) -> NoReturn:
    raise HTTPException(415, f"Send `{wanted}` here.")
