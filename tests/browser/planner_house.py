"""A site with keywords, clusters, ideas and tasks, for the browser tests of the planner."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text

from browser.browser_house import Desk
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task

INTENTS = ("informational", "commercial", "transactional", None)
BRIEF = {"angle": "For people who rent.", "intent": "informational", "structure": "how_to"}


@dataclass
class Site:
    """A site of the house, whose rows can be added and looked at."""

    desk: Desk
    id: int
    slug: str

    @property
    def at(self) -> str:
        return f"/sites/{self.slug}/planner"

    async def add(self, table: Any, **facts: Any) -> int:
        row = {"workspace_id": self.desk.workspace, "site_id": self.id, **facts}
        async with self.desk.house.store.workspace(self.desk.workspace) as session:
            number: int = (await session.execute(insert(table).values(row).returning(table.id))).scalar_one()
            return number

    async def keywords(self, many: int, word: str = "heat pump", **facts: Any) -> None:
        """So many keywords, `heat pump 0001` the most searched."""
        rows = [
            {
                "workspace_id": self.desk.workspace,
                "site_id": self.id,
                "phrase": f"{word} {n:04}",
                "normal": f"{word} {n:04}",
                "volume": 10 * (many - n + 1),
                "difficulty": n % 100 if n % 4 else None,
                "intent": INTENTS[n % 4],
                **facts,
            }
            for n in range(1, many + 1)
        ]
        async with self.desk.house.store.workspace(self.desk.workspace) as session:
            await session.execute(insert(Keyword), rows)

    async def cluster(self, name: str, *phrases: str, **facts: Any) -> int:
        """A cluster of those keywords, of 100 searches a month each."""
        of = await self.add(Cluster, name=name, volume=100 * len(phrases), **facts)
        for phrase in phrases:
            keyword = {"phrase": phrase, "normal": phrase, "volume": 100, "intent": "informational"}
            await self.add(Keyword, **keyword, status="mapped", cluster_id=of)
        return of

    async def idea(self, cluster: int, title: str, **facts: Any) -> int:
        row = {"title": title, "keywords": ["heat pump", "heat pump cost"], "words": 900, **BRIEF, **facts}
        return await self.add(Idea, cluster_id=cluster, **row)

    async def task(self, cluster: int, title: str, **facts: Any) -> int:
        """A task, with the idea that it was made of."""
        idea = await self.idea(cluster, title, status="queued")
        brief = {
            **BRIEF,
            "title": title,
            "keywords": ["heat pump"],
            "words": 900,
            "outline": [],
            "cluster": "x",
        }
        row = {"idea_id": idea, "cluster_id": cluster, "title": title, "words": 900, "brief": brief}
        return await self.add(Task, **(row | facts))

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.desk.house.store.workspace(self.desk.workspace) as session:
            query = select(table).where(table.site_id == self.id, *where).order_by(table.id)
            return list(await session.scalars(query))

    async def count(self, table: Any, *where: Any) -> int:
        return len(await self.rows(table, *where))

    async def sql(self, query: str, **facts: Any) -> None:
        async with self.desk.house.store.workspace(self.desk.workspace) as session:
            await session.execute(text(query), facts)


async def site_in(desk: Desk, name: str = "Warm Rooms") -> Site:
    site = await desk.house.desk.sites.create(desk.workspace, name, subject="Heating at home")
    return Site(desk, site.id, site.slug)
