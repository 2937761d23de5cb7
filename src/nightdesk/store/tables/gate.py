"""What the review gate keeps: every revision of an article that a person touched, and every decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Table, within


class Revision(Table):
    """An article as it was after one change; rows are added and never changed. `who` is the name borne then.

    `pictures` are those of that moment, in their order. Of an article that nobody has touched there is none.
    """

    __tablename__ = "revisions"
    __table_args__ = (within("content_id", to="contents"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    slug: Mapped[str]
    structure: Mapped[str]
    markdown: Mapped[str]
    meta_title: Mapped[str]
    meta_description: Mapped[str]
    words: Mapped[int]
    pictures: Mapped[list[Any]]
    what: Mapped[str]
    about: Mapped[str] = mapped_column(server_default=text("''"))
    person_id: Mapped[int | None]
    who: Mapped[str]
    at: Mapped[datetime]


class GateDecision(InWorkspace, Table):
    """What was decided on which revision; rows are added and never changed.

    `came_from` is the status before; an undoing names in `undoes` the decision that it takes back.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        within("content_id", to="contents"),
        Index("ix_decisions_content", "workspace_id", "content_id"),
    )

    content_id: Mapped[int]
    decision: Mapped[str]
    came_from: Mapped[str]
    revision: Mapped[int]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    undoes: Mapped[int | None]
    person_id: Mapped[int | None]
    who: Mapped[str]
    at: Mapped[datetime]
