"""Runs of long ago with all that they leave: batches, costs of items, calls and lines of the log."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.kit import ids
from nightdesk.kit.clock import SetClock
from nightdesk.store import ledger
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.runs import Batch, ItemCost, ProviderCall, Run

CAME_TO = {
    **{"tasks_processed": 1, "content_created": 1, "total_words": 600, "batches_run": 9, "credits_used": 9},
    **{"failed": 0, "partial": False, "skipped": False, "time_elapsed": 60.0},
}
STEPS = ((1, "clusters", "keywords"), (4, "content", "tasks"), (6, "images", "images"))


async def old_run(
    house: House,
    tenant: Tenant,
    ended: datetime,
    items: dict[str, list[int]],
    *,
    seed: int = 1,
    batches: int = 30,
    status: str = "completed",
) -> UUID:
    """A run that took that many batches over those items; `status` paused leaves it in hand."""
    rng = random.Random(seed)
    run = ids.sortable_id(SetClock(ended))
    async with house.store.workspace(tenant.workspace) as session:
        over = {"completed_at": ended} if status == "completed" else {"paused_at": ended}
        facts = {"workspace_id": tenant.workspace, "site_id": tenant.site}
        await session.execute(
            insert(Run).values(
                **facts,
                id=run,
                line="article",
                trigger_type="manual",
                status=status,
                current_stage=7,
                results={"4": CAME_TO},
                started_at=ended - timedelta(hours=5),
                total_credits_used=batches,
                **over,
            )
        )
        for n in range(batches):
            stage, step, kind = rng.choice(STEPS)
            await _batch(session, facts, run, (stage, step, kind, items[kind]), ended, rng, n)
        for n in range(batches):
            at = ended - timedelta(minutes=batches - n)
            line = {"type": "run_log", "run_id": run, "message": f"Line {n}.", "at": at}
            await session.execute(insert(Event).values(**facts, **line))
    return run


async def _batch(
    session: Any, facts: dict[str, int], run: UUID, work: Any, ended: datetime, rng: random.Random, n: int
) -> None:
    stage, step, kind, numbers = work
    at = ended - timedelta(minutes=rng.randrange(290))
    mine = sorted(rng.sample(numbers, rng.randint(1, len(numbers))))
    row = {
        **facts,
        "run_id": run,
        "line": "article",
        "step": step,
        "stage": stage,
        "queue": "text",
        "status": rng.choice(("done", "done", "parked")),
        "items": mine,
        "charged": 1,
        "tries": 1,
        "due_at": at,
        "taken_at": at,
        "ended_at": at,
    }
    batch = (await session.execute(insert(Batch).values(row).returning(Batch.id))).scalar_one()
    await ledger.hold(session, facts["workspace_id"], f"batch:{batch}", 1, run, batch)
    await ledger.settle(session, facts["workspace_id"], f"batch:{batch}", 1, 1, run, batch)
    for _ in range(rng.randint(1, 3)):
        ok = rng.random() < 0.8
        call = {
            **facts,
            "run_id": run,
            "batch_id": batch,
            "stage": stage,
            "kind": "text",
            "provider": rng.choice(("openai", "ollama")),
            "model": "m",
            "ok": ok,
            "seconds": 0.25,
            "input_tokens": rng.randrange(900),
            "output_tokens": rng.randrange(90),
            "usd": None if not ok else Decimal(rng.randrange(10_000)) / 1_000_000,
            "at": at,
        }
        await session.execute(insert(ProviderCall).values(call))
    for number in mine:
        cost = {"credits": Decimal("0.5"), "usd": Decimal(rng.randrange(1000)) / 1_000_000}
        share = {"batch_id": batch, "item_kind": kind, "item_id": number, **cost}
        await session.execute(insert(ItemCost).values(workspace_id=facts["workspace_id"], **share))


async def rows(house: House, tenant: Tenant, table: str, where: str = "true", **facts: Any) -> int:
    """How many rows of the tenant's there are."""
    async with house.store.workspace(tenant.workspace) as session:
        return int(await session.scalar(text(f"select count(*) from {table} where {where}"), facts) or 0)


async def book(house: House, tenant: Tenant) -> tuple[Any, Any]:
    """The whole ledger: every movement, and the balance of each account."""
    async with house.store.workspace(tenant.workspace) as session:
        moved = (await session.execute(text("select * from credit_transfers order by key"))).all()
        left = (await session.execute(text("select * from credit_accounts order by kind"))).all()
    return moved, left


async def newest_event(house: House, tenant: Tenant) -> int:
    async with house.store.workspace(tenant.workspace) as session:
        return int(await session.scalar(select(func.max(Event.id))) or 0)
