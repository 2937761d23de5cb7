"""What a worker holds while it does a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import ListMeter
from nightdesk.stage import Bench, Stage
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site


@dataclass
class Hand:
    """A batch taken, as it was read then; `ending` is set where it ended before the work could begin.

    `ids` are the items' numbers; the items themselves may not be asked any more once a save was rolled back,
    which `saved_once` remembers. `booked_at` is the time under which its calls are booked, once.
    """

    batch: Batch
    run: Run
    site: Site
    stage: Stage[Any]
    items: Sequence[Any]
    meter: ListMeter
    bench: Bench | None = None
    material: Any = None
    ending: Ending | None = None
    ids: Sequence[int] = ()
    saved_once: bool = False
    booked_at: datetime | None = None


async def items_of(session: AsyncSession, stage: Stage[Any], batch: Batch) -> list[Any]:
    """The items that the batch has in hand, in order of their ids."""
    values = {"workspace": batch.workspace_id, "batch": batch.id}
    return list(await session.scalars(_items_of_batch(stage), values))


@cache
def _items_of_batch(stage: Stage[Any]) -> Select[Any]:
    table = stage.table
    mine = (table.workspace_id == bindparam("workspace"), table.batch_id == bindparam("batch"))
    return select(table).where(*mine).order_by(table.id)
