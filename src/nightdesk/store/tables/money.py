"""The credit ledger: accounts and the transfers between them (double entry, append-only)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Table


class CreditAccount(Table):
    """A workspace's account of one kind: `source`, `wallet`, `held` or `spent`; only a source may owe."""

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint("kind in ('source', 'wallet', 'held', 'spent')", name="kind"),
        CheckConstraint("kind = 'source' or balance >= 0", name="never_overdrawn"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(server_default=text("0"))


class CreditTransfer(Table):
    """One movement of credits; its key says what it was for, so it can never happen twice."""

    __tablename__ = "credit_transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit <> credit", name="sides"),
        CheckConstraint("kind in ('grant', 'hold', 'charge', 'release', 'adjust')", name="kind"),
        Index("ix_credit_transfers_at", "workspace_id", "at"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    debit: Mapped[str]
    credit: Mapped[str]
    amount: Mapped[int]
    run_id: Mapped[UUID | None]
    batch_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
