"""The planner's rows: keywords, clusters, ideas and tasks, and what of them can be put back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import (
    Json,
    OfSite,
    Table,
    Workable,
    in_hand,
    parked,
    state,
    waiting,
    within,
)


def failed(table: str) -> Index:
    """The partial index that finds what was set aside with its error, newest or oldest first."""
    return Index(
        f"ix_{table}_failed", "workspace_id", "site_id", "id", postgresql_where=text("state = 'failed'")
    )


class Cluster(Workable, Table):
    """Keywords that one set of pieces answers; `keys` are the slot keys that it holds."""

    __tablename__ = "clusters"
    __table_args__ = (
        within("site_id", to="sites"),
        waiting("clusters", "new"),
        in_hand("clusters"),
        parked("clusters"),
        failed("clusters"),
    )

    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default=text("''"))
    keys: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    volume: Mapped[int] = mapped_column(server_default=text("0"))
    status: Mapped[str] = mapped_column(server_default=text("'new'"))
    disabled: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(state(can_be_disabled=True))


class Keyword(Workable, Table):
    """A phrase that people search for; `normal` is what makes two spellings the same."""

    __tablename__ = "keywords"
    __table_args__ = (
        within("site_id", to="sites"),
        within("cluster_id", to="clusters", ondelete="SET NULL (cluster_id)"),
        UniqueConstraint("workspace_id", "site_id", "normal"),
        waiting("keywords", "new"),
        Index(
            "ix_keywords_block",
            "workspace_id",
            "site_id",
            "block",
            postgresql_where=text("state = 'new'"),
        ),
        Index("ix_keywords_cluster", "workspace_id", "cluster_id"),
        Index("ix_keywords_volume", "workspace_id", "site_id", "volume", "id"),
        Index("ix_keywords_difficulty", "workspace_id", "site_id", "difficulty", "id"),
        in_hand("keywords"),
        parked("keywords"),
        failed("keywords"),
    )

    phrase: Mapped[str]
    normal: Mapped[str]
    volume: Mapped[int] = mapped_column(server_default=text("0"))
    difficulty: Mapped[float | None]
    cpc: Mapped[float | None]
    intent: Mapped[str | None]
    source: Mapped[str] = mapped_column(server_default=text("''"))
    status: Mapped[str] = mapped_column(server_default=text("'new'"))
    disabled: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(state(can_be_disabled=True))
    cluster_id: Mapped[int | None]
    group_key: Mapped[str | None]
    block: Mapped[int | None]


class Idea(Workable, Table):
    """One planned piece for a cluster."""

    __tablename__ = "ideas"
    __table_args__ = (
        within("site_id", to="sites"),
        within("cluster_id", to="clusters"),
        waiting("ideas", "new"),
        Index("ix_ideas_cluster", "workspace_id", "cluster_id"),
        in_hand("ideas"),
        parked("ideas"),
        failed("ideas"),
    )

    cluster_id: Mapped[int]
    title: Mapped[str]
    angle: Mapped[str] = mapped_column(server_default=text("''"))
    keywords: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    intent: Mapped[str]
    structure: Mapped[str]
    outline: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    words: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=text("'new'"))
    disabled: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(state(can_be_disabled=True))


class Task(Workable, Table):
    """An idea frozen as an order to write; `brief` is the idea as it was then."""

    __tablename__ = "tasks"
    __table_args__ = (
        within("site_id", to="sites"),
        within("idea_id", to="ideas"),
        UniqueConstraint("workspace_id", "idea_id"),
        waiting("tasks", "queued"),
        in_hand("tasks"),
        parked("tasks"),
        failed("tasks"),
    )

    idea_id: Mapped[int]
    cluster_id: Mapped[int]
    title: Mapped[str]
    brief: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    words: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=text("'queued'"))
    state: Mapped[str] = mapped_column(state())


class Undo(OfSite, Table):
    """What a change took away or altered, as it was before: so that it can be put back for a day."""

    __tablename__ = "undos"
    __table_args__ = (
        within("site_id", to="sites"),
        Index("ix_undos_made_at", "workspace_id", "made_at"),
    )

    kept: Mapped[Json]
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
