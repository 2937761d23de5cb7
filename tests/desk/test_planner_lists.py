"""Lists of keywords among many: filters and orders give what they say, page by page, each row once."""

from typing import Any

import pytest
from sqlalchemy import text

from api.api_house import Tenant
from api.rows import put_in_hand
from desk.planner_rows import cluster, idea, keyword, task
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.paging import Paging, read_cursor
from nightdesk.desk.planner.keyword_bulk import MOST, Chosen
from nightdesk.desk.planner.keyword_lists import NEAR, ORDERS, UNKNOWN, KeywordFilter
from nightdesk.store.tables.planner import Keyword, Task

MANY = NEAR + 1000


async def fill(house: House, tenant: Tenant, many: int) -> None:
    """So many keywords; of the last in every order there are few of a kind."""
    query = text("""
        insert into keywords (workspace_id, site_id, phrase, normal, volume, difficulty, intent)
        select :w, :s, p, p, :many - n, case when n % 3 > 0 then (n % 1000) / 10.0 end,
               case when n % 2 = 0 then 'informational' end
        from (select n, case when n > :many - 5 then 'zebra ' else 'horse ' end || n as p
              from generate_series(1, cast(:many as bigint)) as n) as x
    """)
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(query, {"w": tenant.workspace, "s": tenant.site, "many": many})


async def walk(house: House, tenant: Tenant, order: str, limit: int = 200, **asked: Any) -> list[Keyword]:
    """All pages of a list in that order."""
    found: list[Keyword] = []
    after = None
    while True:
        paging = Paging(ORDERS[order], limit, read_cursor(after, ORDERS[order]) if after else None)
        page = await house.desk.planner.keywords.page(
            tenant.workspace, tenant.site, KeywordFilter(**asked), paging
        )
        found += page.items
        after = page.next_cursor
        if after is None:
            return found


async def test_every_order_and_filter_gives_each_keyword_once_and_in_its_place(
    house: House, alice: Tenant
) -> None:
    await fill(house, alice, 700)
    keys: dict[str, Any] = {
        "newest": lambda k: -k.id,
        "oldest": lambda k: k.id,
        "volume": lambda k: (-k.volume, -k.id),
        "volume_up": lambda k: (k.volume, k.id),
        "phrase": lambda k: (k.normal, k.id),
        "phrase_down": lambda k: [-ord(letter) for letter in k.normal.ljust(20)],
        "hardest": lambda k: (-k.difficulty, -k.id),
        "easiest": lambda k: (k.difficulty, k.id),
    }
    everything = await walk(house, alice, "newest")
    assert len(everything) == 700
    for order, key in keys.items():
        found = await walk(house, alice, order)
        wanted = [k for k in everything if k.difficulty is not None or order not in ("hardest", "easiest")]
        assert [k.id for k in found] == [k.id for k in sorted(wanted, key=key)], order
    for asked, holds in (
        ({"intent": "informational"}, lambda k: k.intent == "informational"),
        ({"intent": UNKNOWN}, lambda k: k.intent is None),
        ({"min_volume": 100, "max_volume": 120}, lambda k: 100 <= k.volume <= 120),
        ({"min_difficulty": 20.0, "max_difficulty": 40.0}, lambda k: 20 <= (k.difficulty or 0) <= 40),
        ({"search": "Zebra  6"}, lambda k: "zebra 6" in k.normal),
        ({"search": "%"}, lambda k: False),
        ({"unmapped": True, "status": "new"}, lambda k: True),
        ({"status": "disabled"}, lambda k: False),
    ):
        found = await walk(house, alice, "volume", 50, **asked)
        assert [k.id for k in found] == [k.id for k in everything[::-1] if holds(k)], asked


async def test_the_rare_is_found_where_it_does_not_lie_near(house: House, alice: Tenant) -> None:
    await fill(house, alice, MANY)
    for order in ("volume", "oldest"):
        assert len(await walk(house, alice, order, 3, search="zebra")) == 5
    assert len(await walk(house, alice, "volume", 200, intent=UNKNOWN)) == MANY // 2
    assert len(await walk(house, alice, "volume_up", 200, search="zebra")) == 5


async def test_no_more_is_changed_than_was_told(house: House, alice: Tenant) -> None:
    await fill(house, alice, 30)
    bulk = house.desk.planner.keyword_bulk
    asked = KeywordFilter(search="horse")
    told = await bulk.count(alice.workspace, alice.site, asked)
    assert told == 25
    await keyword(house, alice, "horse that came meanwhile")
    with pytest.raises(Conflict, match="than the 25 you were told of"):
        await bulk.delete(alice.workspace, alice.site, Chosen(asked=asked, told=told))
    assert await bulk.count(alice.workspace, alice.site, KeywordFilter()) == 31
    done = await bulk.delete(alice.workspace, alice.site, Chosen(asked=asked, told=told + 1))
    assert done.changed == 26
    with pytest.raises(Conflict, match="too many"):
        await bulk.delete(alice.workspace, alice.site, Chosen(list(range(1, MOST + 2))))
    with pytest.raises(Invalid):
        await bulk.move(alice.workspace, alice.site, Chosen([1]), " ")


async def test_keywords_of_another_site_are_out_of_reach(house: House, alice: Tenant, bob: Tenant) -> None:
    other = (await house.desk.sites.create(alice.workspace, "Another")).id
    mine = await keyword(house, alice, "mine")
    theirs = await keyword(house, bob, "theirs")
    bulk = house.desk.planner.keyword_bulk
    assert (await bulk.delete(alice.workspace, other, Chosen([mine, theirs]))).changed == 0
    assert (await bulk.delete(bob.workspace, bob.site, Chosen([mine]))).changed == 0


async def test_the_board_has_every_card_in_its_column(house: House, alice: Tenant) -> None:
    of = await cluster(house, alice, "heating", "heat pump")
    for n in range(25):
        await idea(house, alice, of, f"Idea number {n}")
    await idea(house, alice, of, "Set aside for now", disabled=True)
    await task(house, alice, of, "A queued piece")
    _, writing = await task(house, alice, of, "Being written")
    await put_in_hand(house, alice, Task, writing)
    _, parked = await task(house, alice, of, "A failed piece")
    async with house.store.workspace(alice.workspace) as session:
        query = text("update tasks set parked_at = now(), error = 'No answer.', tries = 5 where id = :id")
        await session.execute(query, {"id": parked})
    board = house.desk.planner.board
    columns, _ = await board.columns(alice.workspace, alice.site)
    totals = {name: column.total for name, column in columns.items() if column.total}
    assert totals == {"ideas": 25, "aside": 1, "queued": 1, "writing": 1, "failed_tasks": 1}
    first = columns["ideas"]
    assert [card.title for card in first.cards] == [f"Idea number {n}" for n in range(20)]
    assert (first.cards[0].cluster, first.cards[0].volume) == ("heating", 100)
    rest = await board.column(alice.workspace, alice.site, "ideas", first.next_cursor or "")
    assert [card.title for card in rest.cards] == [f"Idea number {n}" for n in range(20, 25)]
    assert rest.next_cursor is None
    (failed,) = columns["failed_tasks"].cards
    assert (failed.error, failed.tries, failed.brief["structure"]) == ("No answer.", 5, "guide")
    sizes = await house.desk.planner.clusters.sizes(alice.workspace, [of])
    assert sizes == {of: (1, 29)}
