"""Sections of articles that a person asked to have written again, each with a note."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Table, Workable, in_hand, parked, state, waiting, within


class Section(Workable, Table):
    """One section of a content, asked for anew; `fingerprint` is of its Markdown as it was asked about.

    `words` it had then, by which it is priced; `revision` is the one that it was kept as, once made.
    """

    __tablename__ = "sections"
    __table_args__ = (
        within("site_id", to="sites"),
        within("content_id", to="contents"),
        Index(
            "ix_sections_open",
            "workspace_id",
            "content_id",
            "anchor",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_sections_content", "workspace_id", "content_id"),
        waiting("sections", "pending"),
        in_hand("sections"),
        parked("sections"),
    )

    content_id: Mapped[int]
    anchor: Mapped[str]
    heading: Mapped[str]
    fingerprint: Mapped[str]
    words: Mapped[int]
    note: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    state: Mapped[str] = mapped_column(state())
    asked_by: Mapped[int | None]
    who: Mapped[str] = mapped_column(server_default=text("''"))
    label: Mapped[str] = mapped_column(server_default=text("''"))
    revision: Mapped[int | None]
