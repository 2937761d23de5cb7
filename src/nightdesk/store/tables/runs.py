"""Runs, their batches, and the calls that were made for them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Json, Table, within


class Run(Table):
    """One walk of a line for one site. `position` counts steps of the line, `current_stage` is its number."""

    __tablename__ = "runs"
    __table_args__ = (
        within("site_id", to="sites"),
        Index(
            "uq_runs_active",
            "workspace_id",
            "site_id",
            "line",
            unique=True,
            postgresql_where=text("status in ('running', 'paused')"),
        ),
        Index("ix_runs_history", "workspace_id", "site_id", "line", "started_at"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[int]
    line: Mapped[str]
    trigger_type: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'running'"))
    asked: Mapped[str | None]
    pause_reason: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    entered: Mapped[bool] = mapped_column(server_default=text("false"))
    current_stage: Mapped[int] = mapped_column(server_default=text("1"))
    settings: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    results: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    stage_began_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    total_credits_used: Mapped[int] = mapped_column(server_default=text("0"))
    error_message: Mapped[str | None]
    folded_at: Mapped[datetime | None]
    """When the details of its batches and calls were summed up."""


class Batch(InWorkspace, Table):
    """The items of one provider call. `token` is the fence: whoever takes the batch raises it."""

    __tablename__ = "batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "run_id"], ["runs.workspace_id", "runs.id"], ondelete="CASCADE"
        ),
        Index(
            "ix_batches_in_hand",
            "workspace_id",
            "run_id",
            postgresql_where=text("status in ('waiting', 'working')"),
        ),
        Index("ix_batches_run", "workspace_id", "run_id", "id"),
        Index("ix_batches_open", "due_at", postgresql_where=text("status in ('waiting', 'working')")),
    )

    run_id: Mapped[UUID]
    site_id: Mapped[int]
    line: Mapped[str]
    step: Mapped[str]
    stage: Mapped[int]
    queue: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    items: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    token: Mapped[int] = mapped_column(server_default=text("0"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    held: Mapped[int] = mapped_column(server_default=text("0"))
    charged: Mapped[int] = mapped_column(server_default=text("0"))
    worker: Mapped[str | None]
    error: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ProviderCall(InWorkspace, Table):
    """One request to a provider and what it took; failed calls and calls made in vain too.

    Of a run whose details were summed up it stands for as many as `calls` says.
    """

    __tablename__ = "provider_calls"
    __table_args__ = (
        Index("ix_provider_calls_run", "workspace_id", "run_id"),
        Index("ix_provider_calls_batch", "workspace_id", "batch_id"),
        Index("ix_provider_calls_at", "workspace_id", "at"),
    )

    run_id: Mapped[UUID | None]
    batch_id: Mapped[int | None]
    site_id: Mapped[int | None]
    stage: Mapped[int | None]
    kind: Mapped[str]
    provider: Mapped[str]
    model: Mapped[str] = mapped_column(server_default=text("''"))
    ok: Mapped[bool]
    seconds: Mapped[float]
    input_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    output_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    units: Mapped[int] = mapped_column(server_default=text("0"))
    usd: Mapped[Decimal | None] = mapped_column(Numeric(14, 8))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    calls: Mapped[int] = mapped_column(server_default=text("1"))


class ItemCost(Table):
    """What one item took in one batch: credits and money, so that a finished piece knows its cost."""

    __tablename__ = "item_costs"
    __table_args__ = (
        within("batch_id", to="batches"),
        Index("ix_item_costs_item", "workspace_id", "item_kind", "item_id"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(primary_key=True)
    item_kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True)
    credits: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    usd: Mapped[Decimal] = mapped_column(Numeric(14, 8))
