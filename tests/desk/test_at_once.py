"""People and runs that reach for the same rows at the same moment."""

import asyncio

from sqlalchemy import func, select

from api.api_house import Tenant
from api.rows import add, add_chain, assert_tallies_hold, read
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, DeskError
from nightdesk.desk.planner.inputs import ClusterChanges, KeywordChanges, NewCluster
from nightdesk.desk.review.inputs import ContentChanges, Decided
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.writer import Content


async def test_four_imports_of_one_file_take_each_phrase_once(house: House, alice: Tenant) -> None:
    keywords = house.desk.planner.keywords
    lines = "".join(f"keyword {n},{n}\n" for n in range(500))
    files = [f"Keyword,Volume\n{lines}".encode() for _ in range(4)]
    reports = await asyncio.gather(
        *(keywords.import_file(alice.workspace, alice.site, "a.csv", content) for content in files)
    )
    assert sum(len(report.taken) for report in reports) == 500
    assert sum(len(report.merged) for report in reports) == 1500
    async with house.store.workspace(alice.workspace) as session:
        assert await session.scalar(select(func.count()).select_from(Keyword)) == 500
    await assert_tallies_hold(house, alice)


async def test_of_two_clusters_of_one_name_made_at_once_there_is_one(house: House, alice: Tenant) -> None:
    clusters = house.desk.planner.clusters
    made = await asyncio.gather(
        *(
            clusters.create(alice.workspace, alice.site, NewCluster(name=name))
            for name in ("Heat", "HEAT", "heat")
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in made) == ["Cluster", "Taken", "Taken"]


async def test_a_keyword_moved_into_a_cluster_that_goes_is_lost_in_no_order(
    house: House, alice: Tenant
) -> None:
    for _ in range(5):
        cluster = await add(house, alice, Cluster, name="loose", keys=[])
        keyword = await add(house, alice, Keyword, phrase="valve", normal=f"valve {cluster}", volume=3)
        done = await asyncio.gather(
            house.desk.planner.keywords.change(alice.workspace, keyword, KeywordChanges(cluster_id=cluster)),
            house.desk.planner.clusters.delete(alice.workspace, cluster),
            return_exceptions=True,
        )
        assert all(not isinstance(one, Exception) or isinstance(one, DeskError) for one in done)
        kept = await read(house, alice, Keyword, keyword)
        assert (kept.state, kept.cluster_id) == ("new", None)
    await assert_tallies_hold(house, alice)


async def test_what_is_approved_is_what_was_read(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    edit, approval = await asyncio.gather(
        house.desk.review.contents.change(
            alice.workspace, chain.content, ContentChanges(title="A title that is better")
        ),
        house.desk.review.decisions.decide(alice.workspace, chain.content, "approve", Decided(revision=1)),
        return_exceptions=True,
    )
    assert isinstance(edit, Content)
    assert isinstance(approval, Content | Conflict)
    kept = await read(house, alice, Content, chain.content)
    assert (kept.title, kept.revision, kept.state) == ("A title that is better", 2, "review")


async def test_a_change_waits_for_a_run_that_is_claiming(house: House, alice: Tenant) -> None:
    cluster = await add(house, alice, Cluster, name="heat", keys=[])
    async with house.store.workspace(alice.workspace) as session:
        row = (await session.scalars(select(Cluster).where(Cluster.id == cluster).with_for_update())).one()
        change = asyncio.create_task(
            house.desk.planner.clusters.change(alice.workspace, cluster, ClusterChanges(description="x"))
        )
        await asyncio.sleep(0.2)
        assert not change.done()
        row.batch_id = 1
        await session.flush()
    outcome = await asyncio.gather(change, return_exceptions=True)
    assert isinstance(outcome[0], Conflict)
    assert (await read(house, alice, Cluster, cluster)).description == ""
