"""Starts the runs that are due, each planned instant once, however many timetables look at once.

Like the migrations it sees all tenants: a tick takes hundreds of due schedules in one transaction. It writes
the run and its first job and no more; a worker takes it from there.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine import jobs
from nightdesk.engine.schedule import Frequency, Schedule, parse_time
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit import ids, points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig, Occurrence
from nightdesk.store.tables.autopilot import STOPS_SCHEDULE, Pilot
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

AT_ONCE = 500
"""Due schedules that one tick takes; the next tick follows at once while there are more."""

MOST_MISSED = 31
"""Of the instants that a schedule missed, how many of the newest are written down."""

DAYS = {"daily": 1, "weekly": 7, "monthly": 30}
"""Days between two runs of a schedule, which a month has about."""

MISSED = "missed"
A_RUN_WAS_ACTIVE = "A run was active."

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """A schedule that is due: its config, when it was planned for, when it is next, and what it missed."""

    config: LineConfig
    planned: datetime
    following: datetime
    missed: Sequence[datetime]
    run_id: UUID


@dataclass(frozen=True)
class Timetable:
    """Looks for due schedules."""

    store: Store
    upkeep: Upkeep
    clock: Clock
    name: str
    pause: float = 1.0
    announce: Callable[[], None] = lambda: None

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks until told to stop; a database that is away is waited for."""
        last = None
        while not stopping.is_set():
            try:
                await self.upkeep.beat(self.name, "timetable", [])
                last = await self.look(last)
            except (DBAPIError, PoolTimeout) as error:
                why = type(error.orig if isinstance(error, DBAPIError) else error).__name__
                _log.warning("timetable.put_off", extra={"why": why})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), self.pause)
        with contextlib.suppress(DBAPIError, PoolTimeout):
            await self.upkeep.leave(self.name)

    async def look(self, last: datetime | None) -> datetime:
        """Starts all that is due; returns what the clock says. `last` is what it said at the look before."""
        now = self.clock.now()
        if last is None or now < last:
            await self.pull_back()
        while await self.tick() == AT_ONCE:
            continue
        return now

    async def tick(self) -> int:
        """Starts what is due now, at most `AT_ONCE` schedules; returns how many it looked at."""
        now = self.clock.now()
        async with self.store.everywhere() as session:
            found = await _due(session, now)
            judged = [self._judge(config, zone, now) for config, zone in found]
            due = [one for one in judged if one is not None]
            if due:
                fresh = await _reserve(session, due, now)
                started = await self._start(session, fresh, now)
                await _note_missed(session, fresh, now)
                await _note_skipped(session, [d for d in fresh if d.run_id not in started])
                await _note_started(session, [d for d in fresh if d.run_id in started], now)
                await _move_on(session, due, started, now)
                points.reach("timetable.written")
        points.reach("timetable.ticked")
        if due:
            self.announce()
        return len(found)

    async def pull_back(self) -> None:
        """Plans anew what lies further ahead than its schedule allows, as after a clock that ran ahead."""
        now = self.clock.now()
        async with self.store.everywhere() as session:
            query = (
                select(LineConfig, Site.timezone)
                .join(Site, (Site.workspace_id == LineConfig.workspace_id) & (Site.id == LineConfig.site_id))
                .where(LineConfig.is_enabled, LineConfig.next_run_at > now)
                .with_for_update(of=LineConfig)
            )
            for config, zone in (await session.execute(query)).all():
                schedule = _readable(config, zone)
                if schedule is not None:
                    planned = cast(datetime, config.next_run_at)
                    config.next_run_at = min(planned, schedule.next_after(now))

    def _judge(self, config: LineConfig, zone: str, now: datetime) -> Due | None:
        """Of several missed instants the latest alone counts (PROMISES P5).

        One that cannot be read is put aside until somebody sets it again: it must not stop all others.
        """
        schedule = _readable(config, zone)
        if schedule is None:
            config.next_run_at = None
            return None
        first = cast(datetime, config.next_run_at)
        planned = schedule.latest(first, now) or first
        missed = [first, *schedule.between(first, planned)][:-1] if planned != first else []
        return Due(config, planned, schedule.next_after(now), missed, ids.sortable_id(self.clock))

    async def _start(self, session: AsyncSession, due: Sequence[Due], now: datetime) -> set[UUID]:
        """Writes the runs; where one is active for the site, the index leaves the new one out."""
        if not due:
            return set()
        rows = [
            {
                "workspace_id": d.config.workspace_id,
                "id": d.run_id,
                "site_id": d.config.site_id,
                "line": d.config.line,
                "trigger_type": "scheduled",
                "settings": run_settings(d.config) | _most(d.config),
                "started_at": now,
            }
            for d in due
        ]
        written = await session.scalars(upsert(Run).on_conflict_do_nothing().returning(Run.id), rows)
        started = set(written)
        orders = [
            jobs.Order(
                jobs.ADVANCE,
                {"workspace": d.config.workspace_id, "run": str(d.run_id)},
                f"{jobs.ADVANCE}:{d.run_id}:0",
            )
            for d in due
            if d.run_id in started
        ]
        await jobs.defer(session, orders)
        return started


def schedule_of(config: LineConfig, zone: str) -> Schedule:
    """The config's schedule in the site's time zone."""
    return Schedule(
        cast(Frequency, config.frequency),
        parse_time(config.scheduled_time),
        ZoneInfo(zone),
        config.anchor_day,
    )


