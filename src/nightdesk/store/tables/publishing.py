"""Accounts on platforms, and publications: one piece going to one account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Json, OfSite, Table, within

_NONE, _EMPTY, _OBJECT = text("''"), text("'[]'"), text("'{}'")
_NOUGHT, _NOW = text("0"), text("now()")

STATES = (
    "queued",
    "preparing",
    "committing",
    "ambiguous",
    "held",
    "live",
    "rejected",
    "cancelled",
)
IN_HAND = "state in ('preparing', 'committing')"
_STATES = ", ".join(f"'{name}'" for name in STATES)


class Account(InWorkspace, Table):
    """An account on a platform. `config` may be shown, `sealed` (a JSON object of secrets) never.

    `way` is how it is spoken to: `rest`, or `mcp` for a tool server. `status` is what its last look said:
    `connected`, `missing_config`, `expired` or `error`, with `says` for people. `paused_at` is its owner's
    switch. `failures`: how often the platform declined to renew its log-in since that changed. `day_cap`:
    publications a day, of the account's `timezone`; 0 for the platform's own.
    `left_today`: pieces that the platform took yet at the last look. `look_at`: when it is looked at next by
    itself; `misses`: such looks in a row that reached nobody. `told`: how much of its log-in's end was told.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("way in ('rest', 'mcp')", name="way"),
        CheckConstraint("status in ('connected', 'missing_config', 'expired', 'error')", name="status"),
        Index("ix_accounts_workspace", "workspace_id", "platform"),
        Index("ix_accounts_look", "look_at", postgresql_where=text("removed_at is null")),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    platform: Mapped[str]
    name: Mapped[str]
    way: Mapped[str] = mapped_column(server_default=text("'rest'"))
    config: Mapped[Json] = mapped_column(server_default=_OBJECT)
    sealed: Mapped[str | None]
    last_four: Mapped[str] = mapped_column(server_default=_NONE)
    status: Mapped[str] = mapped_column(server_default=text("'missing_config'"))
    says: Mapped[str] = mapped_column(server_default=_NONE)
    remote_name: Mapped[str] = mapped_column(server_default=_NONE)
    expires_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default=_NOUGHT)
    day_cap: Mapped[int] = mapped_column(server_default=_NOUGHT)
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    left_today: Mapped[int | None]
    look_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    misses: Mapped[int] = mapped_column(server_default=_NOUGHT)
    told: Mapped[int] = mapped_column(server_default=_NOUGHT)


class AccountSite(Table):
    """That pieces of a site go to an account, with what is usual there (`options`: category, privacy …)."""

    __tablename__ = "account_sites"
    __table_args__ = (within("account_id", to="accounts"), within("site_id", to="sites"))

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    options: Mapped[Json] = mapped_column(server_default=_OBJECT)
    by_itself: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether auto mode books pieces of the site for the account."""
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class Publication(OfSite, Table):
    """One piece (an article or a video, as approved at `revision`) going to one account, once.

    `key` marks it on the platform. `token` is what a platform gave for a single use, kept before it is used.
    `planned_at` is its slot, `due_at` when it is tried next. `fence` rises with each taking, `until` is when
    the taker's lease ends by the database's clock. `evidence` is what a person needs to decide on one held.
    """

    __tablename__ = "publications"
    __table_args__ = (
        within("site_id", to="sites"),
        within("account_id", to="accounts"),
        within("content_id", to="contents", ondelete="SET NULL (content_id)"),
        within("video_id", to="videos", ondelete="SET NULL (video_id)"),
        CheckConstraint(f"state in ({_STATES})", name="state"),
        CheckConstraint("content_id is null or video_id is null", name="one_piece"),
        Index("uq_publications_key", "workspace_id", "key", unique=True),
        Index(
            "uq_publications_content",
            "workspace_id",
            "account_id",
            "content_id",
            unique=True,
            postgresql_where=text("content_id is not null"),
        ),
        Index(
            "uq_publications_video",
            "workspace_id",
            "account_id",
            "video_id",
            unique=True,
            postgresql_where=text("video_id is not null"),
        ),
        Index(
            "uq_publications_in_hand",
            "workspace_id",
            "account_id",
            unique=True,
            postgresql_where=text(IN_HAND),
        ),
        Index("ix_publications_due", "due_at", postgresql_where=text("state in ('queued', 'ambiguous')")),
        Index("ix_publications_live", "live_at", postgresql_where=text("state = 'live'")),
        Index(
            "ix_publications_sent",
            "workspace_id",
            "account_id",
            "sent_at",
            postgresql_where=text("sent_at is not null"),
        ),
        Index("ix_publications_site", "workspace_id", "site_id", "planned_at"),
    )

    account_id: Mapped[int]
    content_id: Mapped[int | None]
    video_id: Mapped[int | None]
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(server_default=_NONE)
    key: Mapped[UUID]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    options: Mapped[Json] = mapped_column(server_default=_OBJECT)
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    moved: Mapped[str] = mapped_column(server_default=_NONE)
    token: Mapped[Json | None]
    fence: Mapped[int] = mapped_column(server_default=_NOUGHT)
    owner: Mapped[str] = mapped_column(server_default=_NONE)
    until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=_NOUGHT)
    looks: Mapped[int] = mapped_column(server_default=_NOUGHT)
    code: Mapped[str] = mapped_column(server_default=_NONE)
    error: Mapped[str] = mapped_column(server_default=_NONE)
    evidence: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    remote_id: Mapped[str] = mapped_column(server_default=_NONE)
    url: Mapped[str] = mapped_column(server_default=_NONE)
    sent_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    asked_by: Mapped[str] = mapped_column(server_default=_NONE)
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class PublicationStep(InWorkspace, Table):
    """One thing that happened to a publication: a taking, a request, an answer, a decision. Never changed."""

    __tablename__ = "publication_steps"
    __table_args__ = (
        within("publication_id", to="publications"),
        Index("ix_publication_steps_publication", "workspace_id", "publication_id", "id"),
    )

    publication_id: Mapped[int]
    at: Mapped[datetime]
    what: Mapped[str]
    says: Mapped[str] = mapped_column(server_default=_NONE)
    data: Mapped[Json] = mapped_column(server_default=_OBJECT)
    who: Mapped[str] = mapped_column(server_default=_NONE)
