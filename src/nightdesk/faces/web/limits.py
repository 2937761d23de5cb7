"""How fast a person may ask: a page or toast that says when to go on for who asks too much at once."""

import logging
import math
import re

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk.people.guesses import network_of
from nightdesk.faces.web.faults import fault
from nightdesk.kit.pace import Pace

HEAVY = re.compile(
    r"/sites/[^/]+/(run|planner/import/(look|run)|sources/(files|page))"
    r"|/sites/[^/]+/(feeds/(add|seed|scrape|list)|topics/(propose|trends))"
    r"|/sites/import(/look)?"
    r"|/sites/[^/]+/settings/videos/given/[^/]+(/back)?"
    r"|/settings/((models|prompts)/[^/]+/try|brand/logo)"
    r"|/review/\d+/pictures/(make|\d+/(again|replace))"
    r"|/welcome/example"
)
"""What is posted there starts runs, asks providers, reads files or fetches pages."""

HEAVY_TO_GET = re.compile(r"/credits/ledger\.csv|/sites/[^/]+/settings/export")
"""What is read there reads much of the database."""

BY_ITSELF = 0.2
"""What a page asks for without a press counts so much: its pictures, its stream, what changed on it."""

_log = logging.getLogger(__name__)


class Limits:
    """Pure ASGI, inside the identity: counts requests by person, and by address where nobody is signed in."""

    def __init__(self, app: ASGIApp, pace: Pace, pages: Starlette) -> None:
        self._app, self._pace, self._pages = app, pace, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            wait = self._pace.wait(_who(scope), _weight(scope), heavy=_heavy(scope))
            if wait:
                await self._hold_back(math.ceil(wait), scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _hold_back(self, seconds: int, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        asked = {"path": scope["path"][:200], "address": client[0] if client else ""}
        _log.warning("request held back", extra=asked | {"action": "held_back"})
        says = (
            "So much at once is not taken from one person or address. Nothing was changed; "
            f"try again in {seconds} second{'s' if seconds > 1 else ''}."
        )
        scope["app"] = self._pages
        answer = fault(Request(scope), 429, says)
        answer.headers["Retry-After"] = str(seconds)
        await answer(scope, receive, send)


def _who(scope: Scope) -> str:
    caller = scope["state"]["caller"]
    if caller is not None:
        return f"person {caller.person_id}"
    client = scope.get("client")
    return network_of(client[0]) if client else "address unknown"


def _weight(scope: Scope) -> float:
    if scope["method"] != "GET":
        return 1.0
    by_itself = scope["path"] == "/live" or scope["path"].startswith("/media/")
    return BY_ITSELF if by_itself or (b"hx-request", b"true") in scope["headers"] else 1.0


def _heavy(scope: Scope) -> bool:
    where = HEAVY if scope["method"] == "POST" else HEAVY_TO_GET
    return where.fullmatch(scope["path"]) is not None
