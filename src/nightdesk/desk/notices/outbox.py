"""Writes notices down: reads what happened since each target was last looked at, once, in order.

The engine knows nothing of notices. The rows are derived from its events below `store.horizon`, in the
transaction that moves the target's cursor over them, and each has a key that cannot be written twice.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.notices.choosing import MOST, ends, of_event, of_run, others
from nightdesk.desk.notices.summary import of_day
from nightdesk.desk.notices.wording import Wording, Words
from nightdesk.desk.outbox_targets import OutboxTargets
from nightdesk.engine.schedule import Schedule
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.notices import Notice, NoticeTarget

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
        targets = OutboxTargets(self.store, NoticeTarget, self.url)
        if not await targets.are_there():
            return
        await targets.read_on(self._read_events, MOST)
        await targets.each(_LOW, self._tell_of_credits, most=MOST)
        await targets.each(_SUMMARIES, self._sum_up, now=self.clock.now(), most=MOST)

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
        points.reach("notices.outbox.written")

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
