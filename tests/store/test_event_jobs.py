"""The log of one video is found among many events by an index, also through the policies of tenants."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from nightdesk.desk.founding import Founding
from nightdesk.store import events
from nightdesk.store.events import Happening
from nightdesk.store.session import Store

AT = datetime(2026, 11, 20, tzinfo=UTC)
MANY = 20_000
FILL = text("""
    insert into events (workspace_id, type, message, data, at, job_id)
    select :workspace, case when n % 3 = 0 then 'job_log' else 'job_progress' end, 'm' || n,
           jsonb_build_object('job_id', n % 500), now(), n % 500
    from generate_series(1, :many) n
""")


async def test_the_log_of_a_job_is_read_by_its_index_as_a_tenant(store: Store) -> None:
    workspace = await Founding(store).found("Many events", 0)
    async with store.workspace(workspace) as session:
        await session.execute(FILL, {"workspace": workspace, "many": MANY})
    async with store.workspace(workspace) as session:
        query = events.of_job(workspace, 4, 200)
        asked = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(await session.scalars(text(f"explain {asked}")))
        assert "ix_events_job" in plan, plan
        assert "job_id = 4" in plan.partition("Index Cond")[2].splitlines()[0], plan
        found = await events.log_of_job(session, workspace, 4, 200)
    numbers = [event.id for event in found]
    assert (len(found), numbers) == (13, sorted(numbers))
    assert {(event.type, event.job_id) for event in found} == {("job_log", 4)}


async def test_an_event_of_a_video_is_found_by_it_and_no_other_is(store: Store) -> None:
    workspace = await Founding(store).found("Few events", 0)
    told = [
        Happening("job_log", "of seven", data={"job_id": 7}),
        Happening("job_progress", data={"job_id": 7}),
        Happening("video_decided", "decided", data={"job_id": 7}),
        Happening("job_log", "of eight", data={"job_id": 8}),
        Happening("run_log", "of none"),
    ]
    async with store.workspace(workspace) as session:
        await events.write(session, workspace, told, at=AT)
    async with store.workspace(workspace) as session:
        found = await events.log_of_job(session, workspace, 7, 10)
        last = await events.log_of_job(session, workspace, 7, 1)
    assert [event.message for event in found] == ["of seven", "decided"]
    assert [event.message for event in last] == ["decided"]