def plan(config: LineConfig, zone: str, now: datetime) -> None:
    """Sets when the schedule is next due after `now`; never where it is off or cannot be read.

    What it missed until then is not made up for: whoever has it planned anew has just settled when it runs.
    """
    schedule = _readable(config, zone) if config.is_enabled else None
    config.next_run_at = schedule.next_after(now) if schedule else None


def _readable(config: LineConfig, zone: str) -> Schedule | None:
    """The schedule; None, and a line in the log, where its time or zone is none on this machine."""
    try:
        return schedule_of(config, zone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        facts = {"site": config.site_id, "line": config.line, "why": str(error)}
        _log.error("timetable.unreadable", extra=facts)
        return None


def run_settings(config: LineConfig) -> dict[str, Any]:
    """What a run keeps of its config: later changes count from the next run on."""
    return {
        "batch_sizes": config.batch_sizes,
        "within_stage_delay": config.within_stage_delay,
        "between_stage_delay": config.between_stage_delay,
    }


def _most(config: LineConfig) -> dict[str, Any]:
    """What a scheduled run takes at most: as many days' worth as lie between two of them."""
    days = DAYS[config.frequency]
    return {"most": {stage: count * days for stage, count in config.a_day.items()}} if config.a_day else {}


async def _due(session: AsyncSession, now: datetime) -> list[tuple[LineConfig, str]]:
    stands_still = Site.auto_mode & exists().where(
        Pilot.workspace_id == Site.workspace_id,
        Pilot.site_id == Site.id,
        Pilot.reason.in_(STOPS_SCHEDULE),
    )
    query = (
        select(LineConfig, Site.timezone)
        .join(Site, (Site.workspace_id == LineConfig.workspace_id) & (Site.id == LineConfig.site_id))
        .where(
            LineConfig.is_enabled, LineConfig.next_run_at <= now, Site.archived_at.is_(None), ~stands_still
        )
        .order_by(LineConfig.next_run_at)
        .limit(AT_ONCE)
        .with_for_update(of=LineConfig, skip_locked=True)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def _reserve(session: AsyncSession, due: Sequence[Due], now: datetime) -> list[Due]:
    """Those of `due` whose instant nobody has taken before; their occurrences are written.

    An instant that was noted as missed is free: a clock that ran ahead and came back reaches it after all.
    """
    rows = [
        {
            **_where(d),
            "planned_at": d.planned,
            "outcome": "started",
            "reason": f"{len(d.missed)} earlier instants were missed." if d.missed else "",
            "run_id": d.run_id,
            "noted_at": now,
        }
        for d in due
    ]
    new = upsert(Occurrence)
    new = new.on_conflict_do_update(
        index_elements=["workspace_id", "site_id", "line", "planned_at"],
        set_={name: new.excluded[name] for name in ("outcome", "reason", "run_id", "noted_at")},
        where=(Occurrence.outcome == "skipped") & (Occurrence.reason == MISSED),
    )
    taken = set(await session.scalars(new.returning(Occurrence.run_id), rows))
    return [d for d in due if d.run_id in taken]


async def _note_missed(session: AsyncSession, due: Sequence[Due], now: datetime) -> None:
    rows = [
        {**_where(d), "planned_at": instant, "outcome": "skipped", "reason": MISSED, "noted_at": now}
        for d in due
        for instant in d.missed[-MOST_MISSED:]
    ]
    if rows:
        await session.execute(upsert(Occurrence).on_conflict_do_nothing(), rows)


def _where(due: Due) -> dict[str, Any]:
    config = due.config
    return {"workspace_id": config.workspace_id, "site_id": config.site_id, "line": config.line}


async def _note_skipped(session: AsyncSession, skipped: Sequence[Due]) -> None:
    if skipped:
        await session.execute(
            update(Occurrence)
            .where(Occurrence.run_id.in_([d.run_id for d in skipped]))
            .values(outcome="skipped", reason=A_RUN_WAS_ACTIVE, run_id=None)
            .execution_options(synchronize_session=False)
        )


async def _note_started(session: AsyncSession, started: Sequence[Due], now: datetime) -> None:
    """Tells the log of each run how it began."""
    events = [
        {
            "workspace_id": d.config.workspace_id,
            "type": "run_progress",
            "run_id": d.run_id,
            "site_id": d.config.site_id,
            "stage": 1,
            "message": "A scheduled run begins.",
            "at": now,
        }
        for d in started
    ]
    if events:
        await session.execute(insert(Event), events)


async def _move_on(session: AsyncSession, due: Sequence[Due], started: set[UUID], now: datetime) -> None:
    table = LineConfig.__table__
    moved = (
        update(table)  # type: ignore[arg-type]
        .where(
            table.c.workspace_id == bindparam("of_workspace"),
            table.c.site_id == bindparam("of_site"),
            table.c.line == bindparam("of_line"),
        )
        .values(next_run_at=bindparam("following"), last_run_at=bindparam("last"))
    )
    connection = await session.connection()
    await connection.execute(
        moved,
        [
            {
                "of_workspace": d.config.workspace_id,
                "of_site": d.config.site_id,
                "of_line": d.config.line,
                "following": d.following,
                "last": now if d.run_id in started else d.config.last_run_at,
            }
            for d in due
        ],
    )
