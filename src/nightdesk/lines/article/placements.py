"""Where new keywords go: to an existing cluster, or with their group into a block that a model will see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.article.grouping import Group, Lexicon, Phrase, blocks, group, match_existing
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.tenancy import Site

_PLACE = text("""
    update keywords k
    set group_key = v.group_key, block = v.block, cluster_id = v.cluster_id,
        intent = coalesce(k.intent, v.intent),
        status = case when v.cluster_id is null then k.status else 'mapped' end
    from unnest(cast(:ids as bigint[]), cast(:keys as text[]), cast(:blocks as bigint[]),
                cast(:clusters as bigint[]), cast(:intents as text[]))
         as v(id, group_key, block, cluster_id, intent)
    where k.workspace_id = :workspace and k.id = v.id
""")


@dataclass(frozen=True)
class Known:
    """What of a site is laid out already.

    `clusters` are the slot keys of each, `waiting` the blocks of groups that no model has seen yet, `last`
    the greatest block number so far.
    """

    clusters: Mapping[int, Sequence[str]]
    waiting: Mapping[str, int]
    last: int


@dataclass(frozen=True)
class Placed:
    """A group's new place: a cluster, or else a block; `ids` are its keywords."""

    key: str
    keys: tuple[str, ...]
    ids: tuple[int, ...]
    intent: str
    volume: int
    block: int | None = None
    cluster: int | None = None


async def known(session: AsyncSession, site: Site) -> Known:
    mine = (Keyword.workspace_id == site.workspace_id, Keyword.site_id == site.id)
    clusters = await session.execute(
        select(Cluster.id, Cluster.keys).where(
            Cluster.workspace_id == site.workspace_id, Cluster.site_id == site.id
        )
    )
    waiting = await session.execute(
        select(Keyword.group_key, func.min(Keyword.block))
        .where(*mine, Keyword.state == "new", Keyword.block.is_not(None))
        .group_by(Keyword.group_key)
    )
    last = await session.scalar(select(func.max(Keyword.block)).where(*mine))
    places = {key: block for key, block in waiting if key is not None and block is not None}
    return Known(dict(clusters.all()), places, last or 0)


def lay_out(
    keywords: Sequence[Keyword],
    found: Known,
    lexicon: Lexicon,
    size: int,
    vectors: NDArray[np.float32] | None = None,
) -> list[Placed]:
    """Groups all of `keywords` and gives each group its place; blocks hold at most `size` new groups."""
    phrases = [Phrase(keyword.phrase, keyword.volume) for keyword in keywords]
    groups = group(phrases, lexicon, vectors=vectors)
    matched = match_existing(groups, found.clusters)
    new = [one for at, one in enumerate(groups) if at not in matched and one.key not in found.waiting]
    numbers = {
        one.key: number
        for number, block in enumerate(blocks(new, size), start=found.last + 1)
        for one in block
    }
    numbers |= {key: block for key, block in found.waiting.items() if key not in numbers}
    return list(_placed(keywords, groups, matched, numbers))


def _placed(
    keywords: Sequence[Keyword],
    groups: Sequence[Group],
    matched: Mapping[int, int],
    numbers: Mapping[str, int],
) -> Iterator[Placed]:
    for at, one in enumerate(groups):
        cluster = matched.get(at)
        yield Placed(
            one.key,
            one.keys,
            tuple(keywords[position].id for position in one.positions),
            one.intent,
            one.volume,
            None if cluster is not None else numbers[one.key],
            cluster,
        )


async def place(session: AsyncSession, site: Site, placed: Sequence[Placed]) -> None:
    """Writes the places, and what the clusters gained."""
    columns = [(number, one.key, one.block, one.cluster, one.intent) for one in placed for number in one.ids]
    names = ("ids", "keys", "blocks", "clusters", "intents")
    values = dict(zip(names, map(list, zip(*columns, strict=True)), strict=True))
    await session.execute(_PLACE, {"workspace": site.workspace_id, **values})
    await _enlarge(session, site, [one for one in placed if one.cluster is not None])


async def _enlarge(session: AsyncSession, site: Site, joined: Sequence[Placed]) -> None:
    if not joined:
        return
    query = (
        select(Cluster)
        .where(Cluster.workspace_id == site.workspace_id, Cluster.id.in_({one.cluster for one in joined}))
        .order_by(Cluster.id)
        .with_for_update(key_share=True)
    )
    clusters = {cluster.id: cluster for cluster in await session.scalars(query)}
    for one in joined:
        cluster = clusters.get(one.cluster or 0)
        if cluster is not None:
            cluster.volume += one.volume
            cluster.keys = sorted({*cluster.keys, *one.keys})
