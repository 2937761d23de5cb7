"""Signs of life of the processes, and the tallies that keep big counts cheap."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Table


class Beat(Table):
    """A process that lives: a worker with its queues, a timetable, a web server."""

    __tablename__ = "beats"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    queues: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class KeyCheck(Table):
    """A known text sealed with the secret key: if it does not open, the key is the wrong one."""

    __tablename__ = "key_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[str]


class Tally(Table):
    """A change in how many items of a site are in a state; the count is the sum of its rows."""

    __tablename__ = "tallies"
    __table_args__ = (Index("ix_tallies_of_site", "workspace_id", "site_id", "kind", "state"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    site_id: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    n: Mapped[int]
