"""Takes in what is told: each story goes to the topic that tells the same already, else becomes a new one.

Of one call all is read and written in a few statements, whatever the number of stories and of sites. Two
calls for one site wait for each other, so that two feeds that bring the same story at once make one topic of
it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.topics.recording import record
from nightdesk.desk.topics.sorting import Sorted, Told, sort
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import clean, shorten, slug
from nightdesk.quality.sameness import (
    TOLD,
    Story,
    host_of,
    known,
    likeness,
    outlet_of,
    stories,
    without_outlet,
)
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.sources.feeds.weighing import LONGEST_SUMMARY
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

DAYS = 45
"""How long a story that nobody used or dismissed is compared with; one that was is, for good."""

CANDIDATES = 3
"""Topics that are compared with a story, those that share most marks."""

OF_ONE_MARK = 5
"""Topics that share one mark, the newest: one story is told within days."""

_Near = Mapping[int, list[tuple[bool, int, Story]]]

# The limits in `_NEAR` have rows looked up one by one: a table not counted yet would be read as a whole.
# Sites in order, so that no two calls wait for each other in a ring.
_LOCK = text("""
    select pg_advisory_xact_lock(hashtextextended('topics', :workspace * 1000003 + s.site))
    from (select site from unnest(cast(:sites as bigint[])) as of_one(site) order by site offset 0) s
""")
_SEEN = text("""
    select e.feed_id, e.key from jsonb_to_recordset(cast(:keys as jsonb)) as g(feed bigint, key text)
    join entries e on e.workspace_id = :workspace and e.feed_id = g.feed and e.key = g.key
