"""Puts many keywords beside those that a site has: new ones in, the others merged; a statement each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.planner.volumes import add_up
from nightdesk.sources.keyword_files import KeywordRow

_GIVEN = """
    unnest(cast(:phrases as text[]), cast(:normals as text[]), cast(:volumes as bigint[]),
           cast(:difficulties as double precision[]), cast(:cpcs as double precision[]),
           cast(:intents as text[]))
    as v(phrase, normal, volume, difficulty, cpc, intent)
"""
_ADD = text(f"""
    insert into keywords (workspace_id, site_id, phrase, normal, volume, difficulty, cpc, intent, source)
    select :workspace, :site, v.phrase, v.normal, coalesce(v.volume, 0), v.difficulty, v.cpc, v.intent,
           :source
    from {_GIVEN} order by v.normal
    on conflict (workspace_id, site_id, normal) do nothing
    returning normal
""")  # noqa: S608 - put together from our own text
_KNOWN = text("""
    select normal, id from keywords
    where workspace_id = :workspace and site_id = :site and normal = any(cast(:normals as text[]))
""")
# Rows are locked in one order; what a batch has in hand stays as it is.
_MERGE = text(f"""
    with given as (select * from {_GIVEN}),
    locked as (
        select k.id, v.* from keywords k join given v on v.normal = k.normal
        where k.workspace_id = :workspace and k.site_id = :site and k.batch_id is null
          and (v.volume > k.volume or (k.difficulty is null and v.difficulty is not null)
               or (k.cpc is null and v.cpc is not null) or (k.intent is null and v.intent is not null))
        order by k.id for update of k)
    update keywords k
    set volume = greatest(k.volume, v.volume), difficulty = coalesce(k.difficulty, v.difficulty),
        cpc = coalesce(k.cpc, v.cpc), intent = coalesce(k.intent, v.intent)
    from locked v where k.workspace_id = :workspace and k.id = v.id
    returning k.cluster_id
""")  # noqa: S608


async def known(
    session: AsyncSession, workspace_id: int, site_id: int, normals: Sequence[str]
) -> dict[str, int]:
    """The numbers of those of the normal forms that the site has already."""
    rows = await session.execute(
        _KNOWN, {"workspace": workspace_id, "site": site_id, "normals": list(normals)}
    )
    return dict(rows.all())


async def put(
    session: AsyncSession, workspace_id: int, site_id: int, rows: Sequence[KeywordRow], source: str
) -> set[str]:
    """Adds the rows, whose normal forms must differ; returns the normal forms that are new to the site.

    One that is there already keeps its phrase and what is known of it; it gets the larger volume and what
    was missing.
    """
    where = {"workspace": workspace_id, "site": site_id}
    new = await session.scalars(_ADD, where | {"source": source} | _columns(rows))
    taken = set(new)
    others = [row for row in rows if row.normal not in taken]
    if others:
        clusters = await session.scalars(_MERGE, where | _columns(others))
        await add_up(session, workspace_id, set(clusters))
    return taken


def _columns(rows: Sequence[KeywordRow]) -> dict[str, list[Any]]:
    return {
        "phrases": [row.phrase for row in rows],
        "normals": [row.normal for row in rows],
        "volumes": [row.volume for row in rows],
        "difficulties": [row.difficulty for row in rows],
        "cpcs": [row.cpc for row in rows],
        "intents": [row.intent for row in rows],
    }
