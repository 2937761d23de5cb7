"""Feeds with their health, and the topics that a site may speak about next."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Json, OfSite, Table, within


class Feed(OfSite, Table):
    """An address that gives new stories, and how it behaved.

    `due_at` is when it is fetched next; `claimed_until` is set while somebody fetches it. `error` is what it
    last failed with, for a person, and empty while it is fine; `failures` counts those since it last was.
    `entries` is how many it gave so far, `new_entries` how many of the last reading were new. `moved_to` is
    where it said at the last reading that it lies from now on.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        within("site_id", to="sites"),
        UniqueConstraint("workspace_id", "site_id", "url"),
        Index("ix_feeds_due", "due_at", postgresql_where=text("enabled")),
    )

    url: Mapped[str]
    title: Mapped[str] = mapped_column(server_default=text("''"))
    home: Mapped[str] = mapped_column(server_default=text("''"))
    kind: Mapped[str] = mapped_column(server_default=text("''"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    etag: Mapped[str] = mapped_column(server_default=text("''"))
    modified: Mapped[str] = mapped_column(server_default=text("''"))
    body_hash: Mapped[str] = mapped_column(server_default=text("''"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    claimed_until: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    code: Mapped[str] = mapped_column(server_default=text("''"))
    error: Mapped[str] = mapped_column(server_default=text("''"))
    entries: Mapped[int] = mapped_column(server_default=text("0"))
    new_entries: Mapped[int] = mapped_column(server_default=text("0"))
    moved_to: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Topic(OfSite, Table):
    """Something a site may speak about next.

    `source`: `rss`, `list`, `llm`, `trending` or `planner`. `status`: `new`, `used` (picked, for what says
    `used_for`) or `dismissed` (by a person). `reasons`: a list of `{code, points, says}` that add up to
    `score`. `marks`: a MinHash signature of what it says, by which the same story is known again.
    `told_by`: how many hosts tell it. `trend`: 0 to 1, how much it is talked of where it was found.
    """

    __tablename__ = "topics"
    __table_args__ = (
        within("site_id", to="sites"),
        within("idea_id", to="ideas", ondelete="SET NULL (idea_id)"),
        UniqueConstraint("workspace_id", "site_id", "normal"),
        Index(
            "ix_topics_next",
            "workspace_id",
            "site_id",
            "score",
            "id",
            postgresql_where=text("status = 'new'"),
        ),
        Index("ix_topics_seen", "workspace_id", "site_id", "last_seen_at"),
        Index("ix_topics_idea", "workspace_id", "idea_id", postgresql_where=text("idea_id is not null")),
    )

    title: Mapped[str]
    normal: Mapped[str]
    summary: Mapped[str] = mapped_column(server_default=text("''"))
    source: Mapped[str]
    url: Mapped[str] = mapped_column(server_default=text("''"))
    image: Mapped[str] = mapped_column(server_default=text("''"))
    language: Mapped[str] = mapped_column(server_default=text("''"))
    flags: Mapped[str] = mapped_column(server_default=text("''"))
    published_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    told_by: Mapped[int] = mapped_column(server_default=text("1"))
    trend: Mapped[float] = mapped_column(server_default=text("0"))
    marks: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    score: Mapped[float] = mapped_column(server_default=text("0"))
    reasons: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    scored_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default=text("'new'"))
    used_for: Mapped[str] = mapped_column(server_default=text("''"))
    used_at: Mapped[datetime | None]
    idea_id: Mapped[int | None]


class TopicMark(Table):
    """A number that topics telling the same story are likely to share: by it the few are found to compare.

    There are 14 of each topic, and a check of each for its topic would take longer than all else that is done
    for a new story: a trigger deletes them with their topics instead.
    """

    __tablename__ = "topic_marks"
    __table_args__ = (Index("ix_topic_marks_topic", "workspace_id", "topic_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(primary_key=True)


class Entry(OfSite, Table):
    """One story as one feed, trend or page gave it, once for each; its topic, and its document where kept.

    `key` is its identity within the feed: the guid, else a hash of address and title. A trigger empties
    `topic_id` where the topic is deleted.
    """

    __tablename__ = "entries"
    __table_args__ = (
        within("site_id", to="sites"),
        within("feed_id", to="feeds"),
        within("document_id", to="documents", ondelete="SET NULL (document_id)"),
        UniqueConstraint("workspace_id", "feed_id", "key"),
        Index("ix_entries_topic", "workspace_id", "topic_id"),
        Index("ix_entries_document", "workspace_id", "document_id"),
    )

    feed_id: Mapped[int | None]
    topic_id: Mapped[int | None]
    document_id: Mapped[int | None]
    key: Mapped[str]
    url: Mapped[str] = mapped_column(server_default=text("''"))
    host: Mapped[str] = mapped_column(server_default=text("''"))
    title: Mapped[str]
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Analysis(OfSite, Table):
    """What makes a document work, as a model read it: hook, structure, emotions, triggers, pacing."""

    __tablename__ = "analyses"
    __table_args__ = (
        within("site_id", to="sites"),
        within("document_id", to="documents"),
        UniqueConstraint("workspace_id", "document_id"),
    )

    document_id: Mapped[int]
    found: Mapped[Json]
    provider: Mapped[str] = mapped_column(server_default=text("''"))
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
