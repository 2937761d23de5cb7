"""Reads back how publications did, at ages that tell something, and so that no failure harms anything."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Publisher
from nightdesk.publishers.results import MOST_AT_ONCE, Measured, Measures
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.results import PublicationResult, ResultReading

AGES = (1, 24, 72, 168, 672)
"""Hours after publishing: an hour, a day, three, a week, four weeks."""

LATE = 29 * 24
"""Hours after which a piece that was never read is not begun with."""

AT_ONCE = 200
ACCOUNTS_AT_ONCE = 4
HOLD = timedelta(minutes=15)
"""How long what is being read is left to its reader; it is tried again then."""

SECONDS = 90.0
"""That an account's answers may take in all."""

MOST_FAILURES = 6
"""In a row; then the next age is waited for."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=30), timedelta(hours=12)

Opening = Callable[[Account], Awaitable[Publisher]]
"""Opens the publisher of an account. Raises `NeedsPerson`, `Later`."""

_BEGIN = text("""
    insert into result_readings (workspace_id, publication_id, due_at)
    select p.workspace_id, p.id, p.live_at + interval '1 hour' from publications p
    where p.state = 'live' and p.live_at > cast(:since as timestamptz) and p.remote_id <> ''
      and not exists (select from result_readings r
                      where r.workspace_id = p.workspace_id and r.publication_id = p.id)
    order by p.live_at limit :most
    on conflict do nothing
""")
_TAKE = text("""
    with chosen as (
        select workspace_id, id from result_readings where due_at <= :now
        order by due_at limit :most for update skip locked)
    update result_readings r set due_at = :until from chosen c
    where r.workspace_id = c.workspace_id and r.id = c.id
    returning r.workspace_id, r.publication_id
""")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readings:
    """Reads what is due. Any number of processes may: what one reads, no other does meanwhile."""

    store: Store
    clock: Clock
    opening: Opening

    async def read_due(self) -> int:
        """Reads all publications whose age has come; returns how many were asked about. A chore."""
        now, asked = self.clock.now(), 0
        facts = {"since": now - timedelta(hours=LATE), "now": now, "until": now + HOLD, "most": AT_ONCE}
        async with self.store.everywhere() as session:
            await session.execute(_BEGIN, facts)
        while True:
            async with self.store.everywhere() as session:
                taken = (await session.execute(_TAKE, facts)).all()
            if not taken:
                return asked
            reach("results.read.taken")
            asked += len(taken)
            by_workspace: dict[int, list[int]] = defaultdict(list)
            for workspace_id, number in taken:
                by_workspace[workspace_id].append(number)
            for workspace_id, numbers in by_workspace.items():
                await self._workspace(workspace_id, numbers)

    async def _workspace(self, workspace_id: int, numbers: Sequence[int]) -> None:
        async with self.store.workspace(workspace_id) as session:
            of_it = (Account.workspace_id == Publication.workspace_id) & (
                Account.id == Publication.account_id
            )
            rows = await session.execute(
                select(Publication, Account)
                .join(Account, of_it)
                .where(Publication.workspace_id == workspace_id, Publication.id.in_(numbers))
                .order_by(Publication.id)
            )
            by_account: dict[int, tuple[Account, list[Publication]]] = {}
            for publication, account in rows:
                by_account.setdefault(account.id, (account, []))[1].append(publication)
        room = asyncio.Semaphore(ACCOUNTS_AT_ONCE)

        async def one(account: Account, publications: list[Publication]) -> None:
            async with room:
                await self._account(account, publications)

        ended = await asyncio.gather(*(one(*of) for of in by_account.values()), return_exceptions=True)
        for error in ended:
            if isinstance(error, asyncio.CancelledError):
                raise error
            if error is not None:
                # It is tried again when its hold ends; other accounts are none the worse for it.
                _log.error("results.failed", exc_info=error)

    async def _account(self, account: Account, publications: list[Publication]) -> None:
        """Asks one account's platform, some pieces at a time, and keeps what it says."""
        for start in range(0, len(publications), MOST_AT_ONCE):
            some = publications[start : start + MOST_AT_ONCE]
            try:
                measured = await self._measure(account, [one.remote_id for one in some])
            except (Later, NeedsPerson, Refused) as ending:
                await self._failed(some, ending.why, getattr(ending, "seconds", None))
                continue
            except TimeoutError:
                await self._failed(some, "The platform did not answer in time.", None)
                continue
            reach("results.read.answered")
            await self._keep(some, measured)
            reach("results.read.kept")

    async def _measure(self, account: Account, remote_ids: list[str]) -> Mapping[str, Measured] | None:
        """None where nothing can be read of the account, ever."""
        if account.removed_at is not None:
            return None
        async with asyncio.timeout(SECONDS):
            publisher = await self.opening(account)
            try:
                return await publisher.measure(remote_ids) if isinstance(publisher, Measures) else None
            finally:
                await publisher.aclose()

    async def _keep(self, some: list[Publication], measured: Mapping[str, Measured] | None) -> None:
        now = self.clock.now()
        async with self.store.workspace(some[0].workspace_id) as session:
            rows = await _readings(session, some)
            for one in some:
                row, told = rows.get(one.id), (measured or {}).get(one.remote_id)
                if row is None or one.live_at is None:
                    continue
                hours = (now - one.live_at) / timedelta(hours=1)
                age = max((at for at in AGES if row.done < at <= hours), default=0)
                if told is not None:
                    await session.execute(_result(one, told, age, now))
                row.done, row.failures = max(row.done, age), 0
                row.read_at = now if told is not None else row.read_at
                row.says = "" if told is not None or measured is None else "The platform shows no such piece."
                row.due_at = _next(one.live_at, hours) if measured is not None else None

    async def _failed(self, some: list[Publication], why: str, seconds: float | None) -> None:
        now = self.clock.now()
        async with self.store.workspace(some[0].workspace_id) as session:
            rows = await _readings(session, some)
            for one in some:
                row = rows.get(one.id)
                if row is None or one.live_at is None:
                    continue
                row.failures, row.says = row.failures + 1, why
                pause = min(FIRST_PAUSE * 2 ** (row.failures - 1), LONGEST_PAUSE)
                row.due_at = now + max(pause, timedelta(seconds=seconds or 0))
                if row.failures >= MOST_FAILURES:
                    hours = (now - one.live_at) / timedelta(hours=1)
                    row.failures, row.due_at = 0, _next(one.live_at, hours)


def _next(live_at: datetime, hours: float) -> datetime | None:
    """When the next age has come; None after the last."""
    return next((live_at + timedelta(hours=age) for age in AGES if age > hours), None)


def _result(one: Publication, told: Measured, age: int, now: datetime) -> Insert:
    facts = {name: getattr(told, name) for name in ("views", "likes", "comments", "shares")}
    of = {"workspace_id": one.workspace_id, "publication_id": one.id, "age": age, "at": now}
    return insert(PublicationResult).values(**of, **facts).on_conflict_do_nothing()


async def _readings(session: AsyncSession, some: list[Publication]) -> dict[int, ResultReading]:
    query = (
        select(ResultReading)
        .where(
            ResultReading.workspace_id == some[0].workspace_id,
            ResultReading.publication_id.in_([one.id for one in some]),
        )
        .order_by(ResultReading.id)
        .with_for_update()
    )
    return {row.publication_id: row for row in await session.scalars(query)}
