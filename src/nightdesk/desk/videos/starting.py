"""Starts runs of the video line for videos that somebody asked for."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from nightdesk.desk.errors import DeskError, InsufficientCredits, RunActive
from nightdesk.desk.runs import Runs
from nightdesk.desk.videos.standing import LINE
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store

AT_ONCE = 20
"""Runs that one round begins at most."""

IN_VAIN = timedelta(minutes=10)
"""After a run that found nothing to do, in which none is begun for the same videos."""

# A run that somebody cancelled, or that failed, is not begun again for what was there when it began.
_WAITING = text("""
    with waiting as (
        select workspace_id, site_id from tallies
        where kind = 'videos' and state = any(:videos) or kind = 'scenes' and state = any(:scenes)
        group by workspace_id, site_id having sum(n) > 0)
    select w.workspace_id, w.site_id
    from waiting w
    join sites s on s.workspace_id = w.workspace_id and s.id = w.site_id
    join credit_accounts a on a.workspace_id = w.workspace_id and a.kind = 'wallet' and a.balance > 0
    left join lateral (
        select r.id, r.status, r.started_at, r.completed_at from runs r
        where r.workspace_id = w.workspace_id and r.site_id = w.site_id and r.line = :line
        order by r.started_at desc limit 1) last on true
    where s.archived_at is null and s.removed_at is null
      and (last.id is null or last.status not in ('running', 'paused'))
      and exists (
          select from videos v
          where v.workspace_id = w.workspace_id and v.site_id = w.site_id
            and (v.asked_by <> 'line' or v.revision > 1)
            and (v.state = any(:videos)
                 or v.state = any(:moving) and exists (
                     select from scenes c
                     where c.workspace_id = v.workspace_id and c.video_id = v.id and c.state = any(:scenes)))
            and (last.id is null or v.created_at > last.started_at
                 or last.status = 'completed' and (
                     last.completed_at < :before
                     or exists (select from batches b
                                where b.workspace_id = w.workspace_id and b.run_id = last.id))))
    order by w.workspace_id, w.site_id
    limit :most
""")

_KINDS = ("videos", "scenes")
_FOR_THE_GATE = ("rendered", "finished")
"""What no stage claims, but a run that comes to the gate brings there."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Starting:
    """Any number of processes may: the database lets one run hold a site's line."""

    store: Store
    runs: Runs
    clock: Clock

    async def start(self, workspace_id: int, site_id: int) -> str:
        """Has the waiting videos of a site taken up; says what they wait for where that is not at once.

        A run that is active takes them up, or the next one does: see `run_waiting`. Raises `NotFound`.
        """
        try:
            return await self.begin(workspace_id, site_id)
        except InsufficientCredits as error:
            return str(error)

    async def begin(self, workspace_id: int, site_id: int) -> str:
        """As `start`, but raises `InsufficientCredits`."""
        try:
            await self.runs.run_now(workspace_id, site_id, LINE)
        except RunActive:
            run = await self.runs.current(workspace_id, site_id, LINE)
            if run is not None and run.status == "paused":
                why = run.error_message or "somebody paused it."
                return f"The site's run is paused: {why} Resume it or cancel it."
        return ""

    async def run_waiting(self) -> int:
        """Starts a run for each site whose videos wait and that has none; returns how many. A chore."""
        async with self.store.everywhere() as session:
            found = (await session.execute(_WAITING, self._facts())).all()
        points.reach("videos.starting.found")
        begun = 0
        for workspace_id, site_id in found:
            try:
                begun += not await self.start(workspace_id, site_id)
            except DeskError as error:
                _log.info("videos.not_started", extra={"site": site_id, "why": str(error)})
        return begun

    def _facts(self) -> dict[str, Any]:
        """The states in which something waits for a stage, and those of videos whose scenes do."""
        stages = [stage for stage in self.runs.automation.line(LINE).stages if stage.kind != "Manual"]
        waits = {kind: [s.waits for s in stages if s.table.__tablename__ == kind] for kind in _KINDS}
        return {
            "videos": [*waits["videos"], *_FOR_THE_GATE],
            "scenes": waits["scenes"],
            "moving": ["scripted", "narrated", "captioned"],
            "line": LINE,
            "before": self.clock.now() - IN_VAIN,
            "most": AT_ONCE,
        }
