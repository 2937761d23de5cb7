"""Plans an article about a topic: a cluster that it belongs to, an idea of it, and the task to write it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.planner.undoing import Notes
from nightdesk.desk.topics.scoring import Material
from nightdesk.kit.text import shorten
from nightdesk.lines.article.names import alone, clusters_named, titles_taken
from nightdesk.lines.article.tasks import brief
from nightdesk.quality.words import content_words
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.tenancy import Site

BELONGS = 0.5
"""Share of a cluster's name that a topic has to speak of to belong to it."""

KEYWORDS = 5
SHORTEST_TITLE, LONGEST_TITLE, LONGEST_NAME = 8, 160, 120
WORDS = 1000
_MOST = 2000


@dataclass(frozen=True)
class Plan:
    """What was planned; `undo` is the number to take it back by."""

    cluster_id: int
    idea_id: int
    task_id: int
    undo: int | None


@dataclass(frozen=True)
class ArticleForm:
    """What an article is to be like: empty or usual, unless the site's results say otherwise."""

    structure: str = ""
    words: int = WORDS
    opening: str = ""
    """How its title is to begin, in a sentence for its writer."""


async def plan_article(
    session: AsyncSession, site: Site, topic: Topic, form: ArticleForm | None = None
) -> Plan:
    """The idea of the topic and its task; one that it has from before and that nothing came of is used."""
    notes = Notes(session, site.workspace_id, site.id)
    await alone(session, site)
    idea = await _waiting_idea(session, topic)
    if idea is None:
        cluster = await _cluster(session, site, topic, notes)
        idea = await _idea(session, site, topic, cluster, form or ArticleForm())
        notes.made(Idea, idea.id)
    else:
        cluster = await session.get_one(Cluster, (site.workspace_id, idea.cluster_id))
    idea.status = "queued"
    task = Task(
        workspace_id=site.workspace_id,
        site_id=site.id,
        idea_id=idea.id,
        cluster_id=cluster.id,
        title=idea.title,
        brief=brief(idea, cluster.name),
        words=idea.words,
    )
    session.add(task)
    await session.flush()
    notes.made(Task, task.id)
    topic.idea_id = idea.id
    await session.flush()
    return Plan(cluster.id, idea.id, task.id, await notes.keep())


async def _waiting_idea(session: AsyncSession, topic: Topic) -> Idea | None:
    """The topic's own idea, locked, where it has no task and no run works on it."""
    if topic.idea_id is None:
        return None
    idea = await session.get(Idea, (topic.workspace_id, topic.idea_id), with_for_update=True)
    tasks = select(Task.id).where(Task.workspace_id == topic.workspace_id, Task.idea_id == topic.idea_id)
    free = idea is not None and idea.state == "new" and await session.scalar(tasks) is None
    return idea if free else None


async def _cluster(session: AsyncSession, site: Site, topic: Topic, notes: Notes) -> Cluster:
    said = content_words(f"{topic.title} {topic.summary}")
    query = (
        select(Cluster)
        .where(Cluster.workspace_id == site.workspace_id, Cluster.site_id == site.id, ~Cluster.disabled)
        .order_by(Cluster.volume.desc(), Cluster.id)
        .limit(_MOST)
    )
    found = list(await session.scalars(query))
    nearest = max(found, key=lambda cluster: _belongs(cluster, said), default=None)
    if nearest is not None and _belongs(nearest, said) >= BELONGS:
        return nearest
    keywords = await _keywords(session, site, None, said)
    name = shorten(keywords[0] if keywords else topic.title, LONGEST_NAME)
    same = await clusters_named(session, site, [name])
    if same:
        return next(iter(same.values()))
    # Mapped: its ideas come from topics, so that no stage plans others for it.
    cluster = Cluster(
        workspace_id=site.workspace_id, site_id=site.id, name=name, status="mapped", disabled=False
    )
    session.add(cluster)
    await session.flush()
    notes.made(Cluster, cluster.id)
    return cluster


def _belongs(cluster: Cluster, said: frozenset[str]) -> float:
    name = content_words(cluster.name)
    return len(name & said) / len(name) if name else 0.0


async def _idea(session: AsyncSession, site: Site, topic: Topic, cluster: Cluster, form: ArticleForm) -> Idea:
    said = content_words(f"{topic.title} {topic.summary}")
    keywords = await _keywords(session, site, cluster.id, said)
    if not keywords:
        keywords = (await _most_searched(session, cluster)) or [cluster.name]
    idea = Idea(
        workspace_id=site.workspace_id,
        site_id=site.id,
        cluster_id=cluster.id,
        title=await _title(session, site, topic.title),
        angle=" ".join(one for one in (shorten(topic.summary, 500), title_asked(form)) if one),
        keywords=keywords[:KEYWORDS],
        intent="informational",
        structure=form.structure or "guide",
        outline=[],
        words=form.words,
        status="queued",
        disabled=False,
    )
    session.add(idea)
    await session.flush()
    return idea


def title_asked(form: ArticleForm) -> str:
    """Of the title, since that is how an article begins for who has not opened it yet."""
    return f"Its title: {form.opening}" if form.opening else ""


async def _title(session: AsyncSession, site: Site, title: str) -> str:
    """The topic's title as an idea may have it: long enough, and not another's."""
    bare = shorten(title, LONGEST_TITLE - 8)
    if len(bare) < SHORTEST_TITLE:
        bare = shorten(f"{bare}: {site.subject or site.name}", LONGEST_TITLE - 8).ljust(SHORTEST_TITLE, ".")
    ways = [bare, *(f"{bare} ({number})" for number in range(2, 1000))]
    taken = await titles_taken(session, site, ways)
    return next(way for way in ways if way.casefold() not in taken)


async def _keywords(
    session: AsyncSession, site: Site, cluster_id: int | None, said: frozenset[str]
) -> list[str]:
    """The keywords of that cluster, or those in none, that the topic answers, the most searched first."""
    query = (
        select(Keyword.phrase, Keyword.volume)
        .where(
            Keyword.workspace_id == site.workspace_id,
            Keyword.site_id == site.id,
            ~Keyword.disabled,
            Keyword.cluster_id == cluster_id if cluster_id else Keyword.cluster_id.is_(None),
        )
        .order_by(Keyword.volume.desc(), Keyword.id)
        .limit(_MOST)
    )
    rows = [(phrase, volume) for phrase, volume in await session.execute(query)]
    return [phrase for phrase, _ in Material([], rows, []).keywords_in(said)]


async def _most_searched(session: AsyncSession, cluster: Cluster) -> list[str]:
    query = (
        select(Keyword.phrase)
        .where(Keyword.workspace_id == cluster.workspace_id, Keyword.cluster_id == cluster.id)
        .order_by(Keyword.volume.desc(), Keyword.id)
        .limit(KEYWORDS)
    )
    return list(await session.scalars(query))
