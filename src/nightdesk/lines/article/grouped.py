"""Before stage 1: groups all new keywords on this machine, so that a model judges groups and not a list."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.new_keywords import FEWEST, FIELDS, TOO_FEW, new_keywords
from nightdesk.lines.article.placements import Known, Placed, known, lay_out, place
from nightdesk.lines.article.site_lexicon import site_lexicon
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.tenancy import Site

USUAL, MOST = 20, 150
"""Groups in a block; a model judges no more than 150 well (DESIGN §7)."""


class Grouped(Stage[Keyword]):
    """Gives each new keyword a group and a block, or the existing cluster that it clearly belongs to."""

    number, name, title, kind = 1, "grouped", "Keywords → Clusters", "Local"
    preparatory = True
    policy = Policy(batch_size=50_000, concurrency=1, timeout=900.0, attempts=3, queue="local")
    table, waits, counted = Keyword, "new", "keywords_processed"
    fields = FIELDS

    def pending(self, site: Site) -> Select[Keyword]:
        return super().pending(site).where(Keyword.group_key.is_(None))

    async def skip(self, session: AsyncSession, site: Site) -> str | None:
        # What an earlier run grouped and did not come to cluster is finished, however little it is.
        waiting, ungrouped = await new_keywords(session, site)
        return TOO_FEW if waiting < FEWEST and (ungrouped or not waiting) else None

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Keyword]) -> Known:
        return await known(session, site)

    async def work(
        self, items: Sequence[Keyword], material: Known, bench: Bench
    ) -> tuple[list[Placed], list[str]]:
        """The places and what there is to say about them. Raises `NeedsPerson` for a broken lexicon."""
        lexicon = site_lexicon(bench.site)
        vectors, lines = await _vectors(items, bench)
        placed = await asyncio.to_thread(
            lay_out, items, material, lexicon, block_size(bench.settings), vectors
        )
        return placed, [*lines, _told(placed)]

    async def save(
        self,
        session: AsyncSession,
        site: Site,
        items: Sequence[Keyword],
        made: tuple[list[Placed], list[str]],
    ) -> Saved:
        placed, lines = made
        await place(session, site, placed)
        mapped = sum(len(one.ids) for one in placed if one.cluster is not None)
        return Saved({"keywords_processed": mapped}, lines=lines)


def block_size(settings: Mapping[str, Any]) -> int:
    """Groups in a block: stage 1's batch size, at most 150."""
    return min(max(int(settings.get("batch_sizes", {}).get("1", USUAL)), 1), MOST)


async def _vectors(items: Sequence[Keyword], bench: Bench) -> tuple[NDArray[np.float32] | None, list[str]]:
    """What the phrases mean by a model, where one is chosen: the keyless vectors know words alone."""
    if bench.embeddings.label == "lexical":
        return None, []
    try:
        return await bench.embeddings.embed([keyword.phrase for keyword in items], bench.meter), []
    except Refused as refusal:
        return None, [f"Grouped by words alone, since {bench.embeddings.label} refused: {refusal.why}"]


def _told(placed: Sequence[Placed]) -> str:
    keywords = sum(len(one.ids) for one in placed)
    joined = [one for one in placed if one.cluster is not None]
    blocks = {one.block for one in placed if one.block is not None}
    told = f"Grouped {keywords} keywords into {len(placed)} groups in {len(blocks)} blocks"
    if joined:
        told += f"; {sum(len(one.ids) for one in joined)} keywords joined clusters that exist"
    return f"{told}."
