"""Only the worker that has a job now may have done with it or keep it alive."""

from datetime import timedelta
from uuid import uuid4

from pgqueuer.ports.repository import EntrypointExecutionParameter

from nightdesk.engine import jobs
from nightdesk.engine.job_driver import ReconnectingDriver
from nightdesk.engine.job_looks import Looks
from nightdesk.store.session import WIDE_ROLE, plain_address

LEASE = timedelta(seconds=5)


async def take(queue, worker):
    limits = {"advance": EntrypointExecutionParameter(concurrency_limit=0)}
    queue._was_last = False
    return await queue.dequeue(
        10, limits, queue_manager_id=worker, global_concurrency_limit=None, heartbeat_timeout=LEASE
    )


async def test_a_worker_whose_job_was_taken_over_neither_ends_it_nor_keeps_it_alive(desk):
    async with desk.store.workspace(desk.workspace) as session:
        await jobs.defer(session, [jobs.Order("advance", {"workspace": desk.workspace}, "one")])
    first, second = uuid4(), uuid4()
    driver = ReconnectingDriver(plain_address(desk.store.url, WIDE_ROLE), 30)
    frozen, living = jobs._queries(driver, Looks), jobs._queries(driver, Looks)
    (job,) = await take(frozen, first)
    assert await take(living, second) == []
    await driver.execute("update queue.pgqueuer set heartbeat = now() - interval '1 minute'")
    (again,) = await take(living, second)
    assert again.id == job.id

    await frozen.update_heartbeat([job.id])
    await frozen.log_jobs([(job, "exception", None)])
    (row,) = await driver.fetch("select queue_manager_id from queue.pgqueuer")
    assert row["queue_manager_id"] == second

    await living.log_jobs([(again, "successful", None)])
    assert await driver.fetch("select 1 from queue.pgqueuer") == []
    logged = await driver.fetch("select status from queue.pgqueuer_log where status <> 'queued' order by id")
    assert [row["status"] for row in logged][-1] == "successful"
    await driver.close()
