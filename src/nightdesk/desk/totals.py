"""How much there is of what, over all tenants: numbers for monitoring, without a name in them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store

KEPT = 15.0
"""Seconds for which the numbers are kept, so that scraping often costs nothing."""

_QUERIES = {
    "batches": "select step, status, count(*) from batches group by 1, 2",
    "runs": "select line, status, count(*) from runs group by 1, 2",
    "queues": """
        select queue, count(*) filter (where due_at <= now()),
               coalesce(extract(epoch from now() - min(due_at) filter (where due_at <= now())), 0)
        from batches where status = 'waiting' group by 1""",
    "calls": """
        select kind, provider, ok, sum(calls), sum(input_tokens), sum(output_tokens), coalesce(sum(usd), 0),
               sum(seconds)
        from provider_calls group by 1, 2, 3""",
    "workers": """
        select role, count(*) from beats where seen_at > now() - interval '15 seconds' group by 1""",
}


@dataclass(frozen=True)
class Counted:
    """Rows of numbers under their labels, by subject."""

    batches: Sequence[Any]
    runs: Sequence[Any]
    queues: Sequence[Any]
    calls: Sequence[Any]
    workers: Sequence[Any]


@dataclass
class Totals:
    """Counts what the database holds."""

    store: Store
    clock: Clock
    _kept: tuple[float, Counted] | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def count(self) -> Counted:
        """The numbers; raises `DBAPIError` where the database is away."""
        async with self._asking:
            now = self.clock.monotonic()
            if self._kept is None or now - self._kept[0] >= KEPT:
                async with self.store.everywhere() as session:
                    found = {name: (await session.execute(text(sql))).all() for name, sql in _QUERIES.items()}
                self._kept = (now, Counted(**found))
            return self._kept[1]
