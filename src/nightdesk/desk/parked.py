"""Items that were set aside with their error, by site: how many of which kind, and what one of them says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.stage import Stage
from nightdesk.store.tables.tenancy import Site

MANY = "keywords"
"""Of these a site may have a million, so none of them is looked for."""


@dataclass(frozen=True)
class ParkedAt:
    """The parked items of a site: (kind, how many) in the order of the line, and the error of one of them."""

    site: Site
    kinds: Sequence[tuple[str, int]]
    why: str

    @property
    def items(self) -> int:
        return sum(n for _, n in self.kinds)


async def samples(
    session: AsyncSession,
    workspace_id: int,
    found: Mapping[int, Mapping[str, int]],
    stages: Sequence[Stage[Any]],
) -> dict[int, str]:
    """For each site of `found` (parked items by kind) the error of one of its items, where there is one."""
    tables = {stage.table.__tablename__: stage.table for stage in stages}
    asked = [
        select(literal(site).label("site"), table.error)
        .where(table.workspace_id == workspace_id, table.site_id == site, table.parked_at.is_not(None))
        .limit(1)
        for site, kinds in found.items()
        for kind, table in tables.items()
        if kinds.get(kind) and kind != MANY
    ]
    if not asked:
        return {}
    rows = await session.execute(union_all(*(select(one.subquery()) for one in asked)))
    return {site: why or "" for site, why in rows}
