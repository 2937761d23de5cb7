"""A worker: takes batches off its queues until it is told to stop, and shows that it lives."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anyio import CancelScope
from sqlalchemy.exc import DBAPIError

from nightdesk.engine import jobs
from nightdesk.engine.batch import Batches
from nightdesk.engine.upkeep import Upkeep
from nightdesk.store.patience import PATIENCE

FOLD_EVERY = 15
"""Rounds of upkeep between two foldings of the tallies."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """Seconds: `lease` until a silent worker's batches are taken up, `poll` between looks at a silent queue,
    `beat` between signs of life and sweeps, `grace` that a due batch may be without a job, `patience` with a
    database that does not answer.

    Nobody announces that a lease is over: it is found `poll` seconds later at most, and both together stay
    below the 10 s of PROMISES P1.
    """

    lease: float = 8.0
    poll: float = 1.5
    beat: float = 2.0
    grace: float = 3.0
    patience: float = PATIENCE
    at_once: int = 64


class Worker:
    """Works the queues given."""

    def __init__(
        self, url: str, batches: Batches, upkeep: Upkeep, queues: Sequence[str], rhythm: Rhythm
    ) -> None:
        self._batches, self._upkeep, self._queues, self._rhythm = batches, upkeep, list(queues), rhythm
        self._crew = jobs.Crew(
            url,
            lease=rhythm.lease,
            poll=rhythm.poll,
            patience=rhythm.patience,
            at_once=rhythm.at_once,
        )
        for queue in queues:
            self._crew.register(f"batch.{queue}", self._do)
        self._crew.register(jobs.ADVANCE, self._advance)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop`; batches in hand are finished first."""
        living = asyncio.create_task(self._live(), name="signs of life")
        try:
            await self._crew.work()
        finally:
            self._stopping.set()
            await living

    def stop(self) -> None:
        self._stopping.set()
        self._crew.stop()

    async def _do(self, carries: dict[str, Any], _: CancelScope) -> None:
        await self._batches.do(int(carries["workspace"]), int(carries["batch"]))

    async def _advance(self, carries: dict[str, Any], _: CancelScope) -> None:
        await self._batches.advance(int(carries["workspace"]), UUID(carries["run"]))

    async def _live(self) -> None:
        rounds = 0
        while not self._stopping.is_set():
            try:
                await self._upkeep.beat(self._batches.worker, "worker", self._queues)
                await self._upkeep.sweep(self._rhythm.grace)
                if rounds % FOLD_EVERY == 0:
                    await self._upkeep.fold_tallies()
                    await self._upkeep.forget_old_requests()
                    await self._upkeep.resume_where_disk_is_back()
            except DBAPIError as error:
                _log.warning("worker.upkeep_put_off", extra={"why": type(error.orig).__name__})
            rounds += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._rhythm.beat)
        with contextlib.suppress(DBAPIError):
            await self._upkeep.leave(self._batches.worker)
