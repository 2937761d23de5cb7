"""Writes down what came of one feed, in the caller's transaction: its entries and topics, and its health."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.feeds.finding import LONGEST
from nightdesk.desk.scraping.claims import Claim, held
from nightdesk.desk.scraping.outcomes import Done, Gather, News, Outcome, Trouble
from nightdesk.sources.feeds import timing
from nightdesk.store import events
from nightdesk.store.events import Happening
from nightdesk.store.tables.feeds import Feed

LONGEST_ERROR = 500
DOUBLE = "It has moved to an address that this site has as another feed, so this one was switched off."
UNKNOWN = {"etag": "", "modified": "", "body_hash": ""}
"""Nothing to compare with: the next fetch reads all of it."""


async def save(
    session: AsyncSession, claim: Claim, outcome: Outcome, gather: Gather, now: datetime, most: int | None
) -> Done | None:
    """Saves it; None where the feed is not ours any more, and nothing was saved.

    At most `most` of its entries are taken; one that has more is read whole again the next time.
    """
    found = await held(session, claim)
    if found is None:
        return None
    feed, site = found
    new = new_topics = 0
    if isinstance(outcome, Trouble):
        values = _after_trouble(feed, outcome)
    else:
        if outcome.read is not None:
            gathered = await gather(session, site, feed, outcome.read.entries[:most])
            new, new_topics = gathered.entries, gathered.new_topics
        values = _after_news(feed, outcome, new, most) | await _address(session, feed, outcome)
    values |= {
        "claimed_until": None,
        "fetched_at": func.now(),
        "due_at": func.now() + func.make_interval(0, 0, 0, 0, 0, 0, _pause(feed, outcome, new, now)),
    }
    changed = update(Feed).where(Feed.workspace_id == feed.workspace_id, Feed.id == feed.id).values(values)
    await session.execute(changed.execution_options(synchronize_session=False))
    done = Done(feed.workspace_id, feed.site_id, feed.url, new, new_topics, str(values["error"]))
    title = values.get("title") or feed.title
    await events.write(session, feed.workspace_id, [_event(feed, title, done)], at=now, site_id=feed.site_id)
    return done


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


def _after_trouble(feed: Feed, trouble: Trouble) -> dict[str, Any]:
    values = {
        "failures": feed.failures + 1,
        "code": trouble.code,
        "error": trouble.says[:LONGEST_ERROR],
    }
    return values | ({"enabled": False} if trouble.for_good else {})


def _after_news(feed: Feed, news: News, new: int, most: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "failures": 0,
        "code": "",
        "error": "",
        "worked_at": func.now(),
        "etag": news.etag,
        "modified": news.modified,
        "body_hash": news.body_hash,
        "moved_to": news.moved_to[:LONGEST],
        "new_entries": new,
    }
    if news.read is None:
        return values
    values |= {
        "title": news.read.title or feed.title,
        "home": news.read.home or feed.home,
        "kind": news.read.kind,
        "entries": feed.entries + new,
    }
    return values | (UNKNOWN if most is not None and len(news.read.entries) > most else {})


async def _address(session: AsyncSession, feed: Feed, news: News) -> dict[str, Any]:
    """Where the feed is fetched from now on: elsewhere, once it has said so at two readings running."""
    if not news.moved_to or news.moved_to != feed.moved_to or news.moved_to == feed.url:
        return {}
    there = select(Feed.id).where(
        Feed.workspace_id == feed.workspace_id, Feed.site_id == feed.site_id, Feed.url == news.moved_to
    )
    if await session.scalar(there) is not None:
        return {"enabled": False, "code": "moved", "error": DOUBLE}
    return {"url": news.moved_to, "moved_to": ""}


def _event(feed: Feed, title: str, done: Done) -> Happening:
    data = {"feed": feed.id, "title": title, "new": done.new, "error": done.error}
    return Happening("feed_scraped", level="warning" if done.error else "info", data=data)
