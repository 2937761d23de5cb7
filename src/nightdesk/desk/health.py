"""Whether the desk can do its work: what a load balancer, a supervisor and a worried person ask.

It tells of processes and machines, never of tenants, and its answers are kept for a moment, so that asking
often costs nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.settling import passing
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import Sealer
from nightdesk.kit.vault import VaultRefuses
from nightdesk.stage import QUEUES
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.workers import KeyCheck

__all__ = ["QUEUES", "Health"]

SILENT = 15.0
"""Seconds without a sign of life after which a process counts as dead; workers beat every 2."""

KEPT = 2.0
"""Seconds for which an answer is kept."""

PATIENCE = 5.0
"""Seconds that the database may take to answer."""

_LIVING = text("select 1 from beats where role = :role and seen_at > now() - make_interval(secs => :silent)")
_DESERTED = text("""
    select distinct waiting.queue from (
        select queue from batches where status in ('waiting', 'working') and due_at <= now()
        union
        select 'advance' from queue.pgqueuer
        where entrypoint = 'advance' and status = 'queued' and execute_after <= now()
    ) waiting
    where not exists (
        select from beats where role = 'worker' and seen_at > now() - make_interval(secs => :silent)
          and (queues ? waiting.queue or waiting.queue = 'advance'))
    order by 1
""")
_SCHEDULED = text("select exists (select from line_configs where is_enabled)")
_SEEN_TIMETABLE = text("select exists (select from beats where role = 'timetable')")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """One thing looked at; `says` tells what is wrong and what to do, or that all is well."""

    name: str
    ok: bool
    says: str


@dataclass
class Health:
    """Looks at what the desk stands on."""

    store: Store
    files: Files
    sealer: Sealer
    clock: Clock
    _kept: tuple[float, list[Check]] | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self) -> list[Check]:
        """All checks; a check that could not be made is not passed."""
        async with self._asking:
            now = self.clock.monotonic()
            if self._kept is None or now - self._kept[0] >= KEPT:
                self._kept = (now, await self._look())
            return self._kept[1]

    async def living(self, role: str) -> bool:
        """Whether a process of that role (`worker`, `timetable`) has given a sign of life lately."""
        async with self.store.everywhere() as session:
            return bool(await session.scalar(_LIVING, {"role": role, "silent": SILENT}))

    async def _look(self) -> list[Check]:
        looks: list[tuple[str, Callable[[AsyncSession], Awaitable[Check]]]] = [
            ("workers", self._workers),
            ("timetable", self._timetable),
            ("secret_key", self._secret_key),
        ]
        checks = [self._disk()]
        try:
            async with asyncio.timeout(PATIENCE), self.store.everywhere() as session:
                await session.execute(select(1))
                checks += [await look(session) for _, look in looks]
            checks.append(Check("database", True, "The database answers."))
        except (DBAPIError, PoolTimeout, TimeoutError, OSError) as error:
            _log.warning("health.database_away", extra={"why": type(error).__name__})
            away = "The database does not answer; see that it runs and that its address is right."
            checks = [check for check in checks if check.name == "disk"]
            checks.append(Check("database", False, away))
            checks += [Check(name, False, "Not known while the database is away.") for name, _ in looks]
        return sorted(checks, key=lambda check: check.name)

    async def _workers(self, session: AsyncSession) -> Check:
        deserted = list(await session.scalars(_DESERTED, {"silent": SILENT}))
        if not deserted:
            return Check("workers", True, "Every queue with due work has a living worker.")
        names = ", ".join(f"`{name}`" for name in deserted)
        return Check(
            "workers", False, f"No living worker for due work in {names}; start one with `nightdesk worker`."
        )

    async def _timetable(self, session: AsyncSession) -> Check:
        if await session.scalar(_LIVING, {"role": "timetable", "silent": SILENT}):
            return Check("timetable", True, "The timetable looks at the schedules.")
        expected = await session.scalar(_SCHEDULED) or await session.scalar(_SEEN_TIMETABLE)
        if not expected:
            return Check("timetable", True, "No schedule is on, so no timetable is needed.")
        return Check(
            "timetable", False, "No timetable has looked lately; start one with `nightdesk timetable`."
        )

    async def _secret_key(self, session: AsyncSession) -> Check:
        check = await session.scalar(select(KeyCheck.sealed))
        try:
            await asyncio.to_thread(self.sealer.verify, str(check))
        except (Later, VaultRefuses) as error:
            return Check("secret_key", False, error.why)
        except NeedsPerson:
            says = "The secret key is not the one that sealed what is stored; bring that one back."
            return Check("secret_key", False, says)
        return Check("secret_key", True, "The secret key opens what was sealed.")

    def _disk(self) -> Check:
        beyond_reserve = self.files.free()
        if beyond_reserve is None or beyond_reserve >= 0:
            return Check("disk", True, "There is room for new files.")
        reserve, missing = self.files.reserve // 2**20, -beyond_reserve // 2**20 + 1
        return Check(
            "disk",
            False,
            f"Of the {reserve} MB kept in reserve {missing} MB are missing; make room, and runs go on by "
            "themselves.",
        )


def database_away(error: Exception) -> bool:
    """True where the database cannot be had just now, and the same request may work in a moment."""
    return isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and passing(error))
