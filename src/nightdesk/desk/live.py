"""What happens, as it happens: each workspace's events, once from the database, fanned out in memory.

A client that names the last event it saw gets every later one, in order, each once. It is caught up from
the table below the horizon, then put on the live list and caught up once more, so that nothing falls
between the two; what comes twice is left out by its number.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError

from nightdesk.desk.errors import NotFound, Unavailable
from nightdesk.store import events
from nightdesk.store.announcing import hear
from nightdesk.store.horizon import Horizon
from nightdesk.store.session import Store
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

WAITING = 256
"""Events kept for a client; what comes beyond them it reads from the table. It is dropped, and may resume,
where it takes none while as many more happen."""

QUIET = 1.0
"""Seconds after which the table is looked at without having been announced."""

RETRY_PAUSE = 0.5
PATIENCE = 5.0
"""Seconds that a new client waits for a stream that has not begun."""

PAGE = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """One event as clients get it."""

    id: int
    type: str
    at: datetime
    run_id: str | None
    site_id: int | None
    stage: int | None
    level: str
    message: str
    data: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> "Told":
        run_id = str(event.run_id) if event.run_id else None
        return cls(
            event.id,
            event.type,
            event.at,
            run_id,
            event.site_id,
            event.stage,
            event.level,
            event.message,
            event.data,
        )


@dataclass(frozen=True)
class Wish:
    """Which events a client wants: all of its workspace's, or those of one run or site."""

    workspace_id: int
    run_id: UUID | None = None
    site_id: int | None = None

    def takes(self, told: Told) -> bool:
        of_run = self.run_id is None or told.run_id == str(self.run_id)
        return of_run and (self.site_id is None or told.site_id == self.site_id)


class Dropped(Exception):
    """The client did not read, or the table cannot be read; it may resume after the last event it has."""


class Feed:
    """One client's place in the stream. There are thousands of them: none holds what it does not need yet."""

    def __init__(self, live: "Live", wish: Wish, after: int) -> None:
        self.wish = wish
        self.dropped = False
        self._live, self._seen = live, after
        self._page: list[Told] = []
        """Read from the table, the next one last."""
        self._queue: deque[Told] | None = None
        """Handed in since it joined."""
        self._fell: int | None = None
        """The page of events at which its queue was full; what came since is in the table alone."""
        self._missed = 0
        """Events of later pages that happened since it took one."""
        self._more: asyncio.Future[None] | None = None
        self._lost: asyncio.Future[None] | None = None
        self._joined = self._caught_up = False

    async def next(self, quiet: float) -> Told | None:
        """The next event; None after `quiet` seconds without one. Raises `Dropped`."""
        while True:
            if self.dropped:
                raise Dropped
            if (told := self.at_hand()) is not None:
                return told
            if not self._caught_up:
                await self._catch_up()
                continue
            self._more = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(quiet):
                    await self._more
            except TimeoutError:
                return None
            finally:
                self._more = None

    def at_hand(self) -> Told | None:
        """The next event, if it is in memory already; None does not mean that there is none."""
        while (told := self._waiting()) is not None:
            if told.id > self._seen:
                self._seen, self._missed = told.id, 0
                return told
        return None

    async def until_dropped(self) -> None:
        """Returns once the client has lost its place, even while it takes nothing."""
        if not self.dropped:
            self._lost = asyncio.get_running_loop().create_future()
            await self._lost

    def _waiting(self) -> Told | None:
        if self._page:
            return self._page.pop()
        if self._queue and self._caught_up:
            told = self._queue.popleft()
            if not self._queue:
                self._queue, self._caught_up, self._fell = None, self._fell is None, None
            return told
        return None

    async def _catch_up(self) -> None:
        joined, upto = self._joined, self._live.upto
        try:
            found = await self._live.page(self.wish.workspace_id, self._seen, upto)
        except DBAPIError as error:
            raise Dropped from error
        if found:
            self._page = [told for told in reversed(found) if self.wish.takes(told)]
            if not self._page:
                self._seen = found[-1].id
        elif joined and self._joined:
            self._caught_up = True
        else:
            self._live.join(self)
            self._joined = True

    def hand(self, told: Told, page: int) -> None:
        """Never waits: a client that does not read loses its place in memory, not its events.

        `page` counts the pages of events that were handed out: between two of them a client has had time to
        take some, within one it has not.
        """
        if told.id <= self._seen or not self.wish.takes(told) or self.dropped:
            return
        if self._fell is not None:
            self._missed += page > self._fell
            if self._missed >= WAITING:
                self._queue, self.dropped = None, True
                _wake(self._lost)
        elif self._joined:
            self._keep(told, page)
        _wake(self._more)

    def _keep(self, told: Told, page: int) -> None:
        self._queue = self._queue or deque()
        if len(self._queue) < WAITING:
            self._queue.append(told)
        elif self._caught_up:
            self._joined, self._fell = False, page
        else:
            # It still reads from the table, where all of this stands too, and joins once more afterwards.
            self._queue, self._joined = None, False


