"""How long a workspace keeps what it no longer needs."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Table


class Keeping(Table):
    """For how many days one kind of thing is kept; null is for ever. Without a row the usual number holds."""

    __tablename__ = "keeping"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int | None]
