"""Takes in what is told: each story goes to the topic that tells the same already, else becomes a new one.

Of one call all is read and written in a few statements, whatever the number of stories. Two calls for one
site wait for each other, so that two feeds that bring the same story at once make one topic of it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.topics.sameness import (
    TOLD,
    Story,
    host_of,
    known,
    likeness,
    same,
    story,
    without_outlet,
)
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import clean, shorten, slug
from nightdesk.quality import instructions
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

DAYS = 45
"""How long a story that nobody used or dismissed is compared with; one that was is, for good."""

LONGEST_SUMMARY = 600
CANDIDATES = 3
"""Topics that are compared with a story, those that share most marks."""

OF_ONE_MARK = 5
"""Topics that share one mark, the newest: one story is told within days."""

# The limits in `_NEAR` have rows looked up one by one: a table not counted yet would be read as a whole.
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('topics', :workspace * 1000003 + :site))")
_SEEN = text("""
    select key from entries
    where workspace_id = :workspace and feed_id = :feed and key = any(cast(:keys as text[]))
""")
_NEAR = text("""
    select n.at, n.sure, t.id, t.title, t.summary, t.marks from (
        select g.at, m.topic_id, bool_or(g.sure) as sure,
               row_number() over (partition by g.at order by bool_or(g.sure) desc, count(*) desc) as place
        from unnest(cast(:at as int[]), cast(:handles as bigint[]), cast(:sure as boolean[]))
             as g(at, handle, sure)
        cross join lateral (
            select topic_id from topic_marks
            where workspace_id = :workspace and site_id = :site and mark = g.handle
            order by topic_id desc limit :of_one) m
        group by g.at, m.topic_id) n
    cross join lateral (
        select * from topics
        where workspace_id = :workspace and id = n.topic_id and (last_seen_at > :since or status <> 'new')
        limit 1) t
    where n.place <= :most
    order by n.at, n.place
""")
_SAID = text("""
    select slug from contents
    where workspace_id = :workspace and site_id = :site and slug = any(cast(:slugs as text[]))
