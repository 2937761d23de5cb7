"""The one stream of an open page: says which things changed, and nothing of what they are."""

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nightdesk.desk.errors import NotFound
from nightdesk.desk.live import Dropped, Feed, Wish
from nightdesk.faces.web.identity import CallerOf, token_of
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit
from nightdesk.kit.clock import Clock

HEARTBEAT = 15.0
"""Seconds after which a quiet stream says that it lives."""

TOGETHER = 0.25
"""Seconds within which changes are told of together; the first after a pause is told at once."""

RECHECK = 60.0
"""Seconds between two looks at whether the session has ended."""

RETRY_MS = 1000
BIGGEST = 2**63 - 1
WORDS = {"run_log": "log", "content_decided": "review"}
"""What a page calls the kinds of events; any other is called by its first word."""


def word(kind: str) -> str:
    """`run_progress` is a change of `run`."""
    return WORDS.get(kind) or kind.partition("_")[0]


async def live(visit: Visit) -> Response:
    wish = Wish(visit.workspace, _run(visit.query.get("run")), _number(visit.query.get("site")))
    after = _number(visit.request.headers.get("last-event-id") or visit.query.get("after"))
    place = visit.desk.live.follow(wish, after)
    return Changes(await place.__aenter__(), place, visit.desk.health.clock, visit.request)


class Changes(Response):
    """A feed as `changed` events, until the page is left, the session ends or the client is too slow."""

    media_type = "text/event-stream"

    def __init__(
        self, feed: Feed, place: AbstractAsyncContextManager[Feed], clock: Clock, request: Request
    ) -> None:
        """`place` is left with the stream."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._feed, self._place, self._clock = feed, place, clock
        self._caller_of: CallerOf = request.app.state.desk.sessions.caller_of
        self._token = token_of(request)

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._until_left(receive, send)
        finally:
            await self._place.__aexit__(None, None, None)

    async def _until_left(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        telling = asyncio.create_task(self._tell(send))
        try:
            while (await receive())["type"] != "http.disconnect" and not telling.done():
                pass
        finally:
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling

    async def _tell(self, send: Send) -> None:
        async def say(text: str, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

        await say(f"retry: {RETRY_MS}\n\n")
        looked = self._clock.monotonic()
        with contextlib.suppress(Dropped):
            while True:
                changed = await self._changed()
                await say(changed or "event: still\ndata: \n\n")
                await asyncio.sleep(TOGETHER)
                if self._clock.monotonic() - looked > RECHECK:
                    looked = self._clock.monotonic()
                    if await self._caller_of(self._token) is None:
                        break
        await say("", more=False)

    async def _changed(self) -> str:
        """The next event with all that follow closely; the empty string after a quiet while."""
        told = await self._feed.next(HEARTBEAT)
        if told is None:
            return ""
        words, last = {word(told.type)}, told.id
        while (told := self._feed.at_hand()) is not None:
            words.add(word(told.type))
            last = told.id
        return f"id: {last}\nevent: changed\ndata: {' '.join(sorted(words))}\n\n"


def _number(given: str | None) -> int | None:
    if given and given.isascii() and given.isdecimal() and int(given[:20]) <= BIGGEST:
        return int(given[:20])
    return None


def _run(given: str | None) -> UUID | None:
    """Raises `NotFound` for what is no run's id."""
    try:
        return UUID(given) if given else None
    except ValueError as error:
        raise NotFound("run") from error


ROUTES = (page("/live", live),)
