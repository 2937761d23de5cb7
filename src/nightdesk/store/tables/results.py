"""How publications did, when each is read back next, and articles and videos that tell one idea."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, OfSite, Table, within

_NONE, _NOUGHT, _NOW = text("''"), text("0"), text("now()")


class PublicationResult(InWorkspace, Table):
    """What a platform said of a publication at one instant; a number that it does not tell is null.

    `age` is the hour after publishing at which it was to be read (1, 24 …), 0 where a person asked.
    """

    __tablename__ = "publication_results"
    __table_args__ = (
        within("publication_id", to="publications"),
        Index("ix_publication_results_of", "workspace_id", "publication_id", "at"),
        Index(
            "uq_publication_results_age",
            "workspace_id",
            "publication_id",
            "age",
            unique=True,
            postgresql_where=text("age > 0"),
        ),
    )

    publication_id: Mapped[int]
    age: Mapped[int] = mapped_column(server_default=_NOUGHT)
    at: Mapped[datetime]
    views: Mapped[int | None]
    likes: Mapped[int | None]
    comments: Mapped[int | None]
    shares: Mapped[int | None]


class ResultReading(InWorkspace, Table):
    """When a publication is read back next; `due_at` is null when that is over.

    `due_at` is put off while somebody reads, so that no two do. `done` is the last age in hours that was read
    or passed by; `failures` are those since the last success, `says` why the last one failed.
    """

    __tablename__ = "result_readings"
    __table_args__ = (
        within("publication_id", to="publications"),
        UniqueConstraint("workspace_id", "publication_id"),
        Index("ix_result_readings_due", "due_at", postgresql_where=text("due_at is not null")),
    )

    publication_id: Mapped[int]
    due_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(server_default=_NOUGHT)
    failures: Mapped[int] = mapped_column(server_default=_NOUGHT)
    says: Mapped[str] = mapped_column(server_default=_NONE)
    read_at: Mapped[datetime | None]


class Growth(OfSite, Table):
    """Whether what a site makes follows its results: `auto` (once there are enough), `on` or `off`."""

    __tablename__ = "growth_rules"
    __table_args__ = (
        within("site_id", to="sites"),
        UniqueConstraint("workspace_id", "site_id"),
        CheckConstraint("mode in ('auto', 'on', 'off')", name="mode"),
    )

    mode: Mapped[str] = mapped_column(server_default=text("'auto'"))
    changed_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class Twin(OfSite, Table):
    """One idea in both forms: a task, of which the article is or will be, and a video."""

    __tablename__ = "twins"
    __table_args__ = (
        within("site_id", to="sites"),
        within("task_id", to="tasks"),
        within("video_id", to="videos"),
        UniqueConstraint("workspace_id", "task_id"),
        UniqueConstraint("workspace_id", "video_id"),
    )

    task_id: Mapped[int]
    video_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
