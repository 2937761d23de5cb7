"""Events: what happened, for the log, the live page and the client's stream."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import INTEGER
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from nightdesk.store.tables.columns import Json, Table


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class Event(Table):
    """One thing that happened; `job_id` is the video that it is about, also in `data`.

    `txid` comes before `id` because defaults are evaluated in this order: a transaction has its number
    before it takes an event's, which is what lets `store.horizon` tell when all lower ids are settled.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_stream", "workspace_id", "id"),
        Index("ix_events_run", "workspace_id", "run_id", "id", postgresql_where=text("run_id is not null")),
        Index("ix_events_job", "workspace_id", "job_id", "id", postgresql_where=text("job_id is not null")),
    )

    txid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    type: Mapped[str]
    run_id: Mapped[UUID | None]
    site_id: Mapped[int | None]
    stage: Mapped[int | None] = mapped_column(INTEGER)
    level: Mapped[str] = mapped_column(server_default=text("'info'"))
    message: Mapped[str] = mapped_column(server_default=text("''"))
    data: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    job_id: Mapped[int | None]
