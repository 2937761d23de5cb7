"""What a worker does beside its batches: says that it lives, and finds work that was left behind.

Nothing here makes work happen once; it is what makes it happen at all, should a job be lost between the
queue and us. It sees all tenants, reads ids only, and acts as each row's own tenant.
"""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from nightdesk.engine import claims, jobs
from nightdesk.engine.control import Control, NotInThisState
from nightdesk.engine.runner import IN_HAND, batches_in_hand, locked
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch
from nightdesk.store.tables.workers import Beat

MOST = 200
"""Rows that one sweep looks after; the next one goes on."""

_log = logging.getLogger(__name__)
_ONE_SWEEP = text("select pg_try_advisory_xact_lock(7204111)")
_ORPHANS = text("""
    select b.workspace_id, b.id from batches b
    where b.status in ('waiting', 'working') and b.due_at < now() - make_interval(secs => :grace)
      and not exists (
        select 1 from queue.pgqueuer q where q.status in ('queued', 'picked')
          and q.dedupe_key = 'batch:' || b.id || ':' || b.tries)
    order by b.due_at limit :most
""")
_STALLED = text("""
    select r.workspace_id, r.id from runs r
    where r.status = 'running'
      and not exists (select 1 from batches b where b.workspace_id = r.workspace_id and b.run_id = r.id
                        and b.status in ('waiting', 'working'))
      and not exists (select 1 from queue.pgqueuer q where q.status in ('queued', 'picked')
                        and q.dedupe_key = 'advance:' || r.id || ':' || r.position)
    limit :most
""")
_WAIT_FOR_DISK = text("""
    select workspace_id, id from runs where status = 'paused' and pause_reason = 'disk_low' limit :most
""")
_CROWDED = text("""
    select workspace_id, site_id, kind, state from tallies
    group by 1, 2, 3, 4 having count(*) > :rows limit :most
""")
_FOLD = text("""
    with folded as (
        delete from tallies where id in (
            select id from tallies where workspace_id = :workspace and site_id = :site and kind = :kind
              and state = :state order by id limit 5000 for update skip locked)
        returning n)
    insert into tallies (workspace_id, site_id, kind, state, n)
    select :workspace, :site, :kind, :state, sum(n) from folded having sum(n) is not null
""")
_CROWDED_KEPT = text("""
    select workspace_id, site_id, kind from kept group by 1, 2, 3 having count(*) > :rows limit :most
""")
_FOLD_KEPT = text("""
    with folded as (
        delete from kept where id in (
            select id from kept where workspace_id = :workspace and site_id = :site and kind = :kind
            order by id limit 5000 for update skip locked)
        returning n, bytes)
    insert into kept (workspace_id, site_id, kind, n, bytes)
    select :workspace, :site, :kind, sum(n), sum(bytes) from folded having sum(n) is not null
""")
_OLD_REQUESTS = text("delete from repeated_requests where created_at < now() - interval '24 hours'")


@dataclass(frozen=True)
class Upkeep:
    """Signs of life, lost batches, stalled runs, crowded tallies."""

    store: Store
    control: Control
    files: Files

    async def beat(self, name: str, role: str, queues: Sequence[str]) -> None:
        """Says that the process `name` lives."""
        new = insert(Beat).values(name=name, role=role, queues=list(queues))
        async with self.store.everywhere() as session:
            await session.execute(
                new.on_conflict_do_update(
                    index_elements=["name"], set_={"seen_at": func.now(), "queues": new.excluded.queues}
                )
            )

    async def leave(self, name: str) -> None:
        """Says that the process is gone for good, and forgets those silent for an hour."""
        async with self.store.everywhere() as session:
            silent = Beat.seen_at < func.now() - text("interval '1 hour'")
            await session.execute(delete(Beat).where((Beat.name == name) | silent))

    async def sweep(self, grace: float = 3.0) -> None:
        """Looks after what was left behind; one process at a time does.

        `grace`: seconds that a batch may be due without a job in the queue before a new one is written.
        """
        async with self.store.everywhere() as session:
            if not await session.scalar(_ONE_SWEEP):
                return
            orphans = (await session.execute(_ORPHANS, {"grace": grace, "most": MOST})).all()
            stalled = (await session.execute(_STALLED, {"most": MOST})).all()
        for workspace_id, batch_id in orphans:
            await self._queue_again(workspace_id, batch_id)
        for workspace_id, run_id in stalled:
            await self._push(workspace_id, run_id)

    async def resume_where_disk_is_back(self) -> None:
        """Resumes the runs that wait for space, once a tenth more than the reserve is free."""
        free = self.files.free()
        if free is not None and free < self.files.reserve * 0.1:
            return
        async with self.store.everywhere() as session:
            waiting = (await session.execute(_WAIT_FOR_DISK, {"most": MOST})).all()
        for workspace_id, run_id in waiting:
            async with self.store.workspace(workspace_id) as session:
                with contextlib.suppress(NotInThisState):
                    await self.control.resume(session, workspace_id, run_id)

    async def fold_tallies(self, rows: int = 64) -> None:
        """Sums up tallies of which there are more than `rows`, so that counting stays cheap."""
        async with self.store.everywhere() as session:
            for group in (await session.execute(_CROWDED, {"rows": rows, "most": MOST})).all():
                await session.execute(
                    _FOLD, dict(zip(("workspace", "site", "kind", "state"), group, strict=True))
                )
            for group in (await session.execute(_CROWDED_KEPT, {"rows": rows, "most": MOST})).all():
                await session.execute(
                    _FOLD_KEPT, dict(zip(("workspace", "site", "kind"), group, strict=True))
                )

    async def forget_old_requests(self) -> None:
        """Forgets the answers that were kept for repeated requests longer than a day."""
        async with self.store.everywhere() as session:
            await session.execute(_OLD_REQUESTS)

    async def _queue_again(self, workspace_id: int, batch_id: int) -> None:
        async with self.store.workspace(workspace_id) as session:
            query = select(Batch).where(
                Batch.workspace_id == workspace_id, Batch.id == batch_id, Batch.status.in_(IN_HAND)
            )
            batch = (await session.scalars(query.with_for_update(skip_locked=True))).one_or_none()
            if batch is not None:
                _log.warning("upkeep.queued_again", extra={"batch": batch_id})
                await jobs.defer(session, [claims.order_again(batch)])

    async def _push(self, workspace_id: int, run_id: UUID) -> None:
        async with self.store.workspace(workspace_id) as session:
            found = await locked(session, workspace_id, run_id)
            if found and not await batches_in_hand(session, found[0]):
                await self.control.runner.advance(session, *found)
