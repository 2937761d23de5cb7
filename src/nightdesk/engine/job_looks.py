"""A worker's looks at the job queue: two queries where the library would ask five, and the points between."""

from datetime import timedelta
from typing import Any, cast

from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import JobId

from nightdesk.kit import points

_AHEAD = """
    select exists (
        select from queue.pgqueuer
        where status = 'queued' and entrypoint = any($1) and execute_after <= now()
    ) as ready, (
        select execute_after - now() from queue.pgqueuer
        where status = 'queued' and entrypoint = any($1) and execute_after > now()
        order by execute_after limit 1
    ) as next_in
"""
_ACKNOWLEDGE = """
    with given as (
        select unnest($1::bigint[]) as id, unnest($2::queue.pgqueuer_status[]) as status,
               unnest($3::jsonb[]) as traceback
    ), gone as (
        delete from queue.pgqueuer q using given g where q.id = g.id and q.queue_manager_id = $4
        returning q.id, g.status, q.entrypoint, q.priority, g.traceback
    )
    insert into queue.pgqueuer_log (job_id, status, entrypoint, priority, traceback)
    select id, status, entrypoint, priority, traceback from gone
"""
_SIGN_OF_LIFE = """
    update queue.pgqueuer set heartbeat = now() where id = any($1::bigint[]) and queue_manager_id = $2
"""


class Looks(Queries):
    """The library takes jobs until it gets none, then asks what is ready, what is next and what is queued.

    Here a batch of jobs that was not full counts as the last, and one query answers the three questions: it
    finds what came in between.

    Only jobs that are still this worker's own are acknowledged or kept alive: one that froze past its lease
    and wakes up would else take away the job of whoever has taken over, whose batch would then look lost.
    """

    _worker: Any = None

    _was_last = False
    _next_in: timedelta | None = None
    _ready = False

    async def dequeue(self, batch_size: int, *args: Any, **facts: Any) -> list[Job]:
        if self._was_last:
            self._was_last = False
            return []
        self._worker = facts["queue_manager_id"]
        jobs = await super().dequeue(batch_size, *args, **facts)
        self._was_last = 0 < len(jobs) < batch_size
        if jobs:
            points.reach("jobs.taken")
        return jobs

    async def eligible_queued_work(self, entrypoints: list[Any]) -> int:
        (row,) = await self.driver.fetch(_AHEAD, entrypoints)
        self._ready, self._next_in = bool(row["ready"]), cast(timedelta | None, row["next_in"])
        return int(self._ready)

    async def next_deferred_eta(self, entrypoints: list[Any]) -> timedelta | None:  # noqa: ARG002
        return self._next_in

    async def queued_work(self, entrypoints: list[Any]) -> int:  # noqa: ARG002
        return int(self._ready or self._next_in is not None)

    async def log_jobs(self, job_status: Any) -> None:
        points.reach("jobs.acknowledge.before")
        numbers, statuses = [job.id for job, _, _ in job_status], [status for _, status, _ in job_status]
        tracebacks = [traceback and traceback.model_dump_json() for _, _, traceback in job_status]
        await self.driver.execute(_ACKNOWLEDGE, numbers, statuses, tracebacks, self._worker)
        points.reach("jobs.acknowledge.after")

    async def update_heartbeat(self, job_ids: list[JobId]) -> None:
        await self.driver.execute(_SIGN_OF_LIFE, list(set(job_ids)), self._worker)
