"""Events go to programs signed, in order, at least once; what is not taken is tried again and told of."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, text

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import NotAllowed, Operator
from nightdesk.desk.webhooks import EVENTS, Caller, Filling, Sending, Targets
from nightdesk.desk.webhooks.sending import PAUSED_AFTER, TRIED_FOR
from nightdesk.kit import signatures
from nightdesk.kit.clock import SetClock
from nightdesk.kit.http.guard import Guard
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.notices import Notice
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.runs import Run
from notices.notice_rows import add_target
from webhooks.listening_program import Listener

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="session")
async def targets(house: House, listener: Listener) -> AsyncIterator[Targets]:
    ours, clock = house.desk.webhooks, SetClock(NOW)
    caller = Caller(Guard(allow=[("127.0.0.1", listener.port)]), "Nightdesk/test")
    sending = Sending(house.store, clock, caller, ours.sending.sealer)
    yield Targets(sending, Filling(house.store, clock, ours.filling.url, "https://desk.test"))
    async with house.store.everywhere() as session:
        await session.execute(text("delete from webhook_targets"))
        await session.execute(text("delete from notice_targets"))


def owner(tenant: Tenant) -> Operator:
    return Operator(tenant.workspace)


async def later(targets: Targets, **by: float) -> None:
    clock = targets.sending.clock
    assert isinstance(clock, SetClock)
    clock.move(timedelta(**by).total_seconds())


async def happens(house: House, tenant: Tenant, status: str = "completed", **more: Any) -> str:
    """A run of the tenant ends, as the engine writes it down."""
    number, type_ = uuid4(), "run_progress" if status == "paused" else "run_finished"
    row = {"id": number, "site_id": tenant.site, "line": "article", "status": "completed"}
    row |= {"trigger_type": "manual", "started_at": NOW, "current_stage": 7, "settings": {}, "results": {}}
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(insert(Run).values(workspace_id=tenant.workspace, **row))
        told = [Happening(type_, f"It is {status}.", data={"status": status, **more})]
        await write(session, tenant.workspace, told, at=NOW, run_id=number, site_id=tenant.site)
    return str(number)


async def pump(targets: Targets) -> None:
    await targets.filling.fill()
    await targets.sending.send()


async def test_what_happens_is_sent_signed_with_a_name_that_stays_the_same_for_each_try(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    listener.answers = [500]
    _, secret = await targets.add(owner(alice), listener.url, ["run.finished"])
    run = await happens(house, alice)
    await pump(targets)
    await later(targets, seconds=40)
    await pump(targets)
    await pump(targets)
    first, second = listener.heard
    assert first.body == second.body
    assert first.headers["nightdesk-event-id"] == second.headers["nightdesk-event-id"] == first.json["id"]
    assert first.json["type"] == "run.finished"
    assert first.json["data"]["run_id"] == run
    assert first.json["url"] == f"https://desk.test/runs/{run}"
    for one in (first, second):
        stamp = int(one.headers["nightdesk-timestamp"])
        kinds, shown = [one.headers["content-type"]], [one.headers["nightdesk-signature"]]
        given = signatures.Given([str(stamp)], shown, kinds, one.body)
        assert signatures.fault(given, [secret], stamp) == ""
        assert signatures.fault(given, [secret + "x"], stamp) == "signature"
    (told,) = await targets.deliveries(alice.workspace)
    assert (told.status, told.tries, told.answered) == ("sent", 2, 204)


async def test_only_what_a_target_wants_and_only_of_its_own_workspace_is_sent_to_it(
    house: House, alice: Tenant, bob: Tenant, listener: Listener, targets: Targets
) -> None:
    await targets.add(owner(alice), listener.url, ["run.failed", "budget.reached"])
    await happens(house, alice)
    await happens(house, bob, "failed")
    await happens(house, alice, "paused", pause_reason="asked")
    await happens(house, alice, "paused", pause_reason="insufficient_credits")
    await happens(house, alice, "failed")
    await pump(targets)
    assert [one.json["type"] for one in listener.heard] == ["run.failed", "budget.reached", "run.failed"]


async def test_an_account_whose_access_ends_soon_is_told_of_once(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    await targets.add(owner(alice), listener.url, ["account.expiring"])
    async with house.store.workspace(alice.workspace) as session:
        for days in (3, 30):
            row = {"platform": "x", "name": f"in {days}", "expires_at": NOW + timedelta(days=days)}
            await session.execute(insert(Account).values(workspace_id=alice.workspace, **row))
    await pump(targets)
    await pump(targets)
    assert [one.json["data"]["name"] for one in listener.heard] == ["in 3"]


async def test_an_account_that_is_lost_and_auto_mode_that_waits_are_told_of(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    await targets.add(owner(alice), listener.url, ["account.lost", "autopilot.waiting", "budget.reached"])
    async with house.store.workspace(alice.workspace) as session:
        new = insert(Account).values(workspace_id=alice.workspace, platform="x", name="lost")
        number = (await session.execute(new.returning(Account.id))).scalar_one()
        of = {"account_id": number}
        told = [
            Happening("account_changed", "It ends in 6 days.", data=of | {"status": "connected", "tells": 1}),
            Happening("account_changed", "It is gone.", data=of | {"status": "expired", "tells": 4}),
            Happening("autopilot_paused", "The disk is full.", data={"reason": "disk"}),
            Happening("autopilot_paused", "The day is spent.", data={"reason": "budget"}),
        ]
        await write(session, alice.workspace, told, at=NOW, site_id=alice.site)
    await pump(targets)
    await pump(targets)
    heard = [(one.json["type"], one.json["data"]["message"]) for one in listener.heard]
    assert heard == [
        ("account.lost", "It is gone."),
        ("autopilot.waiting", "The disk is full."),
        ("autopilot.waiting", "The day is spent."),
        ("budget.reached", "The day is spent."),
    ]
    assert listener.heard[0].json["url"] == f"https://desk.test/accounts/{number}"


async def test_a_target_that_takes_nothing_is_left_alone_ever_longer_and_keeps_the_order(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    listener.answers = [503, 0]
    await targets.add(owner(alice), listener.url, ["run.finished"])
    runs = [await happens(house, alice) for _ in range(3)]
    await pump(targets)
    assert len(listener.heard) == 1
    await later(targets, seconds=31)
    await pump(targets)
    assert len(listener.heard) == 2
    await later(targets, seconds=31)
    await pump(targets)
    assert len(listener.heard) == 2
    await later(targets, seconds=31)
    await pump(targets)
    assert [one.json["data"]["run_id"] for one in listener.heard] == [runs[0], *([runs[0]] * 2), *runs[1:]]


async def test_after_many_tries_it_is_paused_with_a_notice_and_goes_on_where_it_was(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    await add_target(house, alice, "json://127.0.0.1:9/x", "run_stopped")
    listener.answers = [500] * PAUSED_AFTER
    made, _ = await targets.add(owner(alice), listener.url, ["run.finished"])
    await happens(house, alice)
    for _ in range(PAUSED_AFTER + 5):
        await pump(targets)
        await later(targets, hours=1)
    assert len(listener.heard) == PAUSED_AFTER
    shown = await targets.get(alice.workspace, made.id)
    assert shown.paused_at is not None
    assert "500" in shown.says
    async with house.store.workspace(alice.workspace) as session:
        (notice,) = await session.scalars(select(Notice).where(Notice.kind == "webhook_paused"))
    assert f"127.0.0.1:{listener.port}" in notice.title
    assert "/events" not in notice.body
    await targets.pause(owner(alice), made.id, paused=False)
    await pump(targets)
    assert len(listener.heard) == PAUSED_AFTER + 1
    assert (await targets.deliveries(alice.workspace))[0].status == "sent"


async def test_one_that_says_it_is_gone_is_paused_at_once_and_what_it_missed_is_given_up(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    listener.answers = [410]
    made, _ = await targets.add(owner(alice), listener.url, ["run.finished"])
    await happens(house, alice)
    await pump(targets)
    assert (await targets.get(alice.workspace, made.id)).paused_at is not None
    await later(targets, seconds=TRIED_FOR.total_seconds() + 60)
    await targets.sending.tidy()
    assert (await targets.deliveries(alice.workspace))[0].status == "given_up"


async def test_a_redirect_is_not_followed_and_a_private_address_is_not_called(
    house: House, alice: Tenant, listener: Listener, targets: Targets
) -> None:
    listener.answers, listener.location = [302], listener.url + "/elsewhere"
    made, _ = await targets.add(owner(alice), listener.url, ["run.finished"])
    answer = await targets.test(owner(alice), made.id)
    assert not answer.ok
    assert "not followed" in answer.says
    assert len(listener.heard) == 1
    for bad in ("ftp://a.test/", "http://a.test:8080/", "https://user:secret@a.test/", "nonsense", ""):
        with pytest.raises(Invalid):
            await targets.add(owner(alice), bad, ["run.finished"])
    for private in ("http://127.0.0.1/x", "http://169.254.169.254/latest", "http://[::1]/"):
        added, _ = await targets.add(owner(alice), private, ["run.finished"])
        answer = await targets.test(owner(alice), added.id)
        assert (answer.ok, "public internet" in answer.says) == (False, True)


async def test_a_test_arrives_and_counts_for_nothing(
    alice: Tenant, listener: Listener, targets: Targets
) -> None:
    made, _ = await targets.add(owner(alice), listener.url, list(EVENTS))
    listener.answers = [500]
    assert not (await targets.test(owner(alice), made.id)).ok
    assert (await targets.get(alice.workspace, made.id)).failures == 0
    assert (await targets.test(owner(alice), made.id)).ok
    assert [one.json["type"] for one in listener.heard] == ["test", "test"]


async def test_after_a_change_of_secret_two_signatures_go_out_for_a_day(
    alice: Tenant, listener: Listener, targets: Targets
) -> None:
    made, old = await targets.add(owner(alice), listener.url, ["run.finished"])
    new = await targets.rotate(owner(alice), made.id)
    await targets.test(owner(alice), made.id)
    await later(targets, hours=25)
    await targets.test(owner(alice), made.id)
    during, after = listener.heard
    stamp = int(during.headers["nightdesk-timestamp"])
    assert during.headers["nightdesk-signature"] == signatures.header([new, old], stamp, during.body)
    assert after.headers["nightdesk-signature"].count("v1=") == 1


async def test_only_an_owner_may_and_other_workspaces_see_nothing(
    house: House, alice: Tenant, bob: Tenant, listener: Listener, targets: Targets
) -> None:
    made, secret = await targets.add(owner(alice), listener.url, ["run.finished"])
    assert await targets.listed(bob.workspace) == []
    answers = [
        await bob.client.get(f"/api/v1/webhooks/{made.id}"),
        await bob.client.patch(f"/api/v1/webhooks/{made.id}", json={"paused": True}),
        await bob.client.post(f"/api/v1/webhooks/{made.id}/test"),
        await bob.client.delete(f"/api/v1/webhooks/{made.id}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    shown = await alice.client.get("/api/v1/webhooks")
    assert secret not in shown.text
    assert shown.json()["items"][0]["url"] == listener.url
    with pytest.raises(NotAllowed):
        await targets.add(Operator(alice.workspace, role="editor"), listener.url, ["run.finished"])
