"""How a feed does, in one word: for lists, their filters and their counts."""

from typing import Literal

from sqlalchemy import ColumnElement, and_, case

from nightdesk.store.tables.feeds import Feed

Health = Literal["waiting", "fine", "failing", "off"]
"""Not fetched yet, fine at the last try, failing since some tries, switched off."""


def health_of(feed: Feed) -> Health:
    """In one word."""
    if not feed.enabled:
        return "off"
    if feed.failures:
        return "failing"
    return "fine" if feed.fetched_at else "waiting"


WORD: ColumnElement[str] = case(
    (Feed.enabled.is_(False), "off"),
    (Feed.failures > 0, "failing"),
    (and_(Feed.fetched_at.is_(None)), "waiting"),
    else_="fine",
)
"""The same as `health_of`, for a query."""
