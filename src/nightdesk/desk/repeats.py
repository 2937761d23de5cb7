"""Requests that are sent again: the first does the work, every repeat gets the answer that the first got.

A key belongs to one request (its hash). While the first is at work its row is locked for a while, and the
lock is renewed; a process that dies leaves the lock to run out, and then the request may be made again.
"""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from nightdesk.kit import points
from nightdesk.kit.sealing import Sealer, place
from nightdesk.store.session import Store
from nightdesk.store.tables.access import RepeatedRequest

LOCK = 60
"""Seconds for which a request is held to be at work without a sign of life."""

RENEWED = 20.0
"""Seconds between two signs of life."""

KEPT_HOURS = 24

_UNTIL = text(f"clock_timestamp() + interval '{LOCK} seconds'")
_TOO_OLD = RepeatedRequest.created_at < func.now() - text(f"interval '{KEPT_HOURS} hours'")


class Mismatch(Exception):
    """The key was used for another request."""


class InProgress(Exception):
    """The first request with this key is still at work; `seconds` until asking again makes sense."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__()


@dataclass(frozen=True)
class Stored:
    """The answer that the first request got."""

    status: int
    answer: dict[str, Any]


@dataclass
class Turn:
    """The right to do the work of a key; `until` is the fence: whoever renews or ends it must know it."""

    workspace_id: int
    key: str
    until: datetime


@dataclass(frozen=True)
class Repeats:
    """Keeps the answers to requests that carry a key, per workspace, for a day.

    Answers are kept sealed: that to "make me a key" holds a secret that is stored nowhere else.
    """

    store: Store
    sealer: Sealer

    async def begin(self, workspace_id: int, key: str, request_hash: str) -> Turn | Stored:
        """A turn where the work is to be done, else the stored answer. Raises `Mismatch`, `InProgress`."""
        async with self.store.workspace(workspace_id) as session:
            new = insert(RepeatedRequest).values(
                workspace_id=workspace_id, key=key, request_hash=request_hash, locked_until=_UNTIL
            )
            fresh = {
                "request_hash": new.excluded.request_hash,
                "locked_until": new.excluded.locked_until,
                "status": None,
                "answer": None,
                "created_at": func.now(),
            }
            abandoned = (
                RepeatedRequest.status.is_(None)
                & (RepeatedRequest.locked_until < func.clock_timestamp())
                & (RepeatedRequest.request_hash == request_hash)
            )
            taken = new.on_conflict_do_update(
                index_elements=["workspace_id", "key"], set_=fresh, where=_TOO_OLD | abandoned
            )
            until = await session.scalar(taken.returning(RepeatedRequest.locked_until))
            if until is None:
                row = await session.get(RepeatedRequest, (workspace_id, key))
                return await self._told(session, row, request_hash)
        points.reach("repeats.begun")
        return Turn(workspace_id, key, until)

    async def _told(self, session: Any, row: RepeatedRequest | None, request_hash: str) -> Stored:
        if row is None:
            raise InProgress(1)
        if row.request_hash != request_hash:
            raise Mismatch
        if row.status is None:
            now = await session.scalar(select(func.clock_timestamp()))
            raise InProgress(min(max(int((row.locked_until - now).total_seconds()), 1), 5))
        answer = await asyncio.to_thread(self.sealer.open, (row.answer or {})["sealed"], _place(row))
        return Stored(row.status, json.loads(answer))

    @contextlib.asynccontextmanager
    async def working(self, turn: Turn) -> AsyncIterator[None]:
        """Keeps the turn while the block runs, however long that takes."""
        task = asyncio.create_task(self._renew(turn), name="turn")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _renew(self, turn: Turn) -> None:
        while True:
            await asyncio.sleep(RENEWED)
            with contextlib.suppress(DBAPIError):
                async with self.store.workspace(turn.workspace_id) as session:
                    until = await session.scalar(
                        _of(turn).values(locked_until=_UNTIL).returning(RepeatedRequest.locked_until)
                    )
                if until is None:
                    return
                turn.until = until

    async def end(self, turn: Turn, status: int, answer: dict[str, Any]) -> None:
        """Stores the answer; it has no effect where the turn has passed to another."""
        points.reach("repeats.answered")
        sealed = {"sealed": await asyncio.to_thread(self.sealer.seal, json.dumps(answer), _place(turn))}
        async with self.store.workspace(turn.workspace_id) as session:
            await session.execute(_of(turn).values(status=status, answer=sealed))

    async def give_up(self, turn: Turn) -> None:
        """Forgets the request, so that it can be made again at once."""
        async with self.store.workspace(turn.workspace_id) as session:
            await session.execute(
                delete(RepeatedRequest).where(
                    RepeatedRequest.workspace_id == turn.workspace_id,
                    RepeatedRequest.key == turn.key,
                    RepeatedRequest.locked_until == turn.until,
                )
            )


def _place(of: Turn | RepeatedRequest) -> str:
    """Where an answer is sealed to; the key is a client's own text, so its hash stands for it."""
    return place(of.workspace_id, "repeated_requests", hashlib.sha256(of.key.encode()).hexdigest(), "answer")


def _of(turn: Turn) -> Any:
    return update(RepeatedRequest).where(
        RepeatedRequest.workspace_id == turn.workspace_id,
        RepeatedRequest.key == turn.key,
        RepeatedRequest.locked_until == turn.until,
        RepeatedRequest.status.is_(None),
    )
