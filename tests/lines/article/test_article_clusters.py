"""Stage 1: each block is one question; what comes back is mended into a partition and named once."""

import asyncio

from article_press import Press, Scripted, demo_keywords

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.clusters import Clusters
from nightdesk.lines.article.grouped import Grouped
from nightdesk.lines.article.names import alone
from nightdesk.providers.text.questions import GroupsJudged, NamedCluster
from nightdesk.store.tables.planner import Cluster, Keyword

PHRASES = {
    "compost bin": 900,
    "worm composting": 800,
    "bokashi bran": 70,
    "leaf mold": 60,
    "soil ph test": 50,
    "hot composting": 40,
    "peat free potting mix": 30,
}


def judged(*clusters: tuple[str, list[int]]) -> GroupsJudged:
    return GroupsJudged(clusters=[NamedCluster(name=name, groups=groups) for name, groups in clusters])


def apart(data) -> GroupsJudged:
    return judged(*((group.representative.capitalize(), [group.number]) for group in data.groups))


async def test_each_block_is_one_batch_and_one_question(press: Press):
    press.text = Scripted({"groups": apart})
    await press.keywords(demo_keywords(60))
    run = await press.walk(Grouped, Clusters, batch_sizes={"1": 8})
    blocks = {keyword.block for keyword in await press.rows(Keyword)}
    assert len(press.text.asked) == len(blocks) > 3
    assert max(len(question.data.groups) for question in press.text.asked) <= 8
    assert run.results["1"]["keywords_processed"] == 60
    assert await press.count(Keyword, Keyword.state == "mapped", Keyword.cluster_id.is_not(None)) == 60


async def test_the_offline_provider_names_every_cluster(press: Press):
    await press.keywords(demo_keywords(60))
    run = await press.walk(Grouped, Clusters)
    clusters = await press.rows(Cluster)
    assert run.results["1"]["clusters_created"] == len(clusters) > 5
    assert len({cluster.name.casefold() for cluster in clusters}) == len(clusters)
    for cluster in clusters:
        keywords = await press.rows(Keyword, Keyword.cluster_id == cluster.id)
        assert cluster.volume == sum(keyword.volume for keyword in keywords)
        assert cluster.keys
        assert cluster.state == "new"


async def test_a_batch_costs_a_credit_for_every_five_keywords_begun(press: Press):
    await press.keywords(PHRASES)
    run = await press.walk(Grouped, Clusters)
    assert run.total_credits_used == 2
    assert (await press.balances()).wallet == 10_000 - 2


async def test_groups_that_were_left_out_repeated_or_invented_are_put_right(press: Press):
    press.text = Scripted({"groups": lambda _: judged(("Bins", [1, 99]), ("Worms", [2, 1]), ("bins ", [3]))})
    await press.keywords(PHRASES)
    run = await press.walk(Grouped, Clusters)
    named = {cluster.name: cluster.id for cluster in await press.rows(Cluster)}
    by_phrase = {keyword.phrase: keyword.cluster_id for keyword in await press.rows(Keyword)}
    assert by_phrase["compost bin"] == by_phrase["bokashi bran"] == named["Bins"]
    assert by_phrase["worm composting"] == named["Worms"]
    assert by_phrase["leaf mold"] == named["leaf mold"]
    assert run.results["1"]["clusters_created"] == len(named) == 6
    log = "\n".join(await press.log())
    assert "Mended the answer: these groups are in no cluster: 4, 5, 6, 7." in log
    assert "there are no groups with these numbers: 99" in log


async def test_a_cluster_of_a_name_that_exists_joins_it_whatever_its_case(press: Press):
    old = await press.add(Cluster(name="Worm Bins", keys=["open:old"], volume=5, status="mapped"))
    press.text = Scripted({"groups": lambda data: judged(("worm bins", [g.number for g in data.groups]))})
    await press.keywords(PHRASES)
    run = await press.walk(Grouped, Clusters)
    (cluster,) = await press.rows(Cluster)
    assert (cluster.id, cluster.volume, cluster.state) == (old.id, 5 + sum(PHRASES.values()), "mapped")
    assert "open:old" in cluster.keys
    assert len(cluster.keys) == 8
    assert run.results["1"]["clusters_created"] == 0


async def test_a_name_that_is_being_given_at_the_same_moment_is_waited_for(press: Press):
    press.text = Scripted({"groups": lambda data: judged(("Everything", [g.number for g in data.groups]))})
    await press.keywords(PHRASES)
    await press.walk(Grouped)
    async with press.store.workspace(press.workspace) as session:
        await alone(session, press.site)
        walking = asyncio.create_task(press.walk(Clusters))
        await asyncio.sleep(0.5)
        assert await press.count(Cluster) == 0
        session.add(
            Cluster(workspace_id=press.workspace, site_id=press.site.id, name="everything", keys=[], volume=0)
        )
    await walking
    (cluster,) = await press.rows(Cluster)
    assert (cluster.name, cluster.volume) == ("everything", sum(PHRASES.values()))


async def test_a_model_is_told_the_names_of_existing_clusters_on_the_same_matter(press: Press):
    for name in ("Worm bins", "Car insurance"):
        await press.add(Cluster(name=name, keys=[]))
    press.text = Scripted({"groups": apart})
    await press.keywords(PHRASES)
    await press.walk(Grouped, Clusters)
    assert press.text.asked[0].data.existing == ["Worm bins"]


async def test_a_block_that_is_refused_is_tried_by_halves_and_the_bad_keyword_parked(press: Press):
    def not_worms(data):
        if any("worm" in group.representative for group in data.groups):
            raise Refused("not about worms")
        return apart(data)

    press.text = Scripted({"groups": not_worms})
    await press.keywords(PHRASES)
    run = await press.walk(Grouped, Clusters)
    (parked,) = await press.rows(Keyword, Keyword.state == "failed")
    assert (parked.phrase, parked.error) == ("worm composting", "not about worms")
    assert run.results["1"]["failed"] == 1
    assert run.results["1"]["keywords_processed"] == len(PHRASES) - 1


async def test_names_are_stored_without_control_characters(press: Press):
    press.text = Scripted(
        {"groups": lambda data: judged(("Worm\x00 bins\n\u202e", [g.number for g in data.groups]))}
    )
    await press.keywords(PHRASES)
    await press.walk(Grouped, Clusters)
    assert [cluster.name for cluster in await press.rows(Cluster)] == ["Worm bins"]


async def test_a_sites_own_instructions_take_the_place_of_ours(press: Press):
    press.text = Scripted({"groups": apart})
    press.site.prompts = {"groups": "Only my rules."}
    async with press.store.workspace(press.workspace) as session:
        await session.merge(press.site)
    await press.keywords(PHRASES)
    await press.walk(Grouped, Clusters)
    assert press.text.asked[0].instructions == "Only my rules."
