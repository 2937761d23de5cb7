"""Weighs topics anew: those that never were, and those whose freshness has run down since."""

import asyncio
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.results.learning import learned_of
from nightdesk.desk.topics.scoring import Material, score, was_said
from nightdesk.store import growth
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

AT_ONCE = 250
MOST_KEYWORDS, MOST_CLUSTERS, MOST_PIECES = 2000, 500, 2000

_MINE = text("select pg_try_advisory_xact_lock(hashtextextended('scores', :workspace * 1000003 + :site))")
# What is old changes slowly: it is weighed anew each time an eighth of its age has passed.
_DUE = text("""
    select id from topics
    where workspace_id = :workspace and site_id = :site and status = 'new'
      and (scored_at is null
           or scored_at < :now - greatest(interval '1 hour', (:now - first_seen_at) / 8))
    order by scored_at nulls first, id desc limit :most
""")
_KEEP = text("""
    with given as (
        select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(
            id bigint, score float, reasons jsonb, said boolean)),
    held as (
        select t.id from topics t join given g on g.id = t.id
        where t.workspace_id = :workspace and t.status = 'new' order by t.id for update of t)
    update topics t set score = g.score, reasons = g.reasons, scored_at = :now,
        status = case when g.said then 'used' else t.status end,
        used_for = case when g.said then 'article' else t.used_for end,
        used_at = case when g.said then :now else t.used_at end
    from given g, held where t.workspace_id = :workspace and t.id = g.id and t.id = held.id
""")


async def rescore(store: Store, workspace_id: int, site_id: int, now: datetime, *, most: int = 1000) -> int:
    """Weighs up to `most` topics whose score is due; returns how many. One does it at a time."""
    done = 0
    material: Material | None = None
    while done < most:
        facts: dict[str, Any] = {"workspace": workspace_id, "site": site_id, "now": now, "most": AT_ONCE}
        async with store.workspace(workspace_id) as session:
            if not await session.scalar(_MINE, facts):
                break
            numbers = list(await session.scalars(_DUE, facts))
            if not numbers:
                break
            material = material or await _material(session, workspace_id, site_id, now)
            query = select(Topic).where(Topic.workspace_id == workspace_id, Topic.id.in_(numbers))
            topics = list(await session.scalars(query))
            rows = await asyncio.to_thread(_scored, topics, material, now)
            await session.execute(_KEEP, facts | {"rows": json.dumps(rows)})
        done += len(numbers)
    return done


def _scored(topics: list[Topic], material: Material, now: datetime) -> list[dict[str, Any]]:
    rows = []
    for topic in topics:
        points, reasons = score(topic, material, now)
        said = was_said(topic, material)
        rows.append({"id": topic.id, "score": points, "reasons": reasons, "said": said})
    return rows


async def _material(session: AsyncSession, workspace_id: int, site_id: int, now: datetime) -> Material:
    site = await session.get_one(Site, (workspace_id, site_id))
    keywords = (
        select(Keyword.phrase, Keyword.volume)
        .where(Keyword.workspace_id == workspace_id, Keyword.site_id == site_id, ~Keyword.disabled)
        .order_by(Keyword.volume.desc(), Keyword.id.desc())
        .limit(MOST_KEYWORDS)
    )
    clusters = (
        select(Cluster.name, Cluster.volume)
        .where(Cluster.workspace_id == workspace_id, Cluster.site_id == site_id, ~Cluster.disabled)
        .order_by(Cluster.volume.desc())
        .limit(MOST_CLUSTERS)
    )
    pieces = (
        select(Content.title, Content.status)
        .where(Content.workspace_id == workspace_id, Content.site_id == site_id)
        .order_by(Content.id.desc())
        .limit(MOST_PIECES)
    )
    searched = [
        (phrase, volume) for query in (keywords, clusters) for phrase, volume in await session.execute(query)
    ]
    said = [(title, status) for title, status in await session.execute(pieces)]
    follows = await growth.follows(session, workspace_id, site_id)
    learned = await learned_of(session, site, now) if follows else None
    return await asyncio.to_thread(Material, [site.name, site.subject], searched, said, learned)
