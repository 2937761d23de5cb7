"""Turns what goes wrong into pages, and for htmx into toasts and messages at the field that is at fault."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.desk import errors
from nightdesk.desk.health import database_away
from nightdesk.desk.people import NotAllowed, SignInOver, TooManyGuesses, WrongCode, WrongPassword
from nightdesk.faces.web.rendering import Templates
from nightdesk.kit.endings import Later, NeedsPerson

STATUS: Mapping[type[Exception], int] = {
    errors.NotFound: 404,
    errors.Invalid: 422,
    errors.Unreadable: 422,
    errors.Taken: 409,
    errors.RunActive: 409,
    errors.Conflict: 409,
    errors.InsufficientCredits: 402,
    errors.Unavailable: 503,
    errors.Full: 413,
    errors.DeskError: 400,
    NotAllowed: 403,
    WrongPassword: 403,
    WrongCode: 403,
    SignInOver: 403,
    TooManyGuesses: 429,
}
TITLES = {
    402: "Not enough credits",
    403: "Not for your role",
    404: "There is nothing here",
    405: "Not possible here",
    409: "Not as things stand",
    413: "Too large",
    422: "Something needs another look",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "Back in a moment",
}
LEADS = {402: {"path": "/credits", "label": "Add credits"}}
"""Where something can be done about it."""

RETRY_SECONDS = "5"

_log = logging.getLogger(__name__)


def install(app: Starlette) -> None:
    """Has every error of the app answered by a page or a toast."""
    app.add_exception_handler(errors.DeskError, _said)
    app.add_exception_handler(HTTPException, _http)
    for ending in (Later, NeedsPerson):
        app.add_exception_handler(ending, _ended)
    app.add_exception_handler(500, _unexpected)


def status_of(error: Exception) -> int:
    """The status of what the desk said."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


async def _said(request: Request, error: Exception) -> Response:
    field = error.field if isinstance(error, errors.Invalid) else ""
    if field:
        _log.info(
            "input refused", extra={"action": "input_refused", "field": field, "path": request.url.path}
        )
    return fault(request, status_of(error), str(error), field)


async def _ended(request: Request, error: Exception) -> Response:
    """Something outside that this needs, as a key vault, is away or waits for a person."""
    _log.warning("web.ended", extra={"why": str(error)})
    return fault(request, 503, str(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    says = str(error.detail)
    if error.status_code == 404:
        says = "The address may be mistyped, or what was here has been deleted."
    elif error.status_code == 405:
        says = "This address does not do that. Go back and try again from its page."
    return fault(request, error.status_code, says)


async def _unexpected(request: Request, error: Exception) -> Response:
    number = getattr(request.state, "request_id", "")
    _log.error("web.fault", extra={"request_id": number, "kind": type(error).__name__})
    says = (
        "This is a fault of ours and has been logged. What you had before is unchanged; try again, and if it "
        f"stays, tell whoever runs this desk the number {number}."
    )
    return fault(request, 500, says)


def fault(request: Request, status: int, says: str, field: str = "") -> Response:
    """The page or toast that tells of it."""
    templates: Templates = request.app.state.templates
    headers: dict[str, str] = {}
    if status == 503:
        headers["Retry-After"] = RETRY_SECONDS
    if request.headers.get("hx-request") == "true":
        facts: dict[str, Any] = {"says": says, "kind": "danger", "undo": None, "field": field}
        facts["lead"] = LEADS.get(status)
        return HTMLResponse(templates.block("toast.html", "toast", facts), status, headers)
    if status == 503 and request.method == "GET":
        headers["Refresh"] = RETRY_SECONDS
    caller = getattr(request.state, "caller", None)
    facts = {"status": status, "title": TITLES.get(status, "It did not work"), "says": says, "caller": caller}
    facts["lead"] = LEADS.get(status)
    return HTMLResponse(templates.page("fault.html", facts), status, headers)


class DatabaseAway:
    """Pure ASGI: a database that cannot be had is a page that tries again by itself, wherever it showed."""

    def __init__(self, app: ASGIApp, pages: Starlette) -> None:
        self._app, self._pages = app, pages

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
            _log.warning("web.database_away", extra={"why": type(error).__name__})
            scope["app"] = self._pages
            says = (
                "The database does not answer just now. Nothing was changed; this page tries again by itself."
            )
            await fault(Request(scope), 503, says)(scope, receive, send)
