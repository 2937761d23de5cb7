"""Begins the article runs that a site's orders wait for; a site's line is held by one run at a time."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.automation import Automation
from nightdesk.desk.autopilot.reading import material, pilot_of, to_be_written
from nightdesk.desk.runs import Runs
from nightdesk.engine.control import ACTIVE, RunActive
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import PilotOrder
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

LINE, WRITING = "article", "content"
PLANNING = ("clusters", "ideas", "tasks")
"""Steps before the writing: left alone by a run that is begun for tasks that are there."""

TRIGGER = "auto mode"
IN_VAIN = timedelta(hours=1)
"""After a run that left what was ordered, in which none is begun for the same orders."""


@dataclass(frozen=True)
class Beginning:
    """Begins runs; `runs` tells workers of them."""

    store: Store
    clock: Clock
    runs: Runs

    async def begin(self, workspace_id: int, site_id: int, lacking: int) -> bool:
        """A run that writes the orders that wait; False where none is begun.

        Where no order waits and `lacking` pieces found no topic, it plans the site's own keywords, once a
        day.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, site_id))
            await pilot_of(session, site)
            most = await self._most(session, site, lacking)
            if most is None or not await self._free(session, site):
                return False
            settings, _ = await self._automation.settings(session, workspace_id, site_id, LINE)
            try:
                await self.runs.control.start(session, site, LINE, TRIGGER, settings | {"most": most})
            except RunActive:
                return False
            points.reach("autopilot.beginning.written")
        points.reach("autopilot.beginning.kept")
        self.runs.announce()
        return True

    @property
    def _automation(self) -> Automation:
        return self.runs.automation

    async def _most(self, session: AsyncSession, site: Site, lacking: int) -> dict[str, int] | None:
        waiting = await to_be_written(session, site)
        if waiting:
            return {WRITING: waiting, **dict.fromkeys(PLANNING, 0)}
        if not lacking or not await material(session, site, self._automation.line(LINE)):
            return None
        return {WRITING: lacking} if await self._first_plan_today(session, site) else None

    async def _first_plan_today(self, session: AsyncSession, site: Site) -> bool:
        now = self.clock.now()
        new = insert(PilotOrder).values(
            workspace_id=site.workspace_id,
            site_id=site.id,
            day=now.astimezone(ZoneInfo(site.timezone)).date(),
            kind="plan",
            number=1,
            made_at=now,
        )
        return await session.scalar(new.on_conflict_do_nothing().returning(PilotOrder.number)) is not None

    async def _free(self, session: AsyncSession, site: Site) -> bool:
        """Whether no run holds the line, and the last one was not stopped with the orders that wait now."""
        of_line = (Run.workspace_id == site.workspace_id, Run.site_id == site.id, Run.line == LINE)
        last = await session.scalar(select(Run).where(*of_line).order_by(Run.started_at.desc()).limit(1))
        if last is None:
            return True
        if last.status in ACTIVE:
            return False
        ordered = select(func.max(PilotOrder.made_at)).where(
            PilotOrder.workspace_id == site.workspace_id, PilotOrder.site_id == site.id
        )
        newest = await session.scalar(ordered)
        if newest is not None and newest > last.started_at:
            return True
        # The last run left what waits: it is not begun again and again for the same.
        ended = last.completed_at
        return last.status == "completed" and ended is not None and ended < self.clock.now() - IN_VAIN
