"""Writes down what happened and reads it back in order, without ever skipping one that committed late."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.occasions import Event

CHANNEL = "nightdesk_events"
"""The NOTIFY channel that wakes readers; its payload is empty, they ask the table."""

OF_JOBS = ("job_log", "video_decided")
"""The types of events that make the log of a video."""

_ADD = text("""
    insert into events (workspace_id, type, run_id, site_id, stage, level, message, data, at, job_id)
    select :workspace, e.type, :run, :site, e.stage, e.level, e.message, e.data, :at,
           cast(e.data ->> 'job_id' as bigint)
    from jsonb_to_recordset(cast(:events as jsonb))
         as e(type text, stage integer, level text, message text, data jsonb)
""").bindparams(bindparam("run", type_=Uuid()), bindparam("site", type_=BigInteger()))


@dataclass(frozen=True)
class Happening:
    """One event to be written: `type` as in the API's stream, `message` for the log, `data` for clients.

    A `job_id` in `data`, the number of a video, has it found by `log_of_job`.
    """

    type: str
    message: str = ""
    level: str = "info"
    stage: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


async def write(
    session: AsyncSession,
    workspace_id: int,
    happenings: Sequence[Happening],
    *,
    at: datetime,
    run_id: UUID | None = None,
    site_id: int | None = None,
) -> None:
    """Adds events to the transaction; they become visible with it."""
    if happenings:
        values = {
            "workspace": workspace_id,
            "run": run_id,
            "site": site_id,
            "at": at,
            "events": json.dumps([vars(happening) for happening in happenings]),
        }
        await session.execute(_ADD, values)


async def between(
    session: AsyncSession, workspace_id: int, after: int, upto: int, limit: int = 500
) -> list[Event]:
    """The events with ids above `after` and not above `upto`, oldest first.

    `upto` comes from `store.horizon`: what is above it may still be overtaken by a commit of a lower id.
    """
    query = (
        select(Event)
        .where(Event.workspace_id == workspace_id, Event.id > after, Event.id <= upto)
        .order_by(Event.id)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def log_of_run(session: AsyncSession, workspace_id: int, run_id: UUID, lines: int) -> list[Event]:
    """The last `lines` log events of a run, oldest first."""
    query = (
        select(Event)
        .where(Event.workspace_id == workspace_id, Event.run_id == run_id, Event.message != "")
        .order_by(Event.id.desc())
        .limit(lines)
    )
    return list(await session.scalars(query))[::-1]


def of_job(workspace_id: int, job_id: int, lines: int) -> Select[Event]:
    """The query of the last `lines` log events about a video, newest first."""
    return (
        select(Event)
        .where(Event.workspace_id == workspace_id, Event.job_id == job_id, Event.type.in_(OF_JOBS))
        .order_by(Event.id.desc())
        .limit(lines)
    )


async def log_of_job(session: AsyncSession, workspace_id: int, job_id: int, lines: int) -> list[Event]:
    """The last `lines` log events about a video, oldest first."""
    return list(await session.scalars(of_job(workspace_id, job_id, lines)))[::-1]
