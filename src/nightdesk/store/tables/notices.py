"""Notices: to whom a workspace sends word of what happens, and what was sent or is yet to be."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Table, within


class NoticeTarget(InWorkspace, Table):
    """An address that notices go to, sealed, and which events it wants.

    `seen` is the last event that was looked at for it; `low_told` that it has heard of the credits being low.
    """

    __tablename__ = "notice_targets"
    __table_args__ = (CheckConstraint("hour between 0 and 23", name="hour"),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    service: Mapped[str]
    sealed: Mapped[str]
    last_four: Mapped[str]
    wants: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    credits_below: Mapped[int] = mapped_column(server_default=text("500"))
    hour: Mapped[int] = mapped_column(server_default=text("8"))
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    seen: Mapped[int]
    low_told: Mapped[bool] = mapped_column(server_default=text("false"))
    summary_at: Mapped[datetime | None]
    who: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Notice(InWorkspace, Table):
    """One message to one target; its key says what it is about, so that it is written once.

    `token` is the fence: whoever takes the notice raises it. `says` is what came of the last try.
    """

    __tablename__ = "notices"
    __table_args__ = (
        within("target_id", to="notice_targets"),
        UniqueConstraint("workspace_id", "target_id", "key"),
        CheckConstraint("status in ('queued', 'sent', 'given_up')", name="status"),
        Index("ix_notices_due", "due_at", postgresql_where=text("status = 'queued'")),
    )

    target_id: Mapped[int]
    key: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'queued'"))
    token: Mapped[int] = mapped_column(server_default=text("0"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime]
    taken_until: Mapped[datetime | None]
    says: Mapped[str] = mapped_column(server_default=text("''"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
