"""Writes down what came of feeds, in the caller's transaction: entries, topics, health, what is told live."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.feeds.finding import LONGEST
from nightdesk.desk.scraping.claims import Claim, held
from nightdesk.desk.scraping.outcomes import Done, Gather, Gathered, News, Outcome, Trouble
from nightdesk.sources.feeds import timing
from nightdesk.store import events
from nightdesk.store.events import Happening
from nightdesk.store.tables.feeds import Feed

LONGEST_ERROR = 500
DOUBLE = "It has moved to an address that this site has as another feed, so this one was switched off."
UNKNOWN = {"etag": "", "modified": "", "body_hash": ""}
"""Nothing to compare with: the next fetch reads all of it."""

# Leases and what is due go by the database's clock, whatever this machine's says. What is null stays.
_SETTLE = text("""
    update feeds f
    set claimed_until = null, fetched_at = now(), due_at = now() + make_interval(secs => r.pause),
        failures = case when r.worked then 0 else f.failures + 1 end,
        worked_at = case when r.worked then now() else f.worked_at end,
        code = r.code, error = r.error, enabled = f.enabled and not r.off,
        etag = coalesce(r.etag, f.etag), modified = coalesce(r.modified, f.modified),
        body_hash = coalesce(r.body_hash, f.body_hash), moved_to = coalesce(r.moved_to, f.moved_to),
        url = coalesce(r.url, f.url), title = coalesce(r.title, f.title), home = coalesce(r.home, f.home),
        kind = coalesce(r.kind, f.kind), new_entries = coalesce(r.new, f.new_entries),
        entries = f.entries + coalesce(r.new, 0)
    from jsonb_to_recordset(cast(:rows as jsonb)) as r(
        id bigint, until timestamptz, pause float, worked boolean, code text, error text, off boolean,
        etag text, modified text, body_hash text, moved_to text, url text, title text, home text, kind text,
        new bigint)
    where f.workspace_id = :workspace and f.id = r.id and f.claimed_until = r.until
    returning f.id
""")


async def save(
    session: AsyncSession,
    told: Sequence[tuple[Claim, Outcome]],
    gather: Gather,
    now: datetime,
    most: int | None,
) -> list[Done]:
    """Saves what feeds of one workspace gave; those that are not ours any more are left, with what they gave.

    At most `most` entries of each are taken; one that has more is read whole again the next time.
    """
    workspace_id = told[0][0].feed.workspace_id
    news = {claim.feed.id: (claim, outcome) for claim, outcome in told if isinstance(outcome, News)}
    loud = [
        claim for claim, outcome in news.values() if outcome.read is not None or _moves(claim.feed, outcome)
    ]
    feeds = await held(session, workspace_id, loud) if loud else {}
    gone = {claim.feed.id for claim in loud} - feeds.keys()
    gathered = await _gathered(session, feeds, {number: news[number][1] for number in feeds}, gather, most)
    rows: dict[int, dict[str, Any]] = {}
    for claim, outcome in told:
        number = claim.feed.id
        if number not in gone:
            new = gathered[number].entries if number in gathered else 0
            rows[number] = _row(claim, outcome, new, most, now)
        if number in feeds:
            rows[number] |= await _address(session, feeds[number], news[number][1])
    settled = await _settle(session, workspace_id, list(rows.values()))
    done = [
        _done(claim.feed, rows[claim.feed.id], gathered.get(claim.feed.id))
        for claim, _ in told
        if claim.feed.id in settled
    ]
    await _tell(session, workspace_id, done, now)
    return done


async def _gathered(
    session: AsyncSession,
    feeds: Mapping[int, Feed],
    news: Mapping[int, News],
    gather: Gather,
    most: int | None,
) -> dict[int, Gathered]:
    """What came of the entries of each."""
    brought = [
        (feed, read.entries[:most])
        for number, feed in feeds.items()
        if (read := news[number].read) is not None
    ]
    if not brought:
        return {}
    came = await gather(session, brought)
    return {feed.id: one for (feed, _), one in zip(brought, came, strict=True)}


async def _settle(session: AsyncSession, workspace_id: int, rows: Sequence[dict[str, Any]]) -> set[int]:
    facts = {"workspace": workspace_id, "rows": json.dumps(rows)}
    return set(await session.scalars(_SETTLE, facts))


def _row(claim: Claim, outcome: Outcome, new: int, most: int | None, now: datetime) -> dict[str, Any]:
    """What changes in the feed's row; what is not named stays."""
    feed = claim.feed
    row: dict[str, Any] = {
        "id": feed.id,
        "until": claim.until.isoformat(),
        "pause": _pause(feed, outcome, new, now),
        "worked": isinstance(outcome, News),
        "code": "",
        "error": "",
        "off": False,
    }
    if isinstance(outcome, Trouble):
        return row | {"code": outcome.code, "error": outcome.says[:LONGEST_ERROR], "off": outcome.for_good}
    row |= {
        "etag": outcome.etag,
        "modified": outcome.modified,
        "body_hash": outcome.body_hash,
        "moved_to": outcome.moved_to[:LONGEST],
        "new": new,
    }
    read = outcome.read
    if read is not None:
        row |= {"title": read.title or None, "home": read.home or None, "kind": read.kind}
        row |= UNKNOWN if most is not None and len(read.entries) > most else {}
    return row


def _pause(feed: Feed, outcome: Outcome, new: int, now: datetime) -> float:
    """Seconds until it is due again."""
    if isinstance(outcome, Trouble):
        due = timing.next_try(now, feed.failures + 1, asked=outcome.seconds)
    else:
        read, regular = outcome.read, feed.fetched_at is not None and not feed.failures
        due = timing.next_due(
            now,
            published=[entry.published for entry in read.entries] if read else (),
            previous=feed.due_at - feed.fetched_at if regular and feed.fetched_at else None,
            new=new,
            ttl=read.ttl if read else 0,
            headers=outcome.headers,
        )
    return (due - now).total_seconds()


def _moves(feed: Feed, news: News) -> bool:
    """Whether it has said at two readings running that it lies elsewhere from now on."""
    return bool(news.moved_to) and news.moved_to == feed.moved_to != feed.url


async def _address(session: AsyncSession, feed: Feed, news: News) -> dict[str, Any]:
    """Where it is fetched from now on, where that changes."""
    if not _moves(feed, news):
        return {}
    there = select(Feed.id).where(
        Feed.workspace_id == feed.workspace_id, Feed.site_id == feed.site_id, Feed.url == news.moved_to
    )
    if await session.scalar(there) is not None:
        return {"off": True, "code": "moved", "error": DOUBLE}
    return {"url": news.moved_to, "moved_to": ""}


def _done(feed: Feed, row: dict[str, Any], came: Gathered | None) -> Done:
    title = row.get("title") or feed.title
    new, topics = (came.entries, came.new_topics) if came else (0, 0)
    return Done(feed.workspace_id, feed.site_id, feed.id, feed.url, title, new, topics, str(row["error"]))


async def _tell(session: AsyncSession, workspace_id: int, done: Sequence[Done], now: datetime) -> None:
    of_sites: defaultdict[int, list[Happening]] = defaultdict(list)
    for one in done:
        data = {"feed": one.feed_id, "title": one.title, "new": one.new, "error": one.error}
        level = "warning" if one.error else "info"
        of_sites[one.site_id].append(Happening("feed_scraped", level=level, data=data))
    for site_id, told in of_sites.items():
        await events.write(session, workspace_id, told, at=now, site_id=site_id)
