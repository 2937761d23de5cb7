"""Stages 2 and 3: clusters become ideas with titles of their own, ideas become tasks that do not change."""

import asyncio

import pytest
from article_press import Press, Scripted
from sqlalchemy import update

from nightdesk.lines.article.ideas import Ideas, wanted
from nightdesk.lines.article.names import alone
from nightdesk.lines.article.tasks import Tasks
from nightdesk.providers.text.questions import IdeasPlanned, OutlineSection, PlannedIdea
from nightdesk.store.tables.planner import Cluster, Idea, Task

WORDS = ["compost bin", "best compost bin", "compost bin vs tumbler", "how to clean a compost bin"]


def planned(cluster: int, title: str, **more) -> PlannedIdea:
    facts = {
        "angle": "For beginners.",
        "keywords": ["Compost Bin", "moon landing"],
        "intent": "informational",
        "structure": "guide",
        "outline": [OutlineSection(heading="One"), OutlineSection(heading="Two", points=["a"])],
        "words": 700,
    }
    return PlannedIdea(cluster=cluster, title=title, **(facts | more))


def plan(*ideas: PlannedIdea):
    return Scripted({"ideas": lambda _: IdeasPlanned(ideas=list(ideas))})


async def test_a_cluster_becomes_three_ideas_for_two_credits(press: Press):
    cluster = await press.cluster(keywords=WORDS)
    run = await press.walk(Ideas)
    ideas = await press.rows(Idea)
    assert len(ideas) == len({idea.title.casefold() for idea in ideas}) == 3
    assert {idea.cluster_id for idea in ideas} == {cluster.id}
    assert all(idea.state == "new" and set(idea.keywords) <= set(WORDS) for idea in ideas)
    assert (await press.rows(Cluster))[0].state == "mapped"
    result = run.results["2"]
    assert (result["clusters_processed"], result["ideas_created"], result["credits_used"]) == (1, 3, 2)


async def test_the_runs_settings_say_how_many_ideas_a_cluster_gets(press: Press):
    await press.cluster(keywords=WORDS)
    await press.walk(Ideas, ideas_per_cluster=2)
    assert await press.count(Idea) == 2


async def test_several_clusters_in_a_batch_are_one_question(press: Press):
    for name in ("Compost bins", "Worm bins"):
        await press.cluster(name, [f"{name} {n}" for n in range(3)])
    press.text = plan(
        planned(1, "All about bins"), planned(2, "All about worms"), planned(7, "About nothing")
    )
    await press.walk(Ideas, batch_sizes={"2": 5})
    assert len(press.text.asked) == 1
    first, second = await press.rows(Cluster)
    assert [(i.title, i.cluster_id) for i in await press.rows(Idea)] == [
        ("All about bins", first.id),
        ("All about worms", second.id),
    ]


async def test_keywords_that_the_cluster_does_not_have_are_left_out(press: Press):
    await press.cluster(keywords=WORDS)
    press.text = plan(planned(1, "All about bins"))
    await press.walk(Ideas)
    assert (await press.rows(Idea))[0].keywords == ["compost bin"]


async def test_more_ideas_than_asked_for_and_titles_that_come_twice_are_dropped(press: Press):
    await press.cluster(keywords=WORDS)
    titles = ["Bins at home", "BINS AT HOME", "Bins abroad", "Bins in the yard", "Bins on a roof"]
    press.text = plan(*(planned(1, title) for title in titles))
    await press.walk(Ideas)
    assert [idea.title for idea in await press.rows(Idea)] == [
        "Bins at home",
        "Bins abroad",
        "Bins in the yard",
    ]


async def test_no_idea_at_all_parks_the_cluster_with_the_reason_and_costs_nothing(press: Press):
    await press.cluster(keywords=WORDS)
    press.text = plan()
    run = await press.walk(Ideas)
    (cluster,) = await press.rows(Cluster)
    assert cluster.state == "failed"
    assert "No usable idea was given for “Compost bins”" in cluster.error
    assert (run.results["2"]["failed"], run.total_credits_used) == (1, 0)
    assert (await press.balances()).held == 0


