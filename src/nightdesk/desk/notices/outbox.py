"""Writes notices down: reads what happened since each target was last looked at, once, in order.

The engine knows nothing of notices. The rows are derived from its events below `store.horizon`, in the
transaction that moves the target's cursor over them, and each has a key that cannot be written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.notices.choosing import MOST, ends, of_event, of_run, others
from nightdesk.desk.notices.summary import of_day
from nightdesk.desk.notices.wording import Wording, Words
from nightdesk.engine.schedule import Schedule
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.horizon import Horizon
from nightdesk.store.session import Store
from nightdesk.store.tables.notices import Notice, NoticeTarget

_ANY = text("select 1 from notice_targets limit 1")
_NEWS = text("""
    select t.workspace_id, t.id from notice_targets t
    where exists (select 1 from events e
                  where e.workspace_id = t.workspace_id and e.id > t.seen and e.id <= :upto)
    order by t.seen limit :most
""")
_LOW = text("""
    select t.workspace_id, t.id from notice_targets t
    where t.wants @> '["credits_low"]' and t.low_told <> (
        select coalesce(sum(a.balance), 0) < t.credits_below from credit_accounts a
        where a.workspace_id = t.workspace_id and a.kind in ('wallet', 'held'))
    limit :most
""")
_LEFT = text("""
    select coalesce(sum(balance), 0) from credit_accounts
    where workspace_id = :workspace and kind in ('wallet', 'held')
""")
_SUMMARIES = text("""
    select workspace_id, id from notice_targets where summary_at <= :now order by summary_at limit :most
""")


@dataclass(frozen=True)
class Outbox:
    """Fills the outbox; any number of processes may at once."""

    store: Store
    clock: Clock
    url: str
    """A connection string of the role that sees all tenants, for the horizon."""
    wording: Wording

    async def fill(self) -> None:
        """Writes every notice that is due, and returns."""
        if not await self._which(_ANY):
            return
        upto = await self._upto()
        for workspace_id, target_id in await self._which(_NEWS, upto=upto, most=MOST):
            async with self.store.workspace(workspace_id) as session:
                target = await _locked(session, workspace_id, target_id)
                if target is not None:
                    await self._read_events(session, target, upto)
                    points.reach("notices.outbox.written")
        for workspace_id, target_id in await self._which(_LOW, most=MOST):
            async with self.store.workspace(workspace_id) as session:
                target = await _locked(session, workspace_id, target_id)
                if target is not None:
                    await self._tell_of_credits(session, target)
        for workspace_id, target_id in await self._which(_SUMMARIES, now=self.clock.now(), most=MOST):
            async with self.store.workspace(workspace_id) as session:
                target = await _locked(session, workspace_id, target_id)
                if target is not None:
                    await self._sum_up(session, target)

    async def _upto(self) -> int:
        """The event up to which nothing can be added any more."""
        horizon = Horizon(self.url)
        try:
            await horizon.advance()
            return horizon.upto
        finally:
            await horizon.close()

    async def _which(self, query: Any, **facts: Any) -> Sequence[Any]:
        async with self.store.everywhere() as session:
            return (await session.execute(query, facts)).all()

    async def _read_events(self, session: AsyncSession, target: NoticeTarget, upto: int) -> None:
        found = await ends(session, target, upto)
        told = await others(session, target, upto)
        # Where there were more than are read at once, only what lies before all that was left out is done.
        read = ([event for event, _, _ in found], told)
        last = min([*(some[-1].id for some in read if len(some) == MOST), upto])
        for event, run, site in found:
            words = (
                await of_run(session, self.wording, target, event, run, site) if event.id <= last else None
            )
            if words is not None:
                await self._write(session, target, f"event:{event.id}", words)
        for event in told:
            words = await of_event(session, self.wording, target, event) if event.id <= last else None
            if words is not None:
                await self._write(session, target, f"event:{event.id}", words)
        target.seen = last

    async def _tell_of_credits(self, session: AsyncSession, target: NoticeTarget) -> None:
        """Once when they fall below what the target names, and again only after they were above it."""
        left = int(await session.scalar(_LEFT, {"workspace": target.workspace_id}) or 0)
        low = left < target.credits_below
        if low and not target.low_told:
            words = self.wording.credits_low(left, target.credits_below)
            await self._write(session, target, f"credits:{self.clock.now()}", ("credits_low", words))
        target.low_told = low

    async def _sum_up(self, session: AsyncSession, target: NoticeTarget) -> None:
        """One summary, however many were missed."""
        now = self.clock.now()
        day = cast(datetime, target.summary_at).astimezone(ZoneInfo(target.timezone)).date()
        found = await of_day(session, target.workspace_id, now - timedelta(days=1), now, target.timezone)
        await self._write(session, target, f"day:{day}", ("summary", self.wording.summary(found)))
        target.summary_at = next_summary(target, now)

    async def _write(
        self, session: AsyncSession, target: NoticeTarget, key: str, said: tuple[str, Words]
    ) -> None:
        now = self.clock.now()
        new = insert(Notice).values(
            workspace_id=target.workspace_id,
            target_id=target.id,
            key=key,
            kind=said[0],
            title=said[1].title,
            body=said[1].body,
            due_at=now,
            made_at=now,
        )
        await session.execute(new.on_conflict_do_nothing())


def next_summary(target: NoticeTarget, now: datetime) -> datetime | None:
    """When the target is next sent a summary; None where it wants none."""
    if "summary" not in target.wants:
        return None
    return Schedule("daily", time(target.hour), ZoneInfo(target.timezone)).next_after(now)


async def _locked(session: AsyncSession, workspace_id: int, target_id: int) -> NoticeTarget | None:
    """The target, unless another process has it in hand."""
    query = select(NoticeTarget).where(
        NoticeTarget.workspace_id == workspace_id, NoticeTarget.id == target_id
    )
    return (await session.scalars(query.with_for_update(skip_locked=True))).one_or_none()