def _wake(waiting: "asyncio.Future[None] | None") -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


class Live:
    """One per web process; works while `open` is entered."""

    def __init__(self, store: Store, hearing_url: str, horizon_url: str) -> None:
        """Connection strings: of any role, to listen; of the role that sees all tenants, for the horizon."""
        self._store, self._hearing_url = store, hearing_url
        self._horizon = Horizon(horizon_url)
        self._spread_upto = 0
        self._feeds: dict[int, set[Feed]] = {}
        self._pages = 0
        self._news = asyncio.Event()
        self._begun = asyncio.Event()

    @property
    def upto(self) -> int:
        """The id up to which events can be read for good."""
        return self._horizon.upto

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listens and reads while the block runs."""
        tasks = [
            asyncio.create_task(hear(self._hearing_url, self._news.set, seconds=QUIET)),
            asyncio.create_task(self._read_on()),
        ]
        try:
            # A page that is shown before it is known what has happened would be told all of it.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._begun.wait()
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._horizon.close()
            self._begun.clear()

    @contextlib.asynccontextmanager
    async def follow(self, wish: Wish, after: int | None) -> AsyncIterator[Feed]:
        """A feed of events: after number `after`, or from now on. Raises `NotFound`, `Unavailable`."""
        await self._check(wish)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._begun.wait()
        except TimeoutError as error:
            raise Unavailable("The stream of events cannot be read just now; try again soon.") from error
        feed = Feed(self, wish, await self._start(after))
        try:
            yield feed
        finally:
            feeds = self._feeds.get(wish.workspace_id, set())
            feeds.discard(feed)
            if not feeds:
                self._feeds.pop(wish.workspace_id, None)

    def join(self, feed: Feed) -> None:
        """Puts a feed on the live list."""
        self._feeds.setdefault(feed.wish.workspace_id, set()).add(feed)

    async def page(self, workspace_id: int, after: int, upto: int) -> list[Told]:
        """The next events from the table."""
        if after >= upto:
            return []
        async with self._store.workspace(workspace_id) as session:
            found = await events.between(session, workspace_id, after, upto, PAGE)
        return [Told.of(event) for event in found]

    async def _check(self, wish: Wish) -> None:
        async with self._store.workspace(wish.workspace_id) as session:
            if wish.run_id and await session.get(Run, (wish.workspace_id, wish.run_id)) is None:
                raise NotFound("run")
            if wish.site_id and await session.get(Site, (wish.workspace_id, wish.site_id)) is None:
                raise NotFound("site")

    async def _start(self, after: int | None) -> int:
        """Where to begin; an id that was never given out, as after a restored backup, counts as now."""
        if after is None or (after > self.upto and after > await self._horizon.given_out()):
            return self.upto
        return after

    async def _read_on(self) -> None:
        while True:
            try:
                await self._advance()
            except (DBAPIError, OperationalError) as error:
                _log.warning("live.put_off", extra={"why": type(error).__name__})
                await asyncio.sleep(RETRY_PAUSE)
                continue
            await self._news.wait()
            self._news.clear()

    async def _advance(self) -> None:
        """Moves the horizon and hands out what it passed; where that fails, all of it is handed out again."""
        await self._horizon.advance()
        if not self._begun.is_set():
            self._spread_upto = self.upto
            self._begun.set()
        if self._feeds and self.upto > self._spread_upto:
            for workspace_id in await self._horizon.whose(self._spread_upto, self.upto) & self._feeds.keys():
                await self._spread(workspace_id, self._spread_upto, self.upto)
        self._spread_upto = self.upto

    async def _spread(self, workspace_id: int, after: int, upto: int) -> None:
        while found := await self.page(workspace_id, after, upto):
            self._pages += 1
            for told in found:
                for feed in self._feeds.get(workspace_id, set()):
                    feed.hand(told, self._pages)
            after = found[-1].id