async def test_a_cluster_whose_titles_all_exist_is_parked_beside_one_that_is_not(press: Press):
    await press.idea("All about bins", await press.cluster("Old"), status="queued")
    for name in ("Compost bins", "Worm bins"):
        await press.cluster(name, WORDS if name == "Compost bins" else ["worm bin"])
    press.text = plan(planned(1, "ALL ABOUT BINS"), planned(2, "All about worms"))
    run = await press.walk(Ideas, batch_sizes={"2": 5})
    state = {cluster.name: cluster.state for cluster in await press.rows(Cluster)}
    assert (state["Compost bins"], state["Worm bins"]) == ("failed", "mapped")
    assert run.results["2"]["ideas_created"] == 1
    assert run.total_credits_used == 2


async def test_a_title_that_is_being_given_at_the_same_moment_is_waited_for(press: Press):
    old, _ = await press.cluster("Old"), await press.cluster(keywords=WORDS)
    press.text = plan(planned(1, "All about bins"), planned(1, "Bins abroad"))
    async with press.store.workspace(press.workspace) as session:
        await alone(session, press.site)
        walking = asyncio.create_task(press.walk(Ideas, batch_sizes={"2": 5}))
        await asyncio.sleep(0.5)
        assert await press.count(Idea) == 0
        facts = {"angle": "", "keywords": [], "intent": "informational", "structure": "guide", "words": 500}
        where = {"workspace_id": press.workspace, "site_id": press.site.id, "cluster_id": old.id}
        session.add(Idea(title="all about bins", **where, **facts))
    await walking
    assert sorted(idea.title for idea in await press.rows(Idea)) == ["Bins abroad", "all about bins"]


async def test_a_cluster_that_has_ideas_is_not_planned_again(press: Press):
    await press.idea("By hand")
    run = await press.walk(Ideas)
    assert run.results["2"]["clusters_processed"] == 0
    assert await press.count(Idea) == 1


async def test_an_answer_that_is_not_of_the_type_asked_for_parks_the_cluster(press: Press):
    await press.cluster(keywords=WORDS)
    broken = planned(1, "All about bins").model_copy(update={"structure": "poem", "words": 10**9})
    press.text = plan(broken)
    await press.walk(Ideas)
    (cluster,) = await press.rows(Cluster)
    assert cluster.state == "failed"
    assert "ideas.0.structure" in cluster.error
    assert await press.count(Idea) == 0


async def test_ideas_become_tasks_for_nothing(press: Press):
    cluster = await press.cluster()
    for n in range(25):
        await press.idea(f"Idea number {n}", cluster)
    run = await press.walk(Tasks)
    result = run.results["3"]
    assert (result["ideas_processed"], result["tasks_created"], result["batches_run"]) == (25, 25, 2)
    assert run.total_credits_used == 0
    assert await press.count(Idea, Idea.state == "queued") == 25
    task = (await press.rows(Task))[0]
    assert (task.state, task.words, task.brief["cluster"]) == ("queued", 800, "Compost bins")


async def test_a_task_stays_as_it_was_when_its_idea_changes(press: Press):
    await press.idea("The first title")
    await press.walk(Tasks)
    async with press.store.workspace(press.workspace) as session:
        await session.execute(update(Idea).values(title="Another", outline=[], status="new"))
    run = await press.walk(Tasks)
    (task,) = await press.rows(Task)
    assert (task.brief["title"], len(task.brief["outline"])) == ("The first title", 2)
    assert (run.results["3"]["ideas_processed"], run.results["3"]["tasks_created"]) == (1, 0)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (5, 5), (99, 10)])
def test_ideas_per_cluster_stay_within_bounds(asked: int, given: int):
    assert wanted({"ideas_per_cluster": asked}) == given


def test_a_cluster_usually_gets_three_ideas():
    assert wanted({}) == 3
