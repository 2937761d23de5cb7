"""Books what a batch took: each call, each item's share of credits and money, and the charge.

The writing itself is the database function `batch_book` (migrations/sql/engine.sql): one round trip.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.hand import Hand
from nightdesk.providers.calls import Call

_BOOK = text(
    "select * from batch_book(:workspace, :batch, :run, :site, :stage, :closing, :cost, "
    "cast(:calls as jsonb), :kind, cast(:items as bigint[]), :now)"
)


@dataclass(frozen=True)
class Booked:
    """What was charged for the batch, and how many batches its run has in hand now."""

    charged: int
    in_hand: int


async def close(
    session: AsyncSession, hand: Hand, status: str, now: datetime, *, cost: int = 0, items: Sequence[int] = ()
) -> Booked:
    """Ends the batch as `status`: charges `cost` against its hold, frees the rest.

    `items` share the charge and the money of this try's calls; by default all that the batch has.
    """
    return await _book(session, hand, status, cost, items or hand.ids, now, "")


async def note_calls(session: AsyncSession, hand: Hand, now: datetime) -> None:
    """Writes the calls of a try after which the batch goes on."""
    if hand.meter.calls:
        await _book(session, hand, None, 0, hand.ids, now, "")


async def calls_in_vain(session: AsyncSession, hand: Hand, now: datetime) -> None:
    """Writes calls whose result came too late to count; nobody pays credits for them, but they are shown."""
    if hand.meter.calls:
        await _book(session, hand, None, 0, (), now, "in vain: another worker had taken over")


async def _book(
    session: AsyncSession,
    hand: Hand,
    closing: str | None,
    cost: int,
    items: Sequence[int],
    now: datetime,
    note: str,
) -> Booked:
    batch = hand.batch
    hand.booked_at = hand.booked_at or now
    values = {
        "workspace": batch.workspace_id,
        "batch": batch.id,
        "run": batch.run_id,
        "site": batch.site_id,
        "stage": batch.stage,
        "closing": closing,
        "cost": cost,
        "calls": json.dumps([_shown(call, note) for call in hand.meter.calls]),
        "kind": hand.stage.table.__tablename__,
        "items": list(items),
        "now": hand.booked_at,
    }
    row = (await session.execute(_BOOK, values)).one()
    return Booked(row.charged_now, row.left_in_hand)


def _shown(call: Call, note: str) -> dict[str, Any]:
    return {
        "kind": call.kind,
        "provider": call.provider,
        "model": call.model,
        "ok": call.ok,
        "seconds": call.seconds,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "units": call.units,
        "usd": None if call.usd is None else str(call.usd),
        "note": (note or call.note[:500]).replace("\x00", ""),
    }
