"""Takes in what is told: each story goes to the topic that tells the same already, else becomes a new one.

Of one call all is read and written in a few statements, whatever the number of stories. Two calls for one
site wait for each other, so that two feeds that bring the same story at once make one topic of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.topics.recording import LONGEST_SUMMARY, record
from nightdesk.desk.topics.sorting import Made, Told, sort
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import clean, shorten, slug
from nightdesk.quality.sameness import (
    TOLD,
    Story,
    host_of,
    known,
    likeness,
    story,
    without_outlet,
)
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

DAYS = 45
"""How long a story that nobody used or dismissed is compared with; one that was is, for good."""

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


@dataclass(frozen=True)
class Gathered:
    """What became of what was told: new topics, and stories of any kind that had not been told before.

    `numbers` are those of the new topics, in no order.
    """

    new_topics: int
    entries: int
    numbers: tuple[int, ...] = ()


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
    parted = sort(stories, near)
    said = await _said(session, facts, parted.made)
    numbers = await record(session, facts | {"now": now, "apart": not entered}, parted, source, said)
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


async def _said(session: AsyncSession, facts: dict[str, Any], made: Sequence[Made]) -> set[str]:
    """The normal titles among them that articles of the site have."""
    slugs = {slug(one.told.title): one.story.normal for one in made}
    if not slugs:
        return set()
    return {slugs[name] for name in await session.scalars(_SAID, facts | {"slugs": list(slugs)})}


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
