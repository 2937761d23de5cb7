"""Consents that people were sent to platforms for, and have yet to come back from."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Table, within


class AccountConsent(InWorkspace, Table):
    """One way to a platform and back, for one account, good once and until `expires_at`.

    `hash` is of the state that the address carries, `sealed` the secret half of the challenge (PKCE), kept
    until it is used; `redirect` is where the platform sends people back to. `person_id` is who began it, none
    for the command line and for programs.
    """

    __tablename__ = "account_consents"
    __table_args__ = (
        within("account_id", to="accounts"),
        Index("uq_account_consents_hash", "workspace_id", "hash", unique=True),
    )

    account_id: Mapped[int]
    person_id: Mapped[int | None]
    hash: Mapped[str]
    sealed: Mapped[str | None]
    redirect: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
