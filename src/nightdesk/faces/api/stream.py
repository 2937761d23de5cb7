"""The events of a workspace as they happen: server-sent events and a web socket over one feed."""

import asyncio
import contextlib
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound, Unavailable
from nightdesk.desk.live import Dropped, Feed, Told, Wish
from nightdesk.faces.api.identity import bearer, log_refused, name_of, of_key, session_of
from nightdesk.faces.api.limits import STREAM
from nightdesk.faces.api.problems import problem
from nightdesk.faces.api.shapes import in_utc
from nightdesk.kit.http.origin import named_origin

HEARTBEAT = 15.0
"""Seconds after which a quiet stream says that it lives."""

RETRY_MS = 2000
BIGGEST = 2**63 - 1
LARGEST_FRAME = 64 * 1024
PATIENCE = 10.0
"""Seconds that a browser may take to send its key in its first message."""

RECHECK = 30.0
"""Seconds between two looks at whether the key of a stream is still good."""

PROTOCOL = "nightdesk"
NO_IDENTITY, NOT_FOUND, TOO_BIG, BAD_REQUEST, TRY_AGAIN = 4401, 4404, 1009, 4400, 1013


class Malformed(ValueError):
    """A parameter cannot be read; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Asked:
    """What a client asks for: from where on, and of which run or site."""

    after: int | None
    run_id: UUID | None
    site_id: int | None

    @classmethod
    def read(cls, given: Mapping[str, Any], header: str | None = None) -> "Asked":
        """Raises `Malformed`. The header of a client that resumes goes before its address."""
        run_id = given.get("run_id")
        try:
            run = UUID(str(run_id)) if run_id not in (None, "") else None
        except ValueError as error:
            raise Malformed("run_id", "A run's id is a UUID.") from error
        after = header if header not in (None, "") else given.get("last_event_id")
        return cls(_number("last_event_id", after), run, _number("site_id", given.get("site_id")))


def _number(field: str, given: Any) -> int | None:
    if given is None or given == "":
        return None
    text = str(given)
    if not (text.isascii() and text.isdecimal()) or int(text[:20]) > BIGGEST:
        raise Malformed(field, "A whole number, 0 or more.")
    return int(text)


def message(told: Told) -> dict[str, Any]:
    """An event as clients get it: its own facts beside those that every event has."""
    named = {"run_id": told.run_id, "site_id": told.site_id, "stage": told.stage}
    return {
        **told.data,
        "type": told.type,
        "id": told.id,
        "at": in_utc(told.at),
        "level": told.level,
        "message": told.message,
        **{name: value for name, value in named.items() if value is not None},
    }


def spelled(told: Told) -> str:
    return json.dumps(message(told), ensure_ascii=False, separators=(",", ":"))


async def events(request: Request) -> Response:
    """`GET /api/v1/events`: server-sent events; `Last-Event-ID` goes on where the client left off."""
    desk: Desk = request.app.state.desk
    if request.method == "HEAD":
        return Response(media_type=EventStream.media_type)
    try:
        asked = Asked.read(request.query_params, request.headers.get("last-event-id"))
    except Malformed as error:
        fields = [{"field": error.field, "message": str(error)}]
        return problem(400, f"Look at: {error.field}.", code="invalid", fields=fields)
    leaving = contextlib.AsyncExitStack()
    wish = Wish(request.state.workspace_id, asked.run_id, asked.site_id)
    feed = await leaving.enter_async_context(desk.live.follow(wish, asked.after))
    return EventStream(feed, leaving, ended(desk, bearer(request.scope), session_of(request)))


class EventStream(Response):
    """A feed as server-sent events, until either side leaves."""

    media_type = "text/event-stream"

    def __init__(
        self, feed: Feed, leaving: contextlib.AsyncExitStack, ends: Coroutine[Any, Any, None]
    ) -> None:
        """`leaving` is closed, and `ends` is awaited as a reason to end, with the stream."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._feed, self._leaving, self._ends = feed, leaving, ends

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        async with self._leaving:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await until_one_ends(self._tell(send), _left(receive), self._feed.until_dropped(), self._ends)

    async def _tell(self, send: Send) -> None:
        async def say(text: str) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

        await say(f"retry: {RETRY_MS}\n\n")
        with contextlib.suppress(Dropped):
            while True:
                told = await self._feed.next(HEARTBEAT)
                if told is None:
                    await say(": still here\n\n")
                else:
                    await say(f"id: {told.id}\nevent: {told.type}\ndata: {spelled(told)}\n\n")


