"""Turns what goes wrong into RFC 9457 problem documents; the one table of which error has which status."""

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.desk import errors
from nightdesk.desk.health import database_away
from nightdesk.desk.people import NotAllowed
from nightdesk.kit.endings import Later, NeedsPerson

KIND = "application/problem+json"
TITLES = {
    400: "The request cannot be taken",
    401: "Who are you?",
    402: "Not enough credits",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Not possible in this state",
    413: "Too large",
    415: "Not a kind that is read here",
    422: "Some of the input is not right",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not ready",
}
STATUS: Mapping[type[errors.DeskError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.Invalid: (422, "invalid"),
    errors.Taken: (409, "taken"),
    errors.RunActive: (400, "run_active"),
    errors.InsufficientCredits: (402, "insufficient_credits"),
    errors.Conflict: (409, "bad_state"),
    errors.Unreadable: (422, "unreadable"),
    errors.Full: (413, "workspace_full"),
    errors.Unavailable: (503, "unavailable"),
    NotAllowed: (403, "not_allowed"),
}
RETRY_SECONDS = "5"
MALFORMED = ("int_parsing", "int_from_float", "uuid_parsing")
"""Errors by which a part of an address is no id at all; any other is an id or a word that names nothing."""

_log = logging.getLogger(__name__)


class FieldAtFault(BaseModel):
    """`field` is a path: `items.3.phrase`."""

    field: str
    message: str


class ProblemShown(BaseModel):
    """What is answered when something cannot be done."""

    model_config = ConfigDict(title="Problem", extra="allow")

    type: str
    title: str
    status: int
    code: str = Field(description="A word that stays the same, for programs.")
    detail: str = Field(description="What happened and what to do, for people.")
    request_id: str
    errors: list[FieldAtFault] | None = Field(None, description="Where input was at fault.")


class Problem(Response):
    """A problem document; it takes the number of the request that it answers."""

    media_type = KIND

    def __init__(self, facts: Mapping[str, Any], headers: Mapping[str, str] | None) -> None:
        super().__init__(b"", int(facts["status"]), headers)
        self._facts = dict(facts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._facts["request_id"] = scope.get("state", {}).get("request_id") or new_request_id()
        self.body = json.dumps(self._facts, ensure_ascii=False, separators=(",", ":")).encode()
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def new_request_id() -> str:
    return secrets.token_hex(8)


def problem(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    fields: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Problem:
    """A problem document; `fields` lists `{field, message}` where input was at fault."""
    title = TITLES.get(status, "It did not work")
    kind = code or title.lower().replace(" ", "_").strip("?")
    facts: dict[str, Any] = {
        "type": f"urn:nightdesk:problem:{kind}",
        "title": title,
        "status": status,
        "code": kind,
        "detail": detail,
        "request_id": "",
        **more,
    }
    if fields:
        facts["errors"] = [dict(field) for field in fields]
    return Problem(facts, headers)


def of_desk(error: errors.DeskError) -> Problem:
    """What the desk said, as a problem document."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            status, code = STATUS[kind]
            break
    else:
        status, code = 400, "refused"
    fields = [{"field": error.field, "message": str(error)}] if isinstance(error, errors.Invalid) else ()
    more: dict[str, Any] = {}
    if isinstance(error, errors.InsufficientCredits):
        more = {"needed": error.needed, "available": error.available}
    if isinstance(error, errors.RunActive):
        more = {"run_id": error.run_id}
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else None
    return problem(status, str(error), code=code, fields=fields, headers=headers, **more)


class DatabaseAway:
    """Pure ASGI: a database that cannot be had is a 503 that asks to be tried again, wherever it showed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except (DBAPIError, PoolTimeout) as error:
            if begun or scope["type"] != "http" or not database_away(error):
                raise
            _log.warning("api.database_away", extra={"why": type(error).__name__})
            await _away()(scope, receive, send)


def _away() -> Problem:
    detail = "The database does not answer just now; nothing was changed. Try again in a few seconds."
    return problem(503, detail, code="database_away", headers={"Retry-After": RETRY_SECONDS})


def install(app: FastAPI) -> None:
    """Has every error of the app answered by a problem document."""
    app.add_exception_handler(errors.DeskError, _desk)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    for ending in (Later, NeedsPerson):
        app.add_exception_handler(ending, _ended)
    app.add_exception_handler(500, _unexpected)


async def _desk(request: Request, error: Exception) -> Problem:
    assert isinstance(error, errors.DeskError)
    if isinstance(error, errors.Invalid):
        _log_input(request, error.field)
    return of_desk(error)


def _log_input(request: Request, field: str) -> None:
    facts = {"action": "input_refused", "field": field[:200], "path": request.url.path}
    _log.info("input refused", extra=facts)


async def _validation(request: Request, error: Exception) -> Problem:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    in_path = [item for item in found if item["loc"] and item["loc"][0] == "path"]
    if in_path and not any(item["type"] in MALFORMED for item in in_path):
        return problem(404, "There is nothing at this address.", code="not_found")
    in_query = not in_path and all(item["loc"] and item["loc"][0] != "body" for item in found)
    fields = [
        {"field": ".".join(str(part) for part in item["loc"][1:]) or "body", "message": str(item["msg"])}
        for item in found
    ]
    named = ", ".join(dict.fromkeys(field["field"] for field in fields))
    _log_input(request, named)
    return problem(400 if in_query else 422, f"Look at: {named}.", code="invalid", fields=fields)


async def _ended(_: Request, error: Exception) -> Problem:
    """Something outside that this needs, as a key vault, is away or waits for a person."""
    _log.warning("api.ended", extra={"why": str(error)})
    return problem(503, str(error), code="unavailable", headers={"Retry-After": RETRY_SECONDS})


async def _http(_: Request, error: Exception) -> Problem:
    assert isinstance(error, HTTPException)
    detail = error.detail if error.status_code not in (404, 405) else "There is nothing at this address."
    if error.status_code == 405:
        detail = "This address does not take that method."
    return problem(error.status_code, str(detail), headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> Problem:
    number = getattr(request.state, "request_id", "")
    _log.error("api.fault", extra={"request_id": number, "kind": type(error).__name__})
    detail = "This is a fault of ours; it has been logged. What you had before is unchanged; try again."
    return problem(500, detail, code="fault")