""")
_NEAR = text("""
    select n.at, n.sure, t.id, t.title, t.summary, t.marks from (
        select g.at, m.topic_id, bool_or(g.sure) as sure,
               row_number() over (partition by g.at order by bool_or(g.sure) desc, count(*) desc) as place
        from unnest(cast(:at as int[]), cast(:sites as bigint[]), cast(:handles as bigint[]),
                    cast(:sure as boolean[])) as g(at, site, handle, sure)
        cross join lateral (
            select topic_id from topic_marks
            where workspace_id = :workspace and site_id = g.site and mark = g.handle
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
    select c.site_id, c.slug from jsonb_to_recordset(cast(:slugs as jsonb)) as g(site bigint, slug text)
    join contents c on c.workspace_id = :workspace and c.site_id = g.site and c.slug = g.slug
""")


@dataclass(frozen=True)
class Gathered:
    """What became of what was told: new topics, and stories of any kind that had not been told before.

    `numbers` are those of the new topics, in no order.
    """

    new_topics: int
    entries: int
    numbers: tuple[int, ...] = ()


async def gather(
    session: AsyncSession, brought: Sequence[tuple[Feed, Sequence[FeedEntry]]], clock: Clock
) -> list[Gathered]:
    """Takes in what feeds of one workspace gave, within the caller's transaction; in the same order.

    What a feed gave before is left out. A new topic counts for the feed that tells it first.
    """
    heard = [_Heard(feed.site_id, _of_entry(entry, feed)) for feed, entries in brought for entry in entries]
    if not heard:
        return [Gathered(0, 0) for _ in brought]
    workspace_id = brought[0][0].workspace_id
    told, made = await _take_in(session, workspace_id, heard, source="rss", now=clock.now(), entered=True)
    counted = Counter(one.told.feed_id for one, _ in told)
    of_feeds: defaultdict[int | None, list[int]] = defaultdict(list)
    for feed_id, number in made:
        of_feeds[feed_id].append(number)
    return [
        Gathered(len(of_feeds[feed.id]), counted[feed.id], tuple(of_feeds[feed.id])) for feed, _ in brought
    ]


async def take_in(
    session: AsyncSession,
    site: Site,
    told: Sequence[Told],
    *,
    source: str,
    now: datetime,
    entered: bool = True,
) -> Gathered:
    """Takes in stories of a site that no feed brought; `entered` False keeps no entry of them (lists)."""
    heard = [_Heard(site.id, replace(one, title=without_outlet(clean(one.title), ""))) for one in told]
    new, made = await _take_in(session, site.workspace_id, heard, source=source, now=now, entered=entered)
    return Gathered(len(made), len(new), tuple(number for _, number in made))


@dataclass(frozen=True)
class _Heard:
    """A story, and the site that it is for."""

    site_id: int
    told: Told


_Stories = list[tuple[_Heard, Story]]


async def _take_in(
    session: AsyncSession,
    workspace_id: int,
    heard: Sequence[_Heard],
    *,
    source: str,
    now: datetime,
    entered: bool,
) -> tuple[_Stories, list[tuple[int | None, int]]]:
    """The stories that were new, and of each new topic who told it first, and its number."""
    facts: dict[str, Any] = {"workspace": workspace_id}
    sites = {one.site_id for one in heard}
    await session.execute(_LOCK, facts | {"sites": _array(sites)})
    told = _compared(await _unseen(session, facts, heard))
    if not told:
        return [], []
    near = await _near(session, facts, told, now - timedelta(days=DAYS))
    parted = {site_id: _sorted(told, near, site_id) for site_id in sites}
    said = await _said(session, facts, parted)
    facts |= {"now": now, "apart": not entered}
    return told, await record(session, facts, parted, source, said)


async def _unseen(session: AsyncSession, facts: dict[str, Any], heard: Sequence[_Heard]) -> Iterable[_Heard]:
    """Those that their feed has not brought before, each key of it once."""
    fresh = {(one.told.feed_id, one.told.key): one for one in heard}
    asked = [{"feed": feed_id, "key": key} for feed_id, key in fresh if feed_id is not None]
    if asked:
        for feed_id, key in await session.execute(_SEEN, facts | {"keys": json.dumps(asked)}):
            fresh.pop((feed_id, key), None)
    return fresh.values()


def _compared(heard: Iterable[_Heard]) -> _Stories:
    """Each with what it is compared by, without those that say nothing."""
    listed = list(heard)
    unknown = [one.told for one in listed if one.told.story is None]
    made = iter(stories([(one.title, one.summary, one.url) for one in unknown]))
    found = [(one, one.told.story or next(made)) for one in listed]
    return [(one, story) for one, story in found if story.normal]


def _sorted(told: _Stories, near: _Near, site_id: int) -> Sorted:
    """Where those of one site go."""
    places = [place for place, (one, _) in enumerate(told) if one.site_id == site_id]
    mine = [(told[place][0].told, told[place][1]) for place in places]
    return sort(mine, {at: near[place] for at, place in enumerate(places) if place in near})


async def _near(session: AsyncSession, facts: dict[str, Any], told: _Stories, since: datetime) -> _Near:
    """For each story, by its place, the topics of its site that may tell the same, the likeliest first."""
    at, sites, handles, sure = list[int](), list[int](), list[int](), list[bool]()
    for place, (heard, one) in enumerate(told):
        count = len(one.handles)
        at += [place] * count
        sites += [heard.site_id] * count
        handles += one.handles
        # Those that prove it stand at the end.
        sure += [False] * (count - len(one.sure)) + [True] * len(one.sure)
    listed: dict[str, Sequence[int]] = {"at": at, "sites": sites, "handles": handles, "sure": sure}
    asked = {name: _array(values) for name, values in listed.items()}
    limits = {"most": CANDIDATES, "of_one": OF_ONE_MARK, "since": since}
    found: dict[int, list[tuple[bool, int, Story]]] = {}
    for place, proved, number, title, summary, marks in await session.execute(_NEAR, facts | asked | limits):
        # Nearly all that share a mark share little else: their texts are not worth the splitting.
        if proved or likeness(told[place][1].marks, marks) >= TOLD:
            found.setdefault(place, []).append((proved, number, known(title, summary, marks)))
    return found


def _array(values: Iterable[int]) -> str:
    """As PostgreSQL spells it: lists of hundreds are dearer to hand over one by one."""
    return f"{{{','.join(map(str, values))}}}"


async def _said(
    session: AsyncSession, facts: dict[str, Any], parted: Mapping[int, Sorted]
) -> set[tuple[int, str]]:
    """The sites and normal titles among them that articles of the site have."""
    slugs = {
        (site_id, slug(one.told.title)): one.story.normal
        for site_id, of_site in parted.items()
        for one in of_site.made
    }
    if not slugs:
        return set()
    asked = json.dumps([{"site": site_id, "slug": name} for site_id, name in slugs])
    found = await session.execute(_SAID, facts | {"slugs": asked})
    return {(site_id, slugs[site_id, name]) for site_id, name in found}


def _of_entry(entry: FeedEntry, feed: Feed) -> Told:
    title, summary = clean(entry.title), entry.text
    if entry.story is None:
        title = without_outlet(
            clean(title or shorten(summary, 120)), outlet_of(feed.title, feed.home or feed.url)
        )
        summary = shorten(summary, LONGEST_SUMMARY)
    return Told(
        entry.key,
        title,
        summary,
        entry.url,
        entry.image,
        entry.language,
        entry.published,
        host=host_of(entry.url),
        feed_id=feed.id,
        story=entry.story,
        flags=entry.flags if entry.story else None,
    )
