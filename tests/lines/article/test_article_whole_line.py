"""The whole line: keywords and documents go in, and illustrated articles wait at the gate."""

import asyncio
from pathlib import Path

from article_press import Press, Scripted, article, demo_documents, demo_keywords, press_of

from nightdesk.providers.choice import Choice
from nightdesk.providers.text import offline
from nightdesk.providers.text.questions import GroupsJudged, IdeasPlanned, NamedCluster, PicturesPrompted
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.runs import ProviderCall, Run
from nightdesk.store.tables.writer import Content, Image

TABLES = (Keyword, Cluster, Idea, Task, Content, Image)


async def finished(press: Press, run: Run, seconds: float = 90) -> Run:
    async with asyncio.timeout(seconds):
        while (now := (await press.rows(Run, Run.id == run.id))[0]).status == "running":
            await asyncio.sleep(0.05)
    return now


async def test_sixty_keywords_and_three_documents_become_articles_at_the_gate(press: Press):
    await press.keywords(demo_keywords(60))
    for path in demo_documents()[:3]:
        await press.document(path)
    async with press.working() as control:
        async with press.store.workspace(press.workspace) as session:
            settings = {"ideas_per_cluster": 1, "images_in_article": 0}
            run = await control.start(session, press.site, "article", "manual", settings)
        done = await finished(press, run)
    assert (done.status, done.error_message, done.current_stage) == ("completed", None, 7)
    results = done.results
    assert results["1"]["keywords_processed"] == 60
    clusters = results["1"]["clusters_created"]
    assert results["2"]["clusters_processed"] == results["2"]["ideas_created"] == clusters > 10
    assert results["3"]["tasks_created"] == results["4"]["content_created"] == clusters
    assert results["5"]["prompts_created"] == results["6"]["images_generated"] == clusters
    assert (
        results["7"]["ready_for_review"] == await press.count(Content, Content.state == "review") == clusters
    )
    assert [sum(result["failed"] for result in results.values()), results["4"]["partial"]] == [0, False]
    for table in TABLES:
        assert await press.count(table, table.batch_id.is_not(None)) == 0
    contents = await press.rows(Content)
    assert sum(content.words for content in contents) == results["4"]["total_words"]
    assert len({content.slug for content in contents}) == len(contents)
    assert sum(bool(content.citations) for content in contents) > len(contents) / 2
    for image in await press.rows(Image):
        assert await press.files.exists(press.workspace, image.asset)
    balances = await press.balances()
    assert (balances.spent, balances.held) == (done.total_credits_used, 0)
    assert balances.wallet == balances.granted - balances.spent
    assert await press.count(ProviderCall, ProviderCall.ok) >= 4 * clusters


async def test_a_second_run_over_the_same_site_has_nothing_to_do(press: Press):
    await press.keywords(demo_keywords(8))
    first = await press.walk(ideas_per_cluster=1, images_in_article=0)
    made = {table: await press.count(table) for table in TABLES}
    again = await press.walk()
    assert again.status == "completed"
    assert again.total_credits_used == 0
    assert again.results["1"]["skipped"] is True
    assert {table: await press.count(table) for table in TABLES} == made
    assert again.results["7"] == first.results["7"] | {"time_elapsed": again.results["7"]["time_elapsed"]}


async def test_two_sites_of_a_workspace_do_not_mix(store: Store, tmp_path: Path):
    heap = await press_of(store, tmp_path, "Heap & Soil")
    other = await press_of(store, tmp_path, "Second Heap", heap.workspace)
    await heap.document(demo_documents()[6])
    for press in (heap, other):
        await press.keywords(demo_keywords(10))
        await press.walk(ideas_per_cluster=1, featured_image=False, images_in_article=0)
    for table in TABLES[:-1]:
        by_site = [await heap.count(table, table.site_id == press.site.id) for press in (heap, other)]
        assert by_site[0] == by_site[1] > 0
    clusters = {cluster.id: cluster.site_id for cluster in await heap.rows(Cluster)}
    for keyword in await heap.rows(Keyword):
        assert clusters[keyword.cluster_id] == keyword.site_id
    blocks = await heap.rows(Keyword, Keyword.site_id == other.site.id)
    assert min(keyword.block for keyword in blocks) == 1
    for content in await heap.rows(Content, Content.site_id == other.site.id):
        assert content.citations == []
    slugs = [{c.slug for c in await heap.rows(Content, Content.site_id == p.site.id)} for p in (heap, other)]
    assert slugs[0] & slugs[1]


async def test_two_workspaces_do_not_see_each_others_material(store: Store, tmp_path: Path):
    heap = await press_of(store, tmp_path, "Heap & Soil")
    stranger = await press_of(store, tmp_path, "Stranger")
    await heap.document(demo_documents()[6])
    await heap.content("Worm bins in winter")
    stranger.text = article("Worms live in bins and eat what a kitchen leaves. " * 20)
    await stranger.task("Worm bins at home", keywords=["worm bin"])
    await stranger.walk()
    asked = next(question for question in stranger.text.asked if question.name == "article")
    assert (asked.data.documents, asked.data.passages, asked.data.own_pieces) == ([], [], [])


async def test_parked_items_do_not_keep_the_rest_from_the_gate(press: Press):
    """A model that answers badly at every stage costs what it made, and what it spoilt is named."""
    keyless = offline.open(Choice.parse("offline"))
    answered: list[str] = []

    def every_third(name, bad):
        async def answer(data):
            answered.append(name)
            if answered.count(name) % 3 == 0:
                return bad(data)
            given = next(q for q in reversed(press.text.asked) if q.data is data)
            return await keyless.ask(given, NoMeter())

        return answer

    press.text = Scripted(
        {
            "groups": lambda data: GroupsJudged(
                clusters=[
                    NamedCluster(name=g.representative, groups=[g.number, 500]) for g in data.groups[1:]
                ]
            ),
            "ideas": every_third("ideas", lambda _: IdeasPlanned(ideas=[])),
            "article": every_third("article", lambda d: article("<b></b>" * 50).answers["article"](d)),
            "image_prompts": every_third(
                "image_prompts", lambda _: PicturesPrompted.model_construct(pictures=[])
            ),
        }
    )
    await press.keywords(demo_keywords(30))
    run = await press.walk(ideas_per_cluster=1, images_in_article=0)
    assert run.status == "completed"
    failed = {number: result["failed"] for number, result in run.results.items()}
    assert failed["1"] == 0
    assert min(failed[number] for number in "245") > 0
    assert run.results["7"]["ready_for_review"] == await press.count(Content) - failed["5"] > 0
    for table in (Cluster, Task, Content):
        for row in await press.rows(table, table.state == "failed"):
            assert len(row.error) > 20
    assert (await press.balances()).held == 0


class NoMeter:
    """Takes nothing down: the scripted provider has already."""

    def record(self, call) -> None:
        return None
