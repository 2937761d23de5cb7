"""Books what calls to providers took: each call, and each item's share of credits and money."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.hand import Hand
from nightdesk.providers.calls import Call
from nightdesk.store.tables.runs import ItemCost, ProviderCall

NO_MONEY = Decimal(0)


async def book(session: AsyncSession, hand: Hand, charged: int, now: datetime) -> None:
    """Writes the calls of this try, and adds their money and the charge to the items, share by share."""
    calls = hand.meter.calls
    await _write(session, hand, calls, now, "")
    spent = sum((call.usd or NO_MONEY for call in calls), NO_MONEY)
    if hand.items and (charged or spent):
        share = len(hand.items)
        rows = [
            {
                "workspace_id": hand.batch.workspace_id,
                "batch_id": hand.batch.id,
                "item_kind": hand.stage.table.__tablename__,
                "item_id": item.id,
                "credits": Decimal(charged) / share,
                "usd": spent / share,
            }
            for item in hand.items
        ]
        new = upsert(ItemCost).values(rows)
        await session.execute(
            new.on_conflict_do_update(
                index_elements=["workspace_id", "batch_id", "item_kind", "item_id"],
                set_={
                    "credits": ItemCost.credits + new.excluded.credits,
                    "usd": ItemCost.usd + new.excluded.usd,
                },
            )
        )


async def calls_in_vain(session: AsyncSession, hand: Hand, now: datetime) -> None:
    """Writes calls whose result came too late to count; nobody pays credits for them, but they are shown."""
    await _write(session, hand, hand.meter.calls, now, "in vain: another worker had taken over")


async def _write(session: AsyncSession, hand: Hand, calls: list[Call], now: datetime, note: str) -> None:
    if calls:
        batch = hand.batch
        rows = [
            {
                "workspace_id": batch.workspace_id,
                "run_id": batch.run_id,
                "batch_id": batch.id,
                "site_id": batch.site_id,
                "stage": batch.stage,
                "kind": call.kind,
                "provider": call.provider,
                "model": call.model,
                "ok": call.ok,
                "seconds": call.seconds,
                "input_tokens": call.input_tokens,
                "output_tokens": call.output_tokens,
                "units": call.units,
                "usd": call.usd,
                "note": note or call.note[:500],
                "at": now,
            }
            for call in calls
        ]
        await session.execute(insert(ProviderCall), rows)
