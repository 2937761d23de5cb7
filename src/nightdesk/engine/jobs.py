"""The job queue: PgQueuer behind two calls, `defer` inside our transaction and `Crew.work` in a worker.

Nobody knows PgQueuer but this file, `job_driver` and `job_looks`. A job carries ids only; what is to be done
is always read from our own rows, so a job that is delivered twice or for nothing does no harm.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anyio import CancelScope
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Context, Job
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import JobId
from psycopg import AsyncRawCursor
from psycopg.rows import dict_row
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.job_driver import ReconnectingDriver
from nightdesk.engine.job_looks import Looks
from nightdesk.kit import points

ADVANCE = "advance"
SETTINGS = DBSettings(prefix="", db_schema="queue", durability="balanced")

Handler = Callable[[dict[str, Any], CancelScope], Awaitable[None]]


@dataclass(frozen=True)
class Order:
    """A job to be queued: for which entrypoint, what it carries, a key that makes it one, seconds to wait."""

    entrypoint: str
    carries: dict[str, Any]
    key: str | None = None
    delay: float = 0.0


class _SessionDriver:
    """Lets PgQueuer write through the connection of a session, so that a job commits with our rows."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        cursor = AsyncRawCursor(await self._connection(), row_factory=dict_row)
        await cursor.execute(query, args or None)
        return await cursor.fetchall()

    async def execute(self, query: str, *args: object) -> str:
        cursor = AsyncRawCursor(await self._connection())
        await cursor.execute(query, args or None)
        return cursor.statusmessage or ""

    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("select pg_notify($1, $2)", channel, payload)

    async def _connection(self) -> Any:
        return (await (await self._session.connection()).get_raw_connection()).driver_connection


async def defer(session: AsyncSession, orders: Sequence[Order]) -> None:
    """Queues jobs in the session's transaction; one whose key is queued already is left out."""
    if not orders:
        return
    await _queries(_SessionDriver(session)).enqueue(
        [order.entrypoint for order in orders],
        [json.dumps(order.carries).encode() for order in orders],
        [0] * len(orders),
        [timedelta(seconds=order.delay) for order in orders],
        [order.key for order in orders],
        None,
        on_conflict="skip",
    )


async def abort(session: AsyncSession, keys: Sequence[str]) -> None:
    """Has the workers that run these jobs abort them, and takes those not begun out of the queue."""
    found = await session.execute(
        text("select id from queue.pgqueuer where dedupe_key = any(:keys)"), {"keys": list(keys)}
    )
    ids = [JobId(row.id) for row in found]
    if ids:
        queries = _queries(_SessionDriver(session))
        await queries.driver.execute(
            queries.qbq.build_log_job_query(), ids, ["canceled"] * len(ids), [None] * len(ids)
        )
        await queries.notify_job_cancellation(ids)


class Crew:
    """Takes jobs off the queue and hands each to its handler, until told to stop.

    A job whose worker gives no sign of life for `lease` seconds is handed to another worker, which looks for
    such jobs every `poll` seconds.
    """

    def __init__(self, url: str, *, lease: float, poll: float, patience: float, at_once: int) -> None:
        self._driver = ReconnectingDriver(url, patience)
        self._manager = QueueManager(_queries(self._driver, Looks), channel=SETTINGS.channel)
        self._lease = timedelta(seconds=lease)
        self._poll = timedelta(seconds=poll)
        self._at_once = at_once

    def register(self, entrypoint: str, handler: Handler) -> None:
        async def run(job: Job, context: Context) -> None:
            points.reach("jobs.received")
            with context.cancellation:
                await handler(json.loads(job.payload or b"{}"), context.cancellation)
            points.reach("jobs.done")

        self._manager.entrypoint(entrypoint, accepts_context=True)(run)

    async def work(self) -> None:
        """Runs until `stop`; jobs in hand are finished first."""
        try:
            await self._manager.run(
                dequeue_timeout=self._poll,
                batch_size=max(self._at_once // 2, 1),
                max_concurrent_tasks=self._at_once,
                heartbeat_timeout=self._lease,
                log_aggregation_interval=timedelta(minutes=5),
            )
        finally:
            await asyncio.shield(self._driver.close())

    def stop(self) -> None:
        self._manager.shutdown.set()


def _queries(driver: Any, kind: type[Queries] = Queries) -> Queries:
    return kind(
        driver,
        qbe=QueryBuilderEnvironment(settings=SETTINGS),
        qbq=_QUEUE_SQL,
        qbs=_SCHEDULE_SQL,
    )


_QUEUE_SQL = QueryQueueBuilder(settings=SETTINGS)
_SCHEDULE_SQL = QuerySchedulerBuilder(settings=SETTINGS)
