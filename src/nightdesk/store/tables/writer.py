"""The writer's rows: contents and their images."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Json, Table, Workable, in_hand, parked, state, waiting, within


class Content(Workable, Table):
    """A written article. `pictures` is how many images it wants; None until they are planned."""

    __tablename__ = "contents"
    __table_args__ = (
        within("site_id", to="sites"),
        within("task_id", to="tasks"),
        UniqueConstraint("workspace_id", "task_id"),
        UniqueConstraint("workspace_id", "site_id", "slug"),
        waiting("contents", "draft"),
        Index("ix_contents_review", "workspace_id", "site_id", postgresql_where=text("state = 'review'")),
        in_hand("contents"),
        parked("contents"),
    )

    task_id: Mapped[int]
    title: Mapped[str]
    slug: Mapped[str]
    structure: Mapped[str] = mapped_column(server_default=text("'guide'"))
    language: Mapped[str] = mapped_column(server_default=text("'en'"))
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    summary: Mapped[str] = mapped_column(server_default=text("''"))
    markdown: Mapped[str]
    html: Mapped[str]
    meta_title: Mapped[str] = mapped_column(server_default=text("''"))
    meta_description: Mapped[str] = mapped_column(server_default=text("''"))
    headings: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    citations: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    json_ld: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    checks: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    words: Mapped[int] = mapped_column(server_default=text("0"))
    label: Mapped[str] = mapped_column(server_default=text("''"))
    may_publish_itself: Mapped[bool] = mapped_column(server_default=text("false"))
    pictures: Mapped[int | None]
    state: Mapped[str] = mapped_column(
        state("case when status = 'draft' and pictures is not null then 'illustrating' else status end")
    )
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    reviewed_at: Mapped[datetime | None]


class ContentMark(Table):
    """A number that stands for a run of words in a content: whichever share some are looked at closely."""

    __tablename__ = "content_marks"
    __table_args__ = (
        within("content_id", to="contents"),
        Index("ix_content_marks_content", "workspace_id", "content_id"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(primary_key=True)


class Image(Workable, Table):
    """A picture of a content: prompted, then made."""

    __tablename__ = "images"
    __table_args__ = (
        within("site_id", to="sites"),
        within("content_id", to="contents"),
        UniqueConstraint("workspace_id", "content_id", "position"),
        waiting("images", "pending"),
        in_hand("images"),
        parked("images"),
    )

    content_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str]
    heading: Mapped[str] = mapped_column(server_default=text("''"))
    prompt: Mapped[str]
    alt: Mapped[str]
    caption: Mapped[str] = mapped_column(server_default=text("''"))
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    asset: Mapped[str | None]
    mime: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    label: Mapped[str] = mapped_column(server_default=text("''"))
    state: Mapped[str] = mapped_column(state())
