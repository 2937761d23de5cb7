"""Notices are sent at least once, tried again ever more seldom, and given up after a day with the reason."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, text, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.notices import Courier, Sending
from nightdesk.desk.people import Operator
from nightdesk.engine.chores import keep
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables.notices import Notice
from nightdesk.store.tables.runs import Run
from notices.notice_receiver import Receiver
from notices.notice_rows import add_target

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="session")
async def sending(house: House, receiver: Receiver) -> AsyncIterator[Sending]:
    courier = Courier(allow=[("127.0.0.1", receiver.port)])
    yield Sending(house.store, SetClock(NOW), courier, house.desk.notices.sending.sealer)
    async with house.store.everywhere() as session:
        await session.execute(text("delete from notice_targets"))


def at(sending: Sending, **later: float) -> Sending:
    return Sending(sending.store, SetClock(NOW + timedelta(**later)), sending.courier, sending.sealer)


async def queue(house: House, tenant: Tenant, address: str, *titles: str) -> int:
    """Adds a target, and notices to it that are due."""
    number = await add_target(house, tenant, address, "review")
    async with house.store.workspace(tenant.workspace) as session:
        for title in titles:
            row = {"kind": "review", "title": title, "body": "b", "due_at": NOW, "made_at": NOW, "key": title}
            mine = {"workspace_id": tenant.workspace, "target_id": number}
            await session.execute(insert(Notice).values(**mine, **row))
    return number


async def found(house: House, tenant: Tenant) -> list[Any]:
    async with house.store.workspace(tenant.workspace) as session:
        query = select(Notice.title, Notice.status, Notice.tries, Notice.says).order_by(Notice.id)
        return [tuple(row) for row in await session.execute(query)]


async def test_what_is_due_is_sent_once_however_many_look(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    await queue(house, alice, receiver.address, "one", "two")
    await asyncio.gather(sending.send(), sending.send(), sending.send())
    await sending.send()
    assert sorted(one["title"] for one in receiver.got) == ["one", "two"]
    assert [row[:3] for row in await found(house, alice)] == [("one", "sent", 1), ("two", "sent", 1)]


async def test_what_is_not_taken_is_tried_again_later_and_tells_why(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers = [503, 500]
    await queue(house, alice, receiver.address, "one")
    with caplog.at_level(logging.DEBUG):
        await sending.send()
        ((_, status, tries, says),) = await found(house, alice)
        assert (status, tries) == ("queued", 1)
        assert "503" in says
        await at(sending, seconds=10).send()
        assert len(receiver.got) == 1
        await at(sending, seconds=31).send()
        await at(sending, seconds=31 + 61).send()
    assert [row[:3] for row in await found(house, alice)] == [("one", "sent", 3)]
    assert "canary-4711" not in caplog.text


async def test_what_nobody_takes_for_a_day_is_given_up_with_the_reason(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    receiver.status = 410
    await queue(house, alice, receiver.address, "one")
    for hours in (0, 12, 23.5, 25, 30):
        await at(sending, hours=hours).send()
    ((_, status, tries, says),) = await found(house, alice)
    assert (status, len(receiver.got)) == ("given_up", tries)
    assert 3 <= tries <= 4
    assert "410" in says
    (shown,) = await house.desk.notices.recent(alice.workspace)
    assert (shown.status, shown.next_try) == ("given_up", None)


async def test_a_process_that_dies_after_sending_has_it_sent_again_and_a_late_one_changes_nothing(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    """The one case in which a notice comes twice: at least once is what is promised."""
    await queue(house, alice, receiver.address, "one")
    ((workspace, number),) = await sending._due()
    taken = await sending.take(workspace, number)
    assert taken is not None
    answer = await sending.deliver(taken)
    await sending.send()
    assert len(receiver.got) == 1
    async with house.store.workspace(workspace) as session:
        await session.execute(update(Notice).values(taken_until=text("now() - interval '1 second'")))
    receiver.status = 500
    await sending.send()
    assert len(receiver.got) == 2
    await sending.settle(taken, answer)
    assert [row[1:3] for row in await found(house, alice)] == [("queued", 2)]


async def test_one_who_does_not_answer_holds_up_nobody_else(
    house: House, alice: Tenant, bob: Tenant, receiver: Receiver, sending: Sending
) -> None:
    slow = await Receiver().start()
    slow.delay = 1
    sending.courier.allow.append(("127.0.0.1", slow.port))
    await queue(house, alice, slow.address + "?rto=20", "slow 1", "slow 2")
    await queue(house, bob, receiver.address, "quick")
    task = asyncio.create_task(sending.send())
    async with asyncio.timeout(20):
        while not receiver.got:
            await asyncio.sleep(0.05)
    assert len(slow.got) <= 1
    await task
    assert [one["title"] for one in slow.got] == ["slow 1", "slow 2"]
    await slow.stop()


async def test_a_test_is_really_sent_and_is_not_tried_again(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    number = await queue(house, alice, receiver.address)
    house.desk.notices.sending.courier.allow.append(("127.0.0.1", receiver.port))
    assert (await house.desk.notices.test(Operator(alice.workspace), number)).ok
    receiver.status = 500
    assert not (await house.desk.notices.test(Operator(alice.workspace), number)).ok
    await at(sending, hours=2).send()
    assert [one["title"] for one in receiver.got] == ["A test from the night desk"] * 2
    assert [row[1] for row in await found(house, alice)] == ["sent", "given_up"]


async def test_an_address_that_cannot_be_opened_any_more_is_told_of(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    await queue(house, alice, receiver.address, "one")
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(
            text("update notice_targets set sealed = 'nd1.000000000000.' || repeat('a', 60)")
        )
    await sending.send()
    ((_, status, _, says),) = await found(house, alice)
    assert status == "queued"
    assert "sealed with the key" in says
    assert receiver.connections == 0


async def test_the_houses_own_chores_bring_what_happens_to_whoever_wants_to_know(
    house: House, alice: Tenant, receiver: Receiver, sending: Sending
) -> None:
    house.desk.notices.sending.courier.allow.append(("127.0.0.1", receiver.port))
    await add_target(house, alice, receiver.address, "run_stopped")
    run = {"id": uuid4(), "line": "article", "trigger_type": "manual", "started_at": NOW}
    async with house.store.workspace(alice.workspace) as session:
        session.add(Run(workspace_id=alice.workspace, site_id=alice.site, **run))
        await session.flush()
        row = await session.get_one(Run, (alice.workspace, run["id"]))
        await house.control.runner.pause(session, row, "needs_person", "The key has expired.")
    stopping = asyncio.Event()
    quick = [replace(chore, every=0.2) for chore in house.chores if chore.name.startswith("notices.")]
    keeping = asyncio.create_task(keep(quick, stopping))
    async with asyncio.timeout(20):
        while not [one for one in await house.desk.notices.recent(alice.workspace) if one.status == "sent"]:
            await asyncio.sleep(0.1)
    stopping.set()
    await keeping
    assert [one["title"] for one in receiver.got] == ["Alice's site: the run waits for a person"]
