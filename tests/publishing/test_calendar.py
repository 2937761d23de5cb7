"""The calendar: each publication on its day in the zone that is asked for, and what a day lacks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from nightdesk.desk.errors import Conflict
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Span
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.tenancy import Site
from publishing.one_platform import Ground

KIRITIMATI, HONOLULU = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Honolulu")


async def put(ground: Ground, number: int, **facts: Any) -> None:
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        await session.execute(update(Publication).where(Publication.id == number).values(**facts))


async def days_of(ground: Ground, span: Span) -> dict[str, list[int]]:
    plan = await ground.house.desk.publishing.calendar.plan(ground.tenant.workspace, span)
    return {str(day.day): [slot.publication.id for slot in day.slots] for day in plan}


async def test_a_slot_stands_on_the_day_of_the_zone_that_is_looked_in(ground: Ground):
    number, gone = await ground.wished(), await ground.wished()
    await put(ground, number, planned_at=datetime(2030, 5, 5, 9, 30, tzinfo=UTC))
    await put(ground, gone, planned_at=datetime(2030, 5, 5, 9, 30, tzinfo=UTC), state="cancelled")
    first = datetime(2030, 5, 4, tzinfo=UTC).date()
    assert await days_of(ground, Span(first, 3, ZoneInfo("UTC"))) == {
        "2030-05-04": [],
        "2030-05-05": [number],
        "2030-05-06": [],
    }
    assert (await days_of(ground, Span(first, 1, HONOLULU)))["2030-05-04"] == [number]
    assert (await days_of(ground, Span(first, 3, KIRITIMATI)))["2030-05-05"] == [number]
    await put(ground, number, planned_at=datetime(2030, 5, 5, 10, 30, tzinfo=UTC))
    assert (await days_of(ground, Span(first, 3, KIRITIMATI)))["2030-05-06"] == [number]


async def test_what_a_cap_moved_stands_where_it_goes_out(ground: Ground):
    number = await ground.wished()
    at = datetime(2030, 5, 5, 9, tzinfo=UTC)
    await put(ground, number, planned_at=at, due_at=at + timedelta(days=1), moved="It takes one a day.")
    assert (await days_of(ground, Span(at.date(), 2, ZoneInfo("UTC"))))["2030-05-06"] == [number]


async def test_a_site_in_auto_mode_lacks_what_its_day_has_not(ground: Ground):
    number, refused = await ground.wished(), await ground.wished()
    at = datetime(2030, 5, 5, 9, tzinfo=UTC)
    await put(ground, number, planned_at=at)
    await put(ground, refused, planned_at=at, state="rejected")
    calendar, workspace = ground.house.desk.publishing.calendar, ground.tenant.workspace
    span = Span(at.date(), 1, ZoneInfo("UTC"))
    assert (await calendar.plan(workspace, span))[0].lacking == []
    async with ground.house.store.workspace(workspace) as session:
        of_it = (Site.workspace_id == workspace, Site.id == ground.tenant.site)
        await session.execute(
            update(Site).where(*of_it).values(auto_mode=True, posts_a_day=3, videos_a_day=2)
        )
    (lacks,) = (await calendar.plan(workspace, span))[0].lacking
    assert (lacks.site_id, lacks.articles, lacks.videos) == (ground.tenant.site, 3, 1), (
        "a video is no article"
    )
    await put(ground, refused, state="queued")
    (lacks,) = (await calendar.plan(workspace, span))[0].lacking
    assert (lacks.articles, lacks.videos) == (3, 0)
    past = Span(datetime(2020, 5, 5, tzinfo=UTC).date(), 1, ZoneInfo("UTC"))
    assert (await calendar.plan(workspace, past))[0].lacking == []


async def test_a_site_lacks_nothing_of_a_kind_that_none_of_its_accounts_takes(ground: Ground):
    workspace, site = ground.tenant.workspace, ground.tenant.site
    async with ground.house.store.workspace(workspace) as session:
        of_it = (Site.workspace_id == workspace, Site.id == site)
        await session.execute(
            update(Site).where(*of_it).values(auto_mode=True, posts_a_day=2, videos_a_day=1)
        )
        of_account = (Account.workspace_id == workspace, Account.id == ground.account)
        await session.execute(update(Account).where(*of_account).values(platform="youtube"))
    await ground.house.desk.accounts.link(ground.by, ground.account, site)
    span = Span(datetime(2030, 5, 5, tzinfo=UTC).date(), 1, ZoneInfo("UTC"))
    (lacks,) = (await ground.house.desk.publishing.calendar.plan(workspace, span))[0].lacking
    assert (lacks.articles, lacks.videos) == (0, 1)


async def test_what_is_held_is_counted_and_comes_first(ground: Ground):
    numbers = [await ground.wished() for _ in range(3)]
    for number in numbers[:2]:
        await put(ground, number, state="held")
    calendar, workspace = ground.house.desk.publishing.calendar, ground.tenant.workspace
    shown, total = await calendar.held(workspace, 1)
    assert ([slot.publication.id for slot in shown], total) == (numbers[:1], 2)
    assert (await ground.house.desk.badges.count(workspace)).held == 2
    assert [slot.publication.id for slot in await calendar.next_out(workspace, 5)] == numbers[2:]


async def test_what_was_not_taken_is_told_until_it_is_published_again_or_left(ground: Ground):
    numbers = [await ground.wished() for _ in range(2)]
    for number in numbers:
        await put(ground, number, state="rejected", error="No such category.", options={"category": "News"})
    publishing, workspace = ground.house.desk.publishing, ground.tenant.workspace
    shown, total = await publishing.calendar.refused(workspace, 1)
    assert ([slot.publication.id for slot in shown], total) == (numbers[1:], 2)
    await publishing.again(Operator(workspace), numbers[0])
    again = (await publishing.stories.show(workspace, numbers[0])).publication
    assert (again.state, again.error, again.options) == ("queued", "", {"category": "News"})
    with pytest.raises(Conflict):
        await publishing.again(Operator(workspace), numbers[0])
    await publishing.cancel(Operator(workspace), numbers[1])
    assert await publishing.calendar.refused(workspace, 1) == ([], 0)
