"""Prunes every workspace by what it keeps for how long: small steps, each its own transaction."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from nightdesk.desk.retention.folding import Folding
from nightdesk.desk.retention.policies import cutoff, days_of
from nightdesk.desk.retention.removed_sites import RemovedSites
from nightdesk.desk.retention.steps import STEPS, UNDOS, Step
from nightdesk.desk.retention.unused_files import GRACE, UnusedFiles
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Workspace

MOST = 1000
"""Rows of one step: far below the time that a statement may take."""

STEPS_A_ROUND = 200
"""Of one kind in one workspace, lest a big one hold up the others; the next round goes on."""

UNDONE_FOR = timedelta(hours=24)

Work = Callable[[], Awaitable[bool]]
"""One step; whether there may be more to do."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pruning:
    """Removes what is too old; any number of processes may at once."""

    store: Store
    files: Files
    clock: Clock

    async def prune(self) -> None:
        """One round over all workspaces."""
        for workspace_id in await self._workspaces():
            await self.prune_one(workspace_id)

    async def sweep_files(self) -> None:
        """One round over all workspaces' files, and over what interrupted writes left behind."""
        await self.files.sweep(GRACE)
        unused = UnusedFiles(self.store, self.files, self.clock)
        for workspace_id in await self._workspaces():
            try:
                await unused.sweep(workspace_id)
            except (Later, NeedsPerson) as ending:
                _log.warning("retention.files_put_off", extra={"workspace": workspace_id, "why": ending.why})

    async def prune_one(self, workspace_id: int, *, most: int = MOST) -> None:
        """What is due in one workspace."""
        now = self.clock.now()
        async with self.store.workspace(workspace_id) as session:
            days = await days_of(session, workspace_id)
        before = {what: cutoff(now, kept) for what, kept in days.items() if kept is not None}
        await self._repeat(self._taking(UNDOS, workspace_id, now - UNDONE_FOR, most))
        for what, step in STEPS.items():
            if what in before:
                await self._repeat(self._taking(step, workspace_id, before[what], most))
        if "details" in before:
            await self._repeat(partial(Folding(self.store).take, workspace_id, before["details"], now, most))
        if "archived" in before:
            sites = RemovedSites(self.store)
            await self._repeat(partial(sites.take, workspace_id, before["archived"], now, most))

    def _taking(self, step: Step, workspace_id: int, before: datetime, most: int) -> Work:
        async def take() -> bool:
            return await step.take(self.store, workspace_id, before, most) == most

        return take

    async def _repeat(self, work: Work) -> None:
        for _ in range(STEPS_A_ROUND):
            if not await work():
                return

    async def _workspaces(self) -> list[int]:
        async with self.store.everywhere() as session:
            return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))
