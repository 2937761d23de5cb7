"""Keys: those that clients show us, those that we show providers, and the record of repeated requests."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Json, Table, within


class ApiKey(InWorkspace, Table):
    """A client's key: its hash, and the prefix by which a person knows it again."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("uq_api_keys_hash", "hash", unique=True),)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    name: Mapped[str]
    prefix: Mapped[str]
    hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    person_id: Mapped[int | None]
    """Who made it; nobody where the operator or another key did."""


class ProviderKey(InWorkspace, Table):
    """A secret for a provider, sealed; of a site where `site_id` is set, else of the workspace."""

    __tablename__ = "provider_keys"
    __table_args__ = (
        UniqueConstraint("workspace_id", "site_id", "kind", postgresql_nulls_not_distinct=True),
        within("site_id", to="sites"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    site_id: Mapped[int | None]
    kind: Mapped[str]
    sealed: Mapped[str]
    last_four: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class SigningCertificate(Table):
    """With what a workspace signs files (C2PA): the chain as PEM, the signer's first; its key sealed.

    `timestamps` is the address of a time-stamping authority, empty for none.
    """

    __tablename__ = "signing_certificates"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    chain: Mapped[str]
    sealed: Mapped[str]
    algorithm: Mapped[str]
    timestamps: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class RepeatedRequest(Table):
    """The answer once given to an `Idempotency-Key`, kept so that a repeat has no second effect."""

    __tablename__ = "repeated_requests"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    answer: Mapped[Json | None]
    locked_until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