""")
_KEEP = text("""
    with made as (
        insert into topics (workspace_id, site_id, title, normal, summary, source, url, image, language,
                            flags, published_at, first_seen_at, last_seen_at, told_by, trend, marks, status,
                            used_for)
        select :workspace, :site, g.title, g.normal, g.summary, g.source, g.url, g.image, g.language, g.flags,
               g.published_at, :now, :now, g.told_by, g.trend, g.marks, g.status, g.used_for
        from jsonb_to_recordset(cast(:topics as jsonb)) as g(
            title text, normal text, summary text, source text, url text, image text, language text,
            flags text, published_at timestamptz, told_by bigint, trend float, marks bigint[],
            status text, used_for text)
        on conflict (workspace_id, site_id, normal) do update set last_seen_at = excluded.last_seen_at
        returning id, normal, xmax = 0 as fresh),
    given as (
        select e.*, coalesce(e.topic, made.id) as topic_id
        from jsonb_to_recordset(cast(:entries as jsonb)) as e(
            topic bigint, normal text, key text, url text, host text, title text, published_at timestamptz,
            trend float)
        left join made on made.normal = e.normal),
    entered as (
        insert into entries (workspace_id, site_id, feed_id, topic_id, key, url, host, title, published_at,
                             seen_at)
        select :workspace, :site, cast(:feed as bigint), topic_id, key, url, host, title, published_at, :now
        from given
        where not :apart and (cast(:feed as bigint) is not null or not exists (
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
        select :workspace, :site, unnest(m.marks), coalesce(m.topic, made.id)
        from jsonb_to_recordset(cast(:marks as jsonb)) as m(topic bigint, normal text, marks bigint[])
        left join made on made.normal = m.normal
        on conflict do nothing)
    select id, normal from made where fresh
""")


@dataclass(frozen=True)
class Told:
    """A story as somebody told it."""

    key: str
    title: str
    summary: str = ""
    url: str = ""
    image: str = ""
    language: str = ""
    published: datetime | None = None
    trend: float = 0.0
    host: str = ""


@dataclass(frozen=True)
class Gathered:
    """What became of what was told: new topics, and stories of any kind that had not been told before.

    `numbers` are those of the new topics, in no order.
    """

    new_topics: int
    entries: int
    numbers: tuple[int, ...] = ()


@dataclass
class _Made:
    """A topic in the making: the first that told it, and the hosts of all."""

    told: Told
    story: Story
    hosts: set[str]
    trend: float


@dataclass
class _Sorted:
    """Where each story goes: to a topic that there is, or to one in the making."""

    known: list[tuple[Told, Story, int]] = field(default_factory=list)
    made: list[_Made] = field(default_factory=list)
    of_made: list[tuple[Told, Story, _Made]] = field(default_factory=list)


async def gather(
    session: AsyncSession, site: Site, feed: Feed, entries: Sequence[FeedEntry], clock: Clock
) -> Gathered:
    """Takes in what a feed gave, within the caller's transaction; what it gave before is left out."""
    told = [_of_entry(entry) for entry in entries]
    return await take_in(
        session, site, told, source="rss", now=clock.now(), feed_id=feed.id, outlet=_outlet(feed)
    )


async def take_in(
    session: AsyncSession,
    site: Site,
    told: Sequence[Told],
    *,
    source: str,
    now: datetime,
    feed_id: int | None = None,
    outlet: str = "",
    entered: bool = True,
) -> Gathered:
    """Takes in stories of any source; `entered` False keeps no entry of them (lists and proposals)."""
    facts: dict[str, Any] = {"workspace": site.workspace_id, "site": site.id, "feed": feed_id}
    await session.execute(_LOCK, {"workspace": site.workspace_id, "site": site.id})
    fresh = {one.key: replace(one, title=without_outlet(clean(one.title), outlet)) for one in told}
    if feed_id is not None and fresh:
        for key in await session.scalars(_SEEN, facts | {"keys": list(fresh)}):
            fresh.pop(key, None)
    stories = [(one, story(one.title, one.summary, one.url)) for one in fresh.values()]
    stories = [(one, made) for one, made in stories if made.normal]
    if not stories:
        return Gathered(0, 0)
    near = await _near(session, facts, [made for _, made in stories], now - timedelta(days=DAYS))
    parted = _sorted(stories, near)
    said = await _said(session, facts, parted.made)
    rows = {
        "topics": json.dumps([_topic_row(one, source, said) for one in parted.made]),
        "entries": json.dumps(_entry_rows(parted)),
        "marks": json.dumps(_mark_rows(parted)),
        "now": now,
        "apart": not entered,
    }
    made = (await session.execute(_KEEP, facts | rows)).all()
    numbers = tuple(number for number, normal in made if normal not in said)
    return Gathered(len(numbers), len(stories), numbers)


async def _near(
    session: AsyncSession, facts: dict[str, Any], stories: Sequence[Story], since: datetime
) -> Mapping[int, list[tuple[bool, int, Story]]]:
    """For each story, by its place, the topics that may tell the same, the likeliest first."""
    at = [(place, handle, handle in one.sure) for place, one in enumerate(stories) for handle in one.handles]
    asked = {
        "at": _array(one[0] for one in at),
        "handles": _array(one[1] for one in at),
        "sure": _array(one[2] for one in at),
        "most": CANDIDATES,
        "of_one": OF_ONE_MARK,
        "since": since,
    }
    found: dict[int, list[tuple[bool, int, Story]]] = {}
    for place, sure, number, title, summary, marks in await session.execute(_NEAR, facts | asked):
        # Nearly all that share a mark share little else: their texts are not worth the splitting.
        if sure or likeness(stories[place].marks, marks) >= TOLD:
            found.setdefault(place, []).append((sure, number, known(title, summary, marks)))
    return found


def _array(values: Iterable[int]) -> str:
    """As PostgreSQL spells it: lists of hundreds are dearer to hand over one by one."""
    return f"{{{','.join(map(str, values))}}}"


def _sorted(
    stories: Sequence[tuple[Told, Story]], near: Mapping[int, list[tuple[bool, int, Story]]]
) -> _Sorted:
    parted = _Sorted()
    by_handle: dict[int, list[_Made]] = {}
    for place, (told, one) in enumerate(stories):
        number = next(
            (number for sure, number, other in near.get(place, ()) if sure or same(one, other)), None
        )
        if number is not None:
            parted.known.append((told, one, number))
            continue
        made = _in_the_making(one, by_handle)
        if made is None:
            made = _Made(told, one, set(), told.trend)
            parted.made.append(made)
        made.hosts.add(told.host)
        made.trend = max(made.trend, told.trend)
        parted.of_made.append((told, one, made))
        for handle in one.handles:
            by_handle.setdefault(handle, []).append(made)
    return parted


def _in_the_making(one: Story, by_handle: Mapping[int, list[_Made]]) -> _Made | None:
    for handle in one.handles:
        for made in by_handle.get(handle, ()):
            if handle in one.sure or same(one, made.story):
                return made
    return None


async def _said(session: AsyncSession, facts: dict[str, Any], made: Sequence[_Made]) -> set[str]:
    """The normal titles among them that articles of the site have."""
    slugs = {slug(one.told.title): one.story.normal for one in made}
    if not slugs:
        return set()
    return {slugs[name] for name in await session.scalars(_SAID, facts | {"slugs": list(slugs)})}


def _topic_row(made: _Made, source: str, said: set[str]) -> dict[str, Any]:
    told, was_said = made.told, made.story.normal in said
    flagged = instructions.check(f"{told.title}\n\n{told.summary}").findings
    return {
        "title": told.title,
        "normal": made.story.normal,
        "summary": shorten(clean(told.summary), LONGEST_SUMMARY),
        "source": source,
        "url": clean(told.url),
        "image": clean(told.image),
        "language": told.language,
        "flags": instructions.CODE if flagged else "",
        "published_at": told.published.isoformat() if told.published else None,
        "told_by": max(len(made.hosts), 1),
        "trend": made.trend,
        "marks": list(made.story.marks),
        "status": "used" if was_said else "new",
        "used_for": "article" if was_said else "",
    }


def _entry_rows(parted: _Sorted) -> list[dict[str, Any]]:
    goes: list[tuple[Told, int | None, str | None]] = [
        *((told, number, None) for told, _, number in parted.known),
        *((told, None, made.story.normal) for told, _, made in parted.of_made),
    ]
    return [
        {
            "topic": number,
            "normal": normal,
            "key": clean(told.key),
            "url": clean(told.url),
            "host": told.host,
            "title": told.title,
            "published_at": told.published.isoformat() if told.published else None,
            "trend": told.trend,
        }
        for told, number, normal in goes
    ]


def _mark_rows(parted: _Sorted) -> list[dict[str, Any]]:
    """All marks of a new topic; of one that there is, the titles and addresses that are new to it."""
    rows: defaultdict[tuple[int | None, str | None], set[int]] = defaultdict(set)
    for _, one, number in parted.known:
        rows[number, None].update(one.sure)
    for _, one, made in parted.of_made:
        rows[None, made.story.normal].update(one.handles if made.story is one else one.sure)
    return [
        {"topic": number, "normal": normal, "marks": list(marks)} for (number, normal), marks in rows.items()
    ]


def _of_entry(entry: FeedEntry) -> Told:
    return Told(
        entry.key,
        entry.title or shorten(entry.text, 120),
        shorten(entry.text, LONGEST_SUMMARY),
        entry.url,
        entry.image,
        entry.language,
        entry.published,
        host=host_of(entry.url),
    )


def _outlet(feed: Feed) -> str:
    return f"{feed.title} {host_of(feed.home or feed.url)}"