async def ended(desk: Desk, key: str, session: str = "") -> None:
    """Returns once the key, or without one the session, opens nothing any more."""
    while True:
        await asyncio.sleep(RECHECK)
        with contextlib.suppress(DBAPIError):
            if await (desk.people.workspace_of(key) if key else desk.sessions.caller_of(session)) is None:
                return


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def until_one_ends(*doings: Any) -> None:
    """Runs all at once until the first has ended, then ends the others; raises what the first raised."""
    tasks = [asyncio.ensure_future(doing) for doing in doings]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Refusal(Exception):
    """The socket is closed with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        super().__init__(reason)


async def socket(websocket: WebSocket) -> None:
    """`WS /ws/events`: the same events as messages.

    The key comes in the `Authorization` header, as the subprotocol after `nightdesk`, or in the first
    message, `{"key": "nd_…", "last_event_id": 7, "run_id": …, "site_id": …}`; a page of ours needs none. It
    is not taken from the address, because addresses are written to logs.
    """
    if "origin" in websocket.headers and not named_origin(websocket.headers):
        log_refused("origin_refused", websocket.scope)
        await websocket.close()
        return
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(PROTOCOL if PROTOCOL in offered else None)
    desk: Desk = websocket.app.state.desk
    try:
        key, given = await _shown(websocket, offered)
        wish, after = await _wish(desk, key, session_of(websocket), given)
        async with desk.live.follow(wish, after) as feed:
            ends = (feed.until_dropped(), ended(desk, key, session_of(websocket)))
            await until_one_ends(_tell(websocket, feed), _listen(websocket), *ends)
        if not feed.dropped:
            raise Refusal(NO_IDENTITY, "This key opens nothing any more.")
        raise Refusal(TRY_AGAIN, "Too slow; resume after the last event you have.")
    except WebSocketDisconnect:
        return
    except NotFound as error:
        await _close(websocket, NOT_FOUND, str(error))
    except Unavailable as error:
        await _close(websocket, TRY_AGAIN, str(error))
    except Refusal as refusal:
        if refusal.code == NO_IDENTITY:
            log_refused("key_refused", websocket.scope)
        await _close(websocket, refusal.code, str(refusal))


async def _shown(websocket: WebSocket, offered: list[str]) -> tuple[str, dict[str, Any]]:
    """The key, and what else was asked for."""
    given: dict[str, Any] = dict(websocket.query_params)
    key = bearer(websocket.scope) or next((name for name in offered if name != PROTOCOL), "")
    if key or session_of(websocket):
        return key, given
    first = await _first_message(websocket)
    return str(first.pop("key", "")), given | first


async def _wish(desk: Desk, key: str, session: str, given: dict[str, Any]) -> tuple[Wish, int | None]:
    caller = None if key else await desk.sessions.caller_of(session)
    workspace_id = caller.workspace_id if caller else await desk.people.workspace_of(key)
    if workspace_id is None:
        raise Refusal(NO_IDENTITY, "Send a key of your workspace.")
    if desk.pace.wait(name_of(caller) if caller else of_key(key), STREAM):
        raise Refusal(TRY_AGAIN, "So many streams at once are not opened for one caller; try again.")
    try:
        asked = Asked.read(given)
    except Malformed as error:
        raise Refusal(BAD_REQUEST, f"{error.field}: {error}") from error
    return Wish(workspace_id, asked.run_id, asked.site_id), asked.after


async def _first_message(websocket: WebSocket) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE):
            text = await _frame(websocket)
        found = json.loads(text)
    except (TimeoutError, ValueError, RecursionError) as error:
        raise Refusal(NO_IDENTITY, "The first message must hold your key.") from error
    return found if isinstance(found, dict) else {}


async def _frame(websocket: WebSocket) -> str:
    frame = await websocket.receive()
    if frame["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(frame.get("code", 1000))
    text = frame.get("text")
    given = text if text is not None else frame.get("bytes") or b""
    if len(given) > LARGEST_FRAME:
        raise Refusal(TOO_BIG, "A message is at most 64 KB.")
    return given if isinstance(given, str) else given.decode("utf-8", "replace")


async def _tell(websocket: WebSocket, feed: Feed) -> None:
    with contextlib.suppress(Dropped):
        while True:
            told = await feed.next(HEARTBEAT)
            if told is not None:
                await websocket.send_text(spelled(told))


async def _listen(websocket: WebSocket) -> None:
    while True:
        await _frame(websocket)


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    """Gives up on a client that does not even take the farewell."""
    with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(1):
            await websocket.close(code, reason)


ROUTES: tuple[BaseRoute, ...] = (
    Route("/api/v1/events", events, methods=["GET"]),
    Route("/api/events", events, methods=["GET"]),
    WebSocketRoute("/ws/events", socket),
    WebSocketRoute("/api/ws/events", socket),
    WebSocketRoute("/api/v1/ws/events", socket),
)
