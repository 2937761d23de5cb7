"""Topics by a model from what a site is and said, and topics of what its planner has and nobody wrote."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid
from nightdesk.desk.topics.asking import Asking, brief_of, charge, open_site
from nightdesk.desk.topics.gathering import take_in
from nightdesk.desk.topics.sorting import Told
from nightdesk.providers.text.questions import ClusterToPlan
from nightdesk.providers.text.topic_questions import ProposedTopic, TopicsProposed, TopicsToPropose
from nightdesk.quality.sameness import same, story
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Cluster, Idea, Keyword
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

MOST = 25
FOR_A_CREDIT = 5
"""Proposals that one credit pays, as it pays that many keywords to be sorted."""

CLUSTERS, OF_A_CLUSTER, STORIES, SAID = 30, 8, 40, 300
NOTHING = "The site has no keywords, clusters or stories to propose topics from, and none were proposed."


@dataclass(frozen=True)
class Suggesting:
    """Has topics proposed."""

    asking: Asking

    async def suggest(self, workspace_id: int, site_id: int, count: int) -> list[Topic]:
        """New topics, at most `count`; what the site said, has or was proposed before is left out.

        One credit is charged for each five that are kept. Raises `NotFound`, `Invalid`,
        `InsufficientCredits`, and `Unavailable` and `Conflict` as `Asking.ask`.
        """
        if not 1 <= count <= MOST:
            raise Invalid("count", f"1 to {MOST} topics are proposed at once.")
        store, clock = self.asking.store, self.asking.providers.clock
        site = await open_site(store, workspace_id, site_id)
        await self.asking.check(site, credits_for(count))
        async with store.workspace(workspace_id) as session:
            data = await _data(session, site, count)
        answer = (await self.asking.ask(site, "topics", data, TopicsProposed)).answer
        told = [_told(one) for one in _new(answer.topics, data.said)[:count]]
        async with store.workspace(workspace_id) as session:
            done = await take_in(session, site, told, source="llm", now=clock.now(), entered=False)
            if done.new_topics:
                key = f"topics:{uuid4()}"
                await charge(session, workspace_id, key, credits_for(done.new_topics))
            query = select(Topic).where(Topic.workspace_id == workspace_id, Topic.id.in_(done.numbers))
            return list(await session.scalars(query.order_by(Topic.id)))

    async def plan(self, workspace_id: int, site_id: int, most: int = 100) -> int:
        """Makes topics of ideas that wait and of clusters without ideas; returns how many are new."""
        store = self.asking.store
        site = await open_site(store, workspace_id, site_id)
        async with store.workspace(workspace_id) as session:
            told = await _planned(session, site, most)
            now = self.asking.providers.clock.now()
            done = await take_in(session, site, told, source="planner", now=now, entered=False)
            return done.new_topics


def credits_for(count: int) -> int:
    """Of so many proposals."""
    return math.ceil(count / FOR_A_CREDIT)


def _told(one: ProposedTopic) -> Told:
    return Told(one.title, one.title, one.summary)


def _new(proposed: Sequence[ProposedTopic], said: Sequence[str]) -> list[ProposedTopic]:
    """Those that tell another story than all that was said."""
    known = [story(title) for title in said]
    normal = {one.normal for one in known}
    found = []
    for one in proposed:
        told = story(one.title)
        if told.normal not in normal and not any(same(told, other) for other in known):
            found.append(one)
    return found


async def _data(session: AsyncSession, site: Site, count: int) -> TopicsToPropose:
    mine = (Content.workspace_id == site.workspace_id, Content.site_id == site.id)
    contents = select(Content.title).where(*mine).order_by(Content.id.desc()).limit(SAID)
    topics = (Topic.workspace_id == site.workspace_id, Topic.site_id == site.id)
    had = select(Topic.title).where(*topics).order_by(Topic.id.desc()).limit(SAID)
    told = (
        select(Topic.title)
        .where(*topics, Topic.source.in_(("rss", "trending")), Topic.flags == "")
        .order_by(Topic.last_seen_at.desc())
        .limit(STORIES)
    )
    said = [*(await session.scalars(contents)), *(await session.scalars(had))]
    return TopicsToPropose(
        site=brief_of(site),
        count=count,
        clusters=await _clusters(session, site),
        stories=list(await session.scalars(told)),
        said=said,
    )


async def _clusters(session: AsyncSession, site: Site) -> list[ClusterToPlan]:
    """The most searched clusters with their keywords; keywords in none make one of the site's subject."""
    query = (
        select(Cluster)
        .where(Cluster.workspace_id == site.workspace_id, Cluster.site_id == site.id, ~Cluster.disabled)
        .order_by(Cluster.volume.desc(), Cluster.id)
        .limit(CLUSTERS)
    )
    clusters = list(await session.scalars(query))
    words = (
        select(Keyword.cluster_id, Keyword.phrase)
        .where(
            Keyword.workspace_id == site.workspace_id,
            Keyword.site_id == site.id,
            ~Keyword.disabled,
            Keyword.cluster_id.in_([cluster.id for cluster in clusters]) | Keyword.cluster_id.is_(None),
        )
        .order_by(Keyword.volume.desc(), Keyword.id)
        .limit(CLUSTERS * OF_A_CLUSTER * 4)
    )
    of: dict[int | None, list[str]] = {}
    for number, phrase in await session.execute(words):
        of.setdefault(number, []).append(phrase)
    found = [
        ClusterToPlan(
            number=cluster.id,
            name=cluster.name,
            keywords=of.get(cluster.id, [cluster.name])[:OF_A_CLUSTER],
            volume=cluster.volume,
        )
        for cluster in clusters
    ]
    alone = [ClusterToPlan(number=0, name=phrase, keywords=[phrase]) for phrase in of.get(None, [])]
    return (found + alone)[:CLUSTERS]


async def _planned(session: AsyncSession, site: Site, most: int) -> list[Told]:
    ideas = (
        select(Idea.title, Idea.angle)
        .where(Idea.workspace_id == site.workspace_id, Idea.site_id == site.id, Idea.state == "new")
        .order_by(Idea.id)
        .limit(most)
    )
    clusters = (
        select(Cluster.name, Cluster.description)
        .where(Cluster.workspace_id == site.workspace_id, Cluster.site_id == site.id, Cluster.state == "new")
        .order_by(Cluster.volume.desc(), Cluster.id)
        .limit(most)
    )
    rows = [*(await session.execute(ideas)), *(await session.execute(clusters))][:most]
    return [Told(title, title, summary) for title, summary in rows]
