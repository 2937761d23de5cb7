"""Accounts are looked at every day before their first slot, cut off on proof alone, and their end is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import select, text, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.accounts.looking import next_look
from nightdesk.desk.notices import Outbox, Wording
from nightdesk.kit.clock import SetClock
from nightdesk.publishers import KINDS
from nightdesk.rehearsal.consents import FakeConsent
from nightdesk.rehearsal.serving import serving
from nightdesk.store.session import WIDE_ROLE, plain_address
from nightdesk.store.tables.notices import Notice
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.publishing import Account
from notices.notice_rows import add_target
from publishing.consenting import NOON, Office, kind

DAY = 86400.0


@pytest_asyncio.fixture(loop_scope="session")
async def office(house: House, alice: Tenant, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """One whose accounts alone are due."""
    monkeypatch.setitem(KINDS, "x", kind())  # type: ignore[misc]
    clock = SetClock(NOON)
    async with house.store.everywhere() as session:
        await session.execute(update(Account).values(removed_at=NOON))
    async with serving(FakeConsent(clock)) as served:
        yield Office(house, served, alice, clock)


def moved(office: Office, seconds: float) -> datetime:
    assert isinstance(office.clock, SetClock)
    office.clock.move(seconds)
    return office.clock.now()


def asked(office: Office) -> int:
    """How often the platform was asked who we are."""
    return sum(one.path == "/me" for one in office.platform.requests)


async def told(office: Office) -> list[tuple[int, str]]:
    """What there was to tell: how much, and in which words."""
    async with office.house.store.workspace(office.tenant.workspace) as session:
        query = select(Event).where(Event.type == "account_changed", Event.data["tells"].astext.is_not(None))
        return [(one.data["tells"], one.message) for one in await session.scalars(query.order_by(Event.id))]


async def test_each_account_is_looked_at_once_a_day_in_the_morning_of_its_own_zone(office: Office) -> None:
    made = await office.connected()
    await office.put(made.id, timezone="Europe/Berlin")
    await office.accounts.verify(office.tenant.workspace, made.id)
    looks = asked(office)
    for hour in range(72):
        moved(office, 3600)
        assert await office.watch.round() == (1 if asked(office) > looks else 0)
        row, now = await office.row(made.id), office.clock.now()
        if asked(office) > looks:
            there = now.astimezone(ZoneInfo("Europe/Berlin"))
            assert 3 <= there.hour <= 6, (hour, there)
            looks = asked(office)
        assert row.status == "connected"
        assert row.look_at > now
    assert looks == asked(office) == 2 + 3
    assert (await office.row(made.id)).remote_name == "Night channel"


def test_accounts_are_spread_over_the_morning_and_days_of_23_hours_have_one_too() -> None:
    zone = "Europe/Berlin"
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo(zone))
    looks = [next_look(Account(id=n, timezone=zone), before) for n in range(1, 200)]
    assert len(set(looks)) > 190
    assert {one.astimezone(ZoneInfo(zone)).date().day for one in looks} == {29}
    assert {one.astimezone(ZoneInfo(zone)).hour for one in looks} == {3, 4}


async def test_before_a_slot_within_the_hour_an_account_is_looked_at_that_was_not_for_long(
    office: Office,
) -> None:
    made = await office.connected()
    now = moved(office, 21 * 3600)
    await office.put(made.id, look_at=now + timedelta(days=1))
    await office.watch.round()
    before = asked(office)
    slot = now + timedelta(minutes=50)
    async with office.house.store.workspace(office.tenant.workspace) as session:
        site = office.tenant.site
        await session.execute(
            text(
                "insert into publications (workspace_id, site_id, account_id, revision, key, planned_at,"
                " due_at) values (:w, :s, :a, 1, gen_random_uuid(), :at, :at)"
            ),
            {"w": office.tenant.workspace, "s": site, "a": made.id, "at": slot},
        )
    assert await office.watch.round() == 1
    assert asked(office) == before + 1
    assert await office.watch.round() == 0


async def test_a_platform_that_is_away_once_cuts_nobody_off_and_three_times_says_so(office: Office) -> None:
    made = await office.connected()
    statuses = []
    for _ in range(3):
        office.platform.faults.strike("busy", at="GET /me")
        await office.put(made.id, look_at=office.clock.now())
        await office.watch.round()
        row = await office.row(made.id)
        statuses.append((row.status, row.misses, (row.look_at - office.clock.now()).total_seconds()))
        moved(office, 60)
    assert statuses == [("connected", 1, 600.0), ("connected", 2, 1200.0), ("error", 3, 2400.0)]
    assert [level for level, _ in await told(office)] == [3]
    moved(office, DAY)
    await office.watch.round()
    row = await office.row(made.id)
    assert (row.status, row.misses, row.told) == ("connected", 0, 0)


async def test_what_the_platform_declines_is_cut_off_and_told_once(office: Office) -> None:
    made = await office.connected()
    office.platform.logins.revoke("Night channel")
    for _ in range(5):
        await office.put(made.id, look_at=office.clock.now())
        await office.watch.round()
        moved(office, 3600)
    row = await office.row(made.id)
    assert row.status == "expired"
    ((level, words),) = await told(office)
    assert level == 4
    assert words.startswith("“Channel” is disconnected: ")
    again = await office.connecting.finish_at(office.by, await office.asked(made.id))
    assert again.account.status == "connected"
    await office.watch.round()
    assert (await office.row(made.id)).told == 0
    office.platform.logins.revoke("Night channel")
    await office.put(made.id, status="expired", says="Revoked.")
    await office.watch.round()
    assert [level for level, _ in await told(office)] == [4, 4]


async def test_a_log_in_given_anew_while_the_old_one_was_looked_at_stays_connected(office: Office) -> None:
    made = await office.connected()
    looks = office.watch.looks
    seen = looks._seen

    async def meanwhile(row: Account) -> Any:
        office.platform.logins.revoke("Night channel")
        await office.put(made.id, failures=1)
        found = await seen(row)
        await office.connecting.finish_at(office.by, await office.asked(made.id))
        return found

    looks._seen = meanwhile  # type: ignore[method-assign]
    await looks.look(office.tenant.workspace, made.id, by_itself=True)
    assert (await office.row(made.id)).status == "connected"


async def test_an_end_of_a_log_in_is_told_a_week_before_two_days_before_and_when_it_is_over(
    office: Office,
) -> None:
    target = await add_target(office.house, office.tenant, "ntfy://canary-4711-topic", "account")
    made = await office.connected()
    await office.put(made.id, expires_at=NOON + timedelta(days=9), look_at=NOON + timedelta(days=99))
    url = plain_address(office.house.store.url, WIDE_ROLE)
    outbox = Outbox(office.house.store, office.clock, url, Wording("https://desk.example"))
    said = []
    for day in range(10):
        for _ in range(3):
            await office.watch.tell_due()
            await outbox.fill()
        if day == 8:
            await office.put(made.id, status="expired", says="The log-in has ended.")
        async with office.house.store.workspace(office.tenant.workspace) as session:
            mine = select(Notice).where(Notice.target_id == target).order_by(Notice.id)
            rows = list(await session.scalars(mine))
        said += [(day, row.title) for row in rows[len(said) :]]
        moved(office, DAY)
    assert said == [
        (2, "The log-in of “Channel” ends in 7 days"),
        (7, "The log-in of “Channel” ends in 2 days"),
        (9, "“Channel” is disconnected"),
    ]
    assert rows[0].kind == "account"
    assert rows[0].body.endswith(f"https://desk.example/accounts/{made.id}")
    assert "The log-in has ended." in rows[2].body


async def test_two_rounds_at_once_look_at_each_account_once(office: Office) -> None:
    for n in range(3):
        made = await office.connected(f"Channel {n}")
        await office.put(made.id, look_at=office.clock.now())
    before = asked(office)
    rounds = await asyncio.gather(*(office.watch.round() for _ in range(4)))
    assert (sum(rounds), asked(office) - before) == (3, 3)


async def test_what_lacks_something_or_was_removed_is_left_alone(office: Office) -> None:
    waiting = await office.begun()
    gone = await office.connected("Gone")
    await office.put(gone.id, removed_at=NOON, look_at=NOON)
    folder = await office.accounts.connect(office.by, NewAccount("folder", "Shelf", {"folder": "shelf"}))
    await office.put(waiting.id, look_at=NOON)
    await office.put(folder.id, look_at=NOON)
    before = asked(office)
    assert await office.watch.round() == 1
    assert asked(office) == before
    assert (await office.row(folder.id)).looked_at == office.clock.now()


async def test_a_publisher_that_breaks_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = await office.connected("Broken"), await office.connected("Fine")
    seen = office.watch.looks._seen
    watch = office.watch

    async def breaks(row: Account) -> Any:
        if row.id == broken.id:
            raise ZeroDivisionError
        return await seen(row)

    monkeypatch.setattr(watch.looks, "_seen", breaks)
    for one in (broken, fine):
        await office.put(one.id, look_at=office.clock.now())
    now = moved(office, 60)
    with pytest.raises(ZeroDivisionError):
        await watch.round()
    assert (await office.row(fine.id)).looked_at == now
    assert (await office.row(broken.id)).look_at > now


@pytest.mark.parametrize(
    ("holds", "days"),
    [(timedelta(days=9, hours=5), 9), (timedelta(hours=5), 0), (-timedelta(days=3), 0), (None, None)],
)
async def test_how_many_days_a_log_in_holds_is_told_over_the_api(
    office: Office, holds: timedelta | None, days: int | None
) -> None:
    made = await office.connected()
    ends = datetime.now(UTC) + holds if holds is not None else None
    await office.put(made.id, expires_at=ends)
    client = office.tenant.client
    assert (await client.get(f"/api/v1/accounts/{made.id}")).json()["days_left"] == days
    found = (await client.get("/api/v1/accounts/status")).json()["accounts"]
    assert [one["days_left"] for one in found if one["id"] == made.id] == [days]
