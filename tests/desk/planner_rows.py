"""Rows for the tests of the planner's desk, and a picture of all of them to compare with."""

from typing import Any

from sqlalchemy import text

from api.api_house import Tenant
from api.rows import add
from nightdesk.bootstrap import House
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task

TABLES = ("keywords", "clusters", "ideas", "tasks", "documents", "passages")
BRIEF = {
    "angle": "",
    "keywords": ["heat pump"],
    "intent": "informational",
    "structure": "guide",
    "outline": [],
}


async def keyword(house: House, tenant: Tenant, phrase: str, **facts: Any) -> int:
    return await add(house, tenant, Keyword, phrase=phrase, normal=phrase, **facts)


async def cluster(house: House, tenant: Tenant, name: str, *phrases: str, **facts: Any) -> int:
    """A cluster with those keywords, of 100 searches a month each."""
    row = {"name": name, "keys": [f"open:{name}"], "volume": 100 * len(phrases)} | facts
    number = await add(house, tenant, Cluster, **row)
    for phrase in phrases:
        await keyword(
            house,
            tenant,
            phrase,
            volume=100,
            status="mapped",
            cluster_id=number,
            group_key=f"open:{name}",
            block=1,
        )
    return number


async def idea(house: House, tenant: Tenant, cluster_id: int, title: str, **facts: Any) -> int:
    return await add(house, tenant, Idea, cluster_id=cluster_id, title=title, words=900, **(BRIEF | facts))


async def task(house: House, tenant: Tenant, cluster_id: int, title: str, **facts: Any) -> tuple[int, int]:
    """An idea that is a task, and the task."""
    of = await idea(house, tenant, cluster_id, title, status="queued")
    brief = BRIEF | {"title": title, "words": 900, "cluster": "c"}
    row = {"idea_id": of, "cluster_id": cluster_id, "title": title, "words": 900, "brief": brief} | facts
    return of, await add(house, tenant, Task, **row)


async def everything(house: House, tenant: Tenant) -> dict[str, list[Any]]:
    """Every row of the planner with every column, to be compared with."""
    async with house.store.workspace(tenant.workspace) as session:
        return {
            table: list(
                await session.scalars(
                    text(f"select to_jsonb(t) from {table} t where site_id = :site order by id"),
                    {"site": tenant.site},
                )
            )
            for table in TABLES
        }
