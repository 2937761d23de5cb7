"""The planner's rows: keywords, clusters, ideas and tasks."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Json, Table, Workable, in_hand, state, waiting, within


class Cluster(Workable, Table):
    """Keywords that one set of pieces answers; `keys` are the slot keys that it holds."""

    __tablename__ = "clusters"
    __table_args__ = (
        within("site_id", to="sites"),
        waiting("clusters", "new"),
        in_hand("clusters"),
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
        in_hand("keywords"),
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
    )

    idea_id: Mapped[int]
    cluster_id: Mapped[int]
    title: Mapped[str]
    brief: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    words: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=text("'queued'"))
    state: Mapped[str] = mapped_column(state())
