"""What is planned for a day that its account has full goes out on the next that has room, and says so."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from nightdesk.desk.accounts import AccountChanges
from nightdesk.desk.publishing import Asked, Span, Wish
from nightdesk.store.tables.publishing import Account, Publication
from publishing.one_platform import Ground

TUESDAY = datetime(2030, 11, 26, 8, tzinfo=UTC)
DAY = timedelta(days=1)


async def planned(ground: Ground, at: datetime | None) -> Asked:
    """A new video that is to go out then."""
    video = await ground.approved()
    wish = Wish(video_id=video.id, accounts=[ground.account], at=at)
    return (await ground.house.desk.publishing.publish(ground.by, wish))[0]


async def takes(ground: Ground, cap: int, *, account: str = "UTC", site: str = "Europe/Berlin") -> None:
    """So many a day, by the clocks of those zones."""
    await ground.house.desk.accounts.change(ground.by, ground.account, AccountChanges(day_cap=cap))
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        of_it = (Account.workspace_id == ground.tenant.workspace, Account.id == ground.account)
        await session.execute(update(Account).where(*of_it).values(timezone=account, name="Shelf"))
    await ground.house.desk.sites.change(ground.tenant.workspace, ground.tenant.site, timezone=site)


async def put(ground: Ground, number: int, **facts: Any) -> None:
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        await session.execute(update(Publication).where(Publication.id == number).values(**facts))


async def test_what_is_asked_for_on_a_full_day_is_planned_for_the_next_and_says_so(ground: Ground) -> None:
    await takes(ground, 2)
    for hour in (0, 3):
        assert (await planned(ground, TUESDAY + timedelta(hours=hour))).moved == ""
    third = await planned(ground, TUESDAY)
    says = (
        "“Shelf” takes 2 a day and has 2 on Tuesday: it goes out on Wednesday 27 November at 09:00 "
        "(Europe/Berlin)."
    )
    assert (third.at, third.moved) == (TUESDAY + DAY, says)
    row = await ground.row(third.id)
    assert (row.planned_at, row.due_at, row.moved) == (TUESDAY + DAY, TUESDAY + DAY, says)
    shown = await ground.house.desk.publishing.stories.show(ground.tenant.workspace, third.id)
    assert [(line.what, line.says) for line in shown.story] == [
        ("asked", "Planned for 2030-11-27T08:00:00+00:00."),
        ("moved", says),
    ]
    calendar = ground.house.desk.publishing.calendar
    span = Span(TUESDAY.date(), 2, ZoneInfo("UTC"))
    _, second = await calendar.plan(ground.tenant.workspace, span)
    assert [(slot.publication.id, slot.publication.moved) for slot in second.slots] == [(third.id, says)]


async def test_what_is_moved_to_a_full_day_goes_on_to_the_next_and_back_to_its_own(ground: Ground) -> None:
    await takes(ground, 1)
    publishing = ground.house.desk.publishing
    first, last = await planned(ground, TUESDAY), await planned(ground, TUESDAY + 2 * DAY)
    later = await publishing.move(ground.by, first.id, TUESDAY + timedelta(hours=4))
    assert (later.planned_at, later.moved) == (TUESDAY + timedelta(hours=4), ""), (
        "its own place is no other's"
    )
    row = await publishing.move(ground.by, last.id, TUESDAY)
    assert (row.planned_at, row.due_at) == (TUESDAY + DAY, TUESDAY + DAY)
    assert "has 1 on Tuesday: it goes out on Wednesday 27 November at 09:00" in row.moved
    assert (await ground.story(last.id)).count("moved") == 1
    again = await publishing.move(ground.by, last.id, TUESDAY + 5 * DAY)
    assert (again.planned_at, again.moved) == (TUESDAY + 5 * DAY, "")


async def test_of_many_at_once_each_gets_a_place_of_its_own(ground: Ground) -> None:
    await takes(ground, 1)
    asked = await asyncio.gather(*(planned(ground, TUESDAY) for _ in range(3)))
    assert sorted(one.at for one in asked) == [TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY]
    moving = [ground.house.desk.publishing.move(ground.by, one.id, TUESDAY + 9 * DAY) for one in asked]
    moved = await asyncio.gather(*moving)
    assert sorted(row.planned_at for row in moved) == [TUESDAY + n * DAY for n in (9, 10, 11)]


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({"state": "live"}, True),
        ({"state": "ambiguous"}, True),
        ({"state": "committing"}, True),
        ({"state": "held"}, True),
        ({"state": "held", "sent_at": None}, False),
        ({"state": "rejected"}, False),
        ({"state": "cancelled"}, False),
        ({"state": "preparing", "sent_at": None}, True),
        ({"state": "queued", "sent_at": None}, True),
    ],
    ids=lambda one: "-".join(map(str, one.values())) if isinstance(one, dict) else "",
)
async def test_today_has_what_is_out_or_may_be_and_what_waits(
    ground: Ground, facts: dict[str, Any], counts: bool
) -> None:
    await takes(ground, 1, site="UTC")
    now = ground.house.clock.now()
    tonight = now.replace(hour=23, minute=59, second=59, microsecond=0)
    other = await planned(ground, None)
    overdue = now - 3 * DAY
    await put(ground, other.id, **{"sent_at": now, "planned_at": overdue, "due_at": overdue} | facts)
    found = await planned(ground, tonight)
    assert (found.at - tonight, bool(found.moved)) == ((DAY, True) if counts else (timedelta(0), False))


async def test_a_day_is_the_account_s_and_the_clock_is_the_site_s(ground: Ground) -> None:
    await takes(ground, 1, account="Pacific/Auckland", site="Europe/Berlin")
    # 12:30 and 23:30 UTC are one day in Auckland, two of them in London; Berlin's clocks go back on the 27th.
    first, second = datetime(2030, 10, 25, 12, 30, tzinfo=UTC), datetime(2030, 10, 25, 23, 30, tzinfo=UTC)
    await planned(ground, second)
    found = await planned(ground, first)
    assert "on Saturday: it goes out on Saturday 26 October at 14:30 (Europe/Berlin)." in found.moved
    assert found.at == first + DAY
    third = await planned(ground, first)
    assert third.at == datetime(2030, 10, 27, 13, 30, tzinfo=UTC), "14:30 in winter"


async def test_what_goes_out_now_is_left_to_the_sender(ground: Ground) -> None:
    await takes(ground, 1)
    asked = [await planned(ground, at) for at in (None, None, TUESDAY - 9999 * DAY)]
    assert {one.moved for one in asked} == {""}
    ground.clock.move(60)
    for _ in range(4):
        await ground.outgoing().send_due()
    states = [(await ground.row(one.id)).state for one in asked]
    assert sorted(states) == ["live", "queued", "queued"]


async def test_where_no_day_has_room_it_stays_where_it_was_wished(ground: Ground) -> None:
    await takes(ground, 1)
    for days in range(60):
        assert (await planned(ground, TUESDAY + days * DAY)).moved == ""
    found = await planned(ground, TUESDAY)
    assert (found.at, found.moved) == (TUESDAY, "")
