"""What is too old goes, and nothing else: costs, the ledger and runs in hand are as they were."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text

from api.api_house import Tenant
from api.rows import add, add_chain
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.people import Operator
from nightdesk.desk.retention import KINDS, Pruning
from nightdesk.desk.spending import Span
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.gate import GateDecision, Revision
from retention.old_nights import book, newest_event, old_run, rows

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), ZoneInfo("Europe/Berlin"))


def pruning(house: House, now: datetime = NOW) -> Pruning:
    return Pruning(house.store, house.files, SetClock(now))


async def chain(house: House, tenant: Tenant, name: str = "heaters") -> dict[str, list[int]]:
    one = await add_chain(house, tenant, name=name)
    return {"keywords": [one.keyword], "tasks": [one.task], "images": [one.image], "contents": [one.content]}


async def sums(house: House, tenant: Tenant, runs: list[Any], content: int) -> dict[str, Any]:
    """Everything that is told of what was spent."""
    costs = house.desk.costs
    summary = await costs.summary(tenant.workspace)
    stories = [await house.desk.runs.story(tenant.workspace, run) for run in runs]
    spent = await costs.spent(tenant.workspace, YEAR)
    return {
        "charged": [(one.stage, one.step, one.credits) for one in summary.stages],
        "providers": summary.providers,
        "days": await costs.by_day(tenant.workspace, YEAR),
        "spent": spent,
        "piece": await costs.of_content(tenant.workspace, content),
        "of runs": [(story.calls, story.usd, story.pieces, story.pieces_total) for story in stories],
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_sums_pieces_and_the_ledger_are_the_same_after_the_details_are_gone(
    house: House, alice: Tenant, seed: int
) -> None:
    items = await chain(house, alice)
    old = await old_run(house, alice, NOW - timedelta(days=200), items, seed=seed)
    young = await old_run(house, alice, NOW - timedelta(days=20), items, seed=seed + 10)
    (content,) = items["contents"]
    before = await sums(house, alice, [old, young], content)
    ledger = await book(house, alice)

    await pruning(house).prune_one(alice.workspace, most=7)

    assert await sums(house, alice, [old, young], content) == before
    assert await book(house, alice) == ledger
    groups = await rows(
        house, alice, "(select distinct stage, step, status from batches where run_id = :r) g", r=old
    )
    assert await rows(house, alice, "batches", "run_id = :r", r=old) == groups < 30
    assert await rows(house, alice, "batches", "run_id = :r", r=young) == 30
    assert await rows(house, alice, "events", "run_id = :r", r=old) == 0
    assert await rows(house, alice, "events", "run_id = :r", r=young) == 30
    calls = await rows(house, alice, "provider_calls", "run_id = :r", r=old)
    await pruning(house).prune_one(alice.workspace, most=7)
    assert await rows(house, alice, "provider_calls", "run_id = :r", r=old) == calls


async def test_of_a_run_in_hand_nothing_goes_however_old_it_is(house: House, alice: Tenant) -> None:
    items = await chain(house, alice)
    run = await old_run(house, alice, NOW - timedelta(days=400), items, status="paused", batches=6)
    await pruning(house).prune_one(alice.workspace)
    assert await rows(house, alice, "batches", "run_id = :r", r=run) == 6
    assert await rows(house, alice, "events", "run_id = :r", r=run) == 6


async def test_what_an_owner_keeps_for_ever_stays(house: House, alice: Tenant) -> None:
    items = await chain(house, alice)
    run = await old_run(house, alice, NOW - timedelta(days=900), items, batches=5)
    owner = Operator(alice.workspace)
    for what in KINDS:
        await house.desk.retention.keep(owner, what, "")
    await pruning(house).prune_one(alice.workspace)
    assert await rows(house, alice, "batches", "run_id = :r", r=run) == 5
    assert await rows(house, alice, "events", "run_id = :r", r=run) == 5
    assert all(one.over == 0 for one in await house.desk.retention.shown(alice.workspace))


async def test_what_the_page_says_would_go_is_what_goes(house: House, alice: Tenant, bob: Tenant) -> None:
    for tenant in (alice, bob):
        await old_run(house, tenant, NOW - timedelta(days=200), await chain(house, tenant), batches=12)
    desk = house.desk.retention
    told = {one.kind.what: one for one in await desk.shown(alice.workspace)}
    lines, there = await rows(house, alice, "events"), told["log"].there
    await pruning(house, datetime.now(UTC)).prune_one(alice.workspace)
    assert (there, told["log"].over) == (lines, lines - await rows(house, alice, "events"))
    assert told["log"].over >= 12
    assert {one.over for one in await desk.shown(alice.workspace)} == {0}
    assert await rows(house, bob, "events") >= 12


async def test_of_a_decided_piece_the_first_the_present_and_the_decided_revisions_stay(
    house: House, alice: Tenant
) -> None:
    one = await add_chain(house, alice, status="approved", name="revised")
    at = NOW - timedelta(days=500)
    same = {"title": "t", "slug": "s", "structure": "guide", "markdown": "m", "meta_title": ""}
    more = {"meta_description": "", "words": 1, "pictures": [], "what": "edited", "who": "Ada", "at": at}
    mine = {"workspace_id": alice.workspace, "content_id": one.content}
    async with house.store.workspace(alice.workspace) as session:
        for number in range(1, 7):
            await session.execute(insert(Revision).values(**mine, number=number, **same, **more))
        decided = {"decision": "approve", "came_from": "review", "revision": 4, "who": "Ada", "at": at}
        await session.execute(insert(GateDecision).values(**mine, **decided))
        await session.execute(text("update contents set revision = 6 where id = :c"), {"c": one.content})
    await pruning(house).prune_one(alice.workspace)
    assert await rows(house, alice, "revisions", "content_id = :c", c=one.content) == 6
    await house.desk.retention.keep(Operator(alice.workspace), "revisions", "365")
    await pruning(house).prune_one(alice.workspace, most=1)
    kept = await house.desk.review.revisions.listed(alice.workspace, one.content)
    assert sorted(revision.number for revision in kept) == [1, 4, 6]


@pytest.mark.parametrize("days", ["364", "0", "-1", "ten", "1" * 30])
async def test_the_book_of_who_did_what_is_kept_for_a_year_at_the_least(
    house: House, alice: Tenant, days: str
) -> None:
    with pytest.raises(Invalid):
        await house.desk.retention.keep(Operator(alice.workspace), "audit", days)
    assert await rows(house, alice, "keeping") == 0


async def test_an_archived_site_goes_after_its_time_with_all_that_is_in_it_and_its_money_stays(
    house: House, alice: Tenant
) -> None:
    items = await chain(house, alice)
    run = await old_run(house, alice, NOW - timedelta(days=50), items, batches=15)
    await house.desk.sites.archive(alice.workspace, alice.site)
    archived = "update sites set archived_at = :at where id = :s"
    facts: dict[str, Any] = {"at": NOW - timedelta(days=29), "s": alice.site}
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text(archived), facts)
    await pruning(house).prune_one(alice.workspace, most=3)
    assert await rows(house, alice, "contents") == 1
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text(archived), facts | {"at": NOW - timedelta(days=31)})
    ledger = await book(house, alice)
    usd = (await house.desk.costs.summary(alice.workspace)).usd
    await pruning(house).prune_one(alice.workspace, most=3)
    for table in ("sites", "runs", "batches", "contents", "images", "keywords", "documents", "item_costs"):
        assert await rows(house, alice, table) == 0, table
    assert await rows(house, alice, "events", "run_id = :r", r=run) == 0
    assert await book(house, alice) == ledger
    assert (await house.desk.costs.summary(alice.workspace)).usd == usd > 0


async def test_a_site_that_began_to_be_removed_cannot_be_restored(house: House, alice: Tenant) -> None:
    async with house.store.workspace(alice.workspace) as session:
        gone = "update sites set archived_at = now(), removed_at = now() where id = :s"
        await session.execute(text(gone), {"s": alice.site})
    with pytest.raises(NotFound):
        await house.desk.sites.restore(alice.workspace, alice.site)
    assert [site.id for site in await house.desk.sites.listed(alice.workspace, archived=True)] == []


async def test_events_of_late_are_never_touched_whatever_the_clock_says(house: House, alice: Tenant) -> None:
    items = await chain(house, alice)
    await old_run(house, alice, NOW - timedelta(days=1), items, batches=4)
    newest = await newest_event(house, alice)
    await pruning(house, NOW - timedelta(days=3)).prune_one(alice.workspace)
    assert await newest_event(house, alice) == newest


async def test_topics_that_nobody_used_go_and_what_was_used_or_dismissed_stays(
    house: House, alice: Tenant
) -> None:
    for name, status, days in (
        ("a", "new", 100),
        ("b", "new", 80),
        ("c", "used", 400),
        ("d", "dismissed", 400),
    ):
        seen = {"last_seen_at": NOW - timedelta(days=days), "status": status}
        await add(house, alice, Topic, title=name, normal=name, source="rss", **seen)
    await pruning(house).prune()
    async with house.store.workspace(alice.workspace) as session:
        assert set(await session.scalars(text("select title from topics"))) == {"b", "c", "d"}
