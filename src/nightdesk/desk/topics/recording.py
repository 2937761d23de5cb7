"""Writes stories down, new topics and known ones, in one statement whatever their number."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.topics.sorting import Made, Sorted, Told
from nightdesk.kit.text import clean, shorten
from nightdesk.sources.feeds.weighing import LONGEST_SUMMARY, flags_of

_KEEP = text("""
    with made as (
        insert into topics (workspace_id, site_id, title, normal, summary, source, url, image, language,
                            flags, published_at, first_seen_at, last_seen_at, told_by, trend, marks, status,
                            used_for)
        select :workspace, g.site, g.title, g.normal, g.summary, g.source, g.url, g.image, g.language,
               g.flags, g.published_at, :now, :now, g.told_by, g.trend, g.marks, g.status, g.used_for
        from jsonb_to_recordset(cast(:topics as jsonb)) as g(
            site bigint, title text, normal text, summary text, source text, url text, image text,
            language text, flags text, published_at timestamptz, told_by bigint, trend float, marks bigint[],
            status text, used_for text)
        on conflict (workspace_id, site_id, normal) do update set last_seen_at = excluded.last_seen_at
        returning id, site_id, normal, xmax = 0 as fresh),
    given as (
        select e.*, coalesce(e.topic, made.id) as topic_id
        from jsonb_to_recordset(cast(:entries as jsonb)) as e(
            site bigint, feed bigint, topic bigint, normal text, key text, url text, host text, title text,
            published_at timestamptz, trend float)
        left join made on made.site_id = e.site and made.normal = e.normal),
    entered as (
        insert into entries (workspace_id, site_id, feed_id, topic_id, key, url, host, title, published_at,
                             seen_at)
        select :workspace, site, feed, topic_id, key, url, host, title, published_at, :now
        from given
        where not :apart and (feed is not null or not exists (
            select from entries e
            where e.workspace_id = :workspace and e.topic_id = given.topic and e.host = given.host))
        on conflict (workspace_id, feed_id, key) do nothing),
    seen as (
        update topics t
        set last_seen_at = :now, trend = greatest(t.trend, g.trend), scored_at = null,
            told_by = greatest(t.told_by, (
                select count(*) from (
                    select host from entries e where e.workspace_id = :workspace and e.topic_id = t.id
                    union select host from given where topic = t.id) as hosts))
        from (select topic, max(trend) as trend from given where topic is not null group by topic) g
        where t.workspace_id = :workspace and t.id = g.topic),
    marked as (
        insert into topic_marks (workspace_id, site_id, mark, topic_id)
        select :workspace, m.site, unnest(m.marks), coalesce(m.topic, made.id)
        from jsonb_to_recordset(cast(:marks as jsonb))
            as m(site bigint, topic bigint, normal text, marks bigint[])
        left join made on made.site_id = m.site and made.normal = m.normal
        on conflict do nothing)
    select id, site_id, normal from made where fresh
""")


async def record(
    session: AsyncSession,
    facts: dict[str, Any],
    parted: Mapping[int, Sorted],
    source: str,
    said: Set[tuple[int, str]],
) -> list[tuple[int | None, int]]:
    """Writes those of each site; whose site and normal title are among `said` are used from the start.

    `facts`: workspace, now, and whether no entries are kept (`apart`). Returns of each new topic that can be
    picked the feed that told it first, and its number.
    """
    topics = {(site, one.story.normal): one for site, of_site in parted.items() for one in of_site.made}
    rows = {
        "topics": [_topic_row(site, one, source, said) for (site, _), one in topics.items()],
        "entries": [row for site, of_site in parted.items() for row in _entry_rows(site, of_site)],
        "marks": [row for site, of_site in parted.items() for row in _mark_rows(site, of_site)],
    }
    spelled = {name: json.dumps(listed, ensure_ascii=False) for name, listed in rows.items()}
    made = (await session.execute(_KEEP, facts | spelled)).all()
    return [
        (topics[site, normal].told.feed_id, number)
        for number, site, normal in made
        if (site, normal) not in said
    ]


def _topic_row(site: int, made: Made, source: str, said: Set[tuple[int, str]]) -> dict[str, Any]:
    told, was_said = made.told, (site, made.story.normal) in said
    return {
        "site": site,
        "title": told.title,
        "normal": made.story.normal,
        "summary": shorten(clean(told.summary), LONGEST_SUMMARY),
        "source": source,
        "url": clean(told.url),
        "image": clean(told.image),
        "language": clean(told.language),
        "flags": flags_of(told.title, told.summary) if told.flags is None else told.flags,
        "published_at": told.published.isoformat() if told.published else None,
        "told_by": max(len(made.hosts), 1),
        "trend": made.trend,
        "marks": made.story.marks,
        "status": "used" if was_said else "new",
        "used_for": "article" if was_said else "",
    }


def _entry_rows(site: int, parted: Sorted) -> Iterator[dict[str, Any]]:
    goes: list[tuple[Told, int | None, str | None]] = [
        *((told, number, None) for told, _, number in parted.known),
        *((told, None, made.story.normal) for told, _, made in parted.of_made),
    ]
    for told, number, normal in goes:
        yield {
            "site": site,
            "feed": told.feed_id,
            "topic": number,
            "normal": normal,
            "key": clean(told.key),
            "url": clean(told.url),
            "host": told.host,
            "title": told.title,
            "published_at": told.published.isoformat() if told.published else None,
            "trend": told.trend,
        }


def _mark_rows(site: int, parted: Sorted) -> Iterator[dict[str, Any]]:
    """All marks of a new topic; of one that there is, the titles and addresses that are new to it."""
    rows: defaultdict[tuple[int | None, str | None], set[int]] = defaultdict(set)
    for _, one, number in parted.known:
        rows[number, None].update(one.sure)
    for _, one, made in parted.of_made:
        rows[None, made.story.normal].update(one.handles if made.story is one else one.sure)
    for (topic, name), marks in rows.items():
        yield {"site": site, "topic": topic, "normal": name, "marks": list(marks)}
