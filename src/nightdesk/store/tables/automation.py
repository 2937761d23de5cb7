"""When and how a site's lines run, and which planned instants were started or skipped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Json, Table, within


class LineConfig(Table):
    """The automation config of a line of a site. `anchor_day`: the weekday or day of month it runs on.

    `a_day`: how many items a stage takes a day at the most (`{"4": 2}`), which scheduled runs keep to.
    """

    __tablename__ = "line_configs"
    __table_args__ = (
        within("site_id", to="sites"),
        CheckConstraint("frequency in ('daily', 'weekly', 'monthly')", name="frequency"),
        CheckConstraint("anchor_day between 1 and 31", name="anchor_day"),
        Index("ix_line_configs_due", "next_run_at", postgresql_where=text("is_enabled")),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    is_enabled: Mapped[bool] = mapped_column(server_default=text("false"))
    frequency: Mapped[str] = mapped_column(server_default=text("'daily'"))
    scheduled_time: Mapped[str] = mapped_column(server_default=text("'02:00'"))
    anchor_day: Mapped[int] = mapped_column(server_default=text("1"))
    batch_sizes: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    within_stage_delay: Mapped[int] = mapped_column(server_default=text("0"))
    between_stage_delay: Mapped[int] = mapped_column(server_default=text("0"))
    last_run_at: Mapped[datetime | None]
    next_run_at: Mapped[datetime | None]
    a_day: Mapped[Json] = mapped_column(server_default=text("'{}'"))


class Occurrence(Table):
    """A planned instant of a schedule and what came of it; its key makes sure that it counts once."""

    __tablename__ = "occurrences"
    __table_args__ = (within("site_id", to="sites"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    run_id: Mapped[UUID | None]
    noted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
