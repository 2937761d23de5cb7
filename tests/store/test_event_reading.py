"""Events are read in order and none is skipped, however late the transaction that wrote it commits."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from nightdesk.desk.founding import Founding
from nightdesk.store import events
from nightdesk.store.events import Happening
from nightdesk.store.horizon import Horizon
from nightdesk.store.session import WIDE_ROLE, Store, plain_address

AT = datetime(2026, 11, 20, tzinfo=UTC)
RUN = UUID("01920000-0000-7000-8000-000000000001")


class ChangedItsMind(Exception):
    pass


@pytest.fixture
async def workspace(shared_store: Store) -> int:
    return await Founding(shared_store).found("Events", 0)


@pytest.fixture
async def horizon(shared_database: str) -> AsyncIterator[Horizon]:
    opened = Horizon(plain_address(make_url(shared_database), WIDE_ROLE))
    await opened.advance()
    yield opened
    await opened.close()


async def write(store: Store, workspace: int, *messages: str) -> None:
    async with store.workspace(workspace) as session:
        await events.write(session, workspace, [Happening("run_log", m) for m in messages], at=AT, run_id=RUN)


async def read(store: Store, workspace: int, after: int, upto: int, limit: int = 500) -> list[events.Event]:
    async with store.workspace(workspace) as session:
        return await events.between(session, workspace, after, upto, limit)


def said(found: list[events.Event]) -> list[str]:
    return [event.message for event in found]


async def late(store: Store, workspace: int, may_end: asyncio.Event, *, rollback: bool) -> None:
    """Writes an event at once and ends its transaction later."""
    async with store.workspace(workspace) as session:
        await events.write(session, workspace, [Happening("run_log", "late")], at=AT)
        await may_end.wait()
        if rollback:
            raise ChangedItsMind


@pytest.mark.parametrize("rollback", [False, True])
async def test_an_id_that_is_committed_late_is_waited_for_and_not_skipped(
    shared_store, workspace, horizon, rollback
):
    start, may_end = horizon.upto, asyncio.Event()
    writing = asyncio.create_task(late(shared_store, workspace, may_end, rollback=rollback))
    while await horizon.given_out() == start:
        await asyncio.sleep(0.005)
    await write(shared_store, workspace, "early")
    advancing = asyncio.create_task(horizon.advance())
    await asyncio.sleep(0.1)
    assert not advancing.done()
    assert horizon.upto == start
    without_horizon = await read(shared_store, workspace, start, await horizon.given_out())
    assert said(without_horizon) == ["early"]
    may_end.set()
    ended = await asyncio.gather(writing, return_exceptions=True)
    assert [type(end) for end in ended] == [ChangedItsMind if rollback else type(None)]
    await asyncio.wait_for(advancing, 5)
    found = await read(shared_store, workspace, start, horizon.upto)
    assert said(found) == (["early"] if rollback else ["late", "early"])


async def test_readers_that_follow_the_horizon_see_each_event_of_many_writers_once_and_in_order(
    shared_store, workspace, horizon
):
    chance, start, seen = random.Random(3), horizon.upto, []
    kept: set[str] = set()

    async def writer(name: int) -> None:
        for number in range(12):
            message = f"{name}-{number}"
            try:
                async with shared_store.workspace(workspace) as session:
                    await events.write(session, workspace, [Happening("run_log", message)], at=AT)
                    await asyncio.sleep(chance.random() / 100)
                    if chance.random() < 0.15:
                        raise ChangedItsMind
            except ChangedItsMind:
                continue
            kept.add(message)

    async def reader(writing: asyncio.Task[None]) -> None:
        after, last = start, False
        while not last:
            last = writing.done()
            await horizon.advance()
            seen.extend(await read(shared_store, workspace, after, horizon.upto))
            after = horizon.upto

    async def all_writers() -> None:
        await asyncio.gather(*(writer(name) for name in range(8)))

    writing = asyncio.create_task(all_writers())
    await asyncio.gather(writing, reader(writing))
    assert len(kept) > 60
    assert sorted(said(seen)) == sorted(kept)
    assert [event.id for event in seen] == sorted(event.id for event in seen)


async def test_a_page_ends_at_its_limit_and_the_next_goes_on_from_there(shared_store, workspace, horizon):
    start = horizon.upto
    await write(shared_store, workspace, *"abcde")
    await horizon.advance()
    first = await read(shared_store, workspace, start, horizon.upto, limit=3)
    assert said(first) == ["a", "b", "c"]
    assert said(await read(shared_store, workspace, first[-1].id, horizon.upto)) == ["d", "e"]


async def test_events_of_another_workspace_are_neither_read_nor_written(shared_store, workspace, horizon):
    other = await Founding(shared_store).found("Other", 0)
    start = horizon.upto
    await write(shared_store, other, "theirs")
    await horizon.advance()
    assert await read(shared_store, workspace, start, horizon.upto) == []
    assert await horizon.whose(start, horizon.upto) == {other}
    with pytest.raises(DBAPIError, match="row-level security"):
        async with shared_store.workspace(workspace) as session:
            await events.write(session, other, [Happening("run_log", "forged")], at=AT)


async def test_the_log_of_a_run_is_its_last_messages_oldest_first(shared_store, workspace):
    await write(shared_store, workspace, "one", "two", "", "three")
    async with shared_store.workspace(workspace) as session:
        assert said(await events.log_of_run(session, workspace, RUN, 2)) == ["two", "three"]


@pytest.mark.parametrize("change", ["update events set message = 'never said'", "delete from events"])
async def test_what_happened_cannot_be_unsaid(shared_store, workspace, change):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with shared_store.workspace(workspace) as session:
            await session.execute(text(change))
