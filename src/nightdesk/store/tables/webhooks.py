"""Webhooks: where word goes for programs, what is on its way there, and the addresses that programs call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Table, within

_NONE, _NOUGHT, _NOW = text("''"), text("0"), text("now()")


class WebhookTarget(InWorkspace, Table):
    """An address that hears of events, which are signed with its sealed secret.

    After a change of secret `sealed_before` signs too until `before_until`. `seen` is the last event that was
    looked at for it. `failures` counts tries in a row that were not taken; the next is due at `retry_at`.
    """

    __tablename__ = "webhook_targets"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    url: Mapped[str]
    wants: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    sealed: Mapped[str]
    sealed_before: Mapped[str | None]
    before_until: Mapped[datetime | None]
    seen: Mapped[int]
    failures: Mapped[int] = mapped_column(server_default=_NOUGHT)
    retry_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    says: Mapped[str] = mapped_column(server_default=_NONE)
    who: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class WebhookDelivery(InWorkspace, Table):
    """One event for one target, as it is sent; its key says what it is about, so that it is written once.

    `token` is the fence: whoever takes it raises it. `answered` is the status of the last answer.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        within("target_id", to="webhook_targets"),
        UniqueConstraint("workspace_id", "target_id", "key"),
        CheckConstraint("status in ('queued', 'sent', 'given_up')", name="status"),
        Index("ix_webhook_deliveries_due", "due_at", postgresql_where=text("status = 'queued'")),
    )

    target_id: Mapped[int]
    key: Mapped[str]
    event_id: Mapped[UUID]
    event: Mapped[str]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'queued'"))
    token: Mapped[int] = mapped_column(server_default=_NOUGHT)
    tries: Mapped[int] = mapped_column(server_default=_NOUGHT)
    due_at: Mapped[datetime]
    taken_until: Mapped[datetime | None]
    answered: Mapped[int | None]
    says: Mapped[str] = mapped_column(server_default=_NONE)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Hook(InWorkspace, Table):
    """An address that a program may call, which does one thing for one site: `topic` adds, `run` starts.

    `token` is its part of the address; whoever calls signs with the sealed secret, or with the one before.
    """

    __tablename__ = "hooks"
    __table_args__ = (
        within("site_id", to="sites"),
        Index("uq_hooks_token", "token", unique=True),
        CheckConstraint("does in ('topic', 'run')", name="does"),
        CheckConstraint("line in ('article', 'video')", name="line"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    token: Mapped[str]
    name: Mapped[str]
    site_id: Mapped[int]
    does: Mapped[str]
    line: Mapped[str]
    sealed: Mapped[str]
    sealed_before: Mapped[str | None]
    before_until: Mapped[datetime | None]
    who: Mapped[str]
    used_at: Mapped[datetime | None]
    uses: Mapped[int] = mapped_column(server_default=_NOUGHT)
    says: Mapped[str] = mapped_column(server_default=_NONE)
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class HookCall(InWorkspace, Table):
    """A call that was signed well, by the hash of what was signed, so that it is not taken twice.

    `done_at` is empty while it is worked on: where the process died, the same call may come again.
    """

    __tablename__ = "hook_calls"
    __table_args__ = (within("hook_id", to="hooks"), UniqueConstraint("workspace_id", "hook_id", "digest"))

    hook_id: Mapped[int]
    digest: Mapped[str]
    taken_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ToolRight(Table):
    """That an owner lets tools approve and publish pieces of a site."""

    __tablename__ = "tool_rights"
    __table_args__ = (within("site_id", to="sites"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None]
    who: Mapped[str]
    at: Mapped[datetime]
