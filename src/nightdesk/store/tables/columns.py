"""The columns that many tables share: identity within a workspace, and what the engine notes on an item."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Table(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        Json: JSONB,
        list[Any]: JSONB,
        UUID: Uuid,
    }


class InWorkspace:
    """A tenant's row: its key is the workspace and a number."""

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)


class OfSite(InWorkspace):
    """A row of a site."""

    site_id: Mapped[int]


class Workable(OfSite):
    """An item that a stage works on; the engine alone writes these columns.

    `batch_id` is set while a batch has the item in hand; `last_run` names the run that took it last, so
    that no run takes an item twice; `parked_at` and `error` stay until a person has it tried again.
    """

    batch_id: Mapped[int | None]
    last_run: Mapped[UUID | None]
    parked_at: Mapped[datetime | None]
    error: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


def within(*columns: str, to: str, ondelete: str | None = "CASCADE") -> ForeignKeyConstraint:
    """A foreign key that cannot leave the workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", *columns],
        [f"{to}.workspace_id", *(f"{to}.id" for _ in columns)],
        ondelete=ondelete,
    )


PARKED = "failed"
"""How the state of an item begins that was set aside with its error."""


def state(status: str = "status", *, can_be_disabled: bool = False, walks: bool = False) -> Computed:
    """How a row's state follows from its facts: what a stage claims by and what a dashboard counts by.

    `walks`: it goes through several stages, so that where it is parked is part of its state.
    """
    disabled = "when disabled then 'disabled' " if can_be_disabled else ""
    at = f" || '_' || {status}" if walks else ""
    return Computed(
        f"case when parked_at is not null then '{PARKED}'{at} "
        f"{disabled}when batch_id is not null then 'in_hand' else {status} end",
        persisted=True,
    )


def waiting(table: str, state: str) -> Index:
    """The partial index behind a stage's pending query."""
    return Index(
        f"ix_{table}_waiting", "workspace_id", "site_id", "id", postgresql_where=text(f"state = '{state}'")
    )


def in_hand(table: str) -> Index:
    """The partial index that finds the items of a batch."""
    return Index(
        f"ix_{table}_in_hand", "workspace_id", "batch_id", postgresql_where=text("batch_id is not null")
    )


def parked(table: str) -> Index:
    """The partial index that finds what waits for a person to have it tried again."""
    return Index(
        f"ix_{table}_parked", "workspace_id", "site_id", postgresql_where=text("parked_at is not null")
    )
