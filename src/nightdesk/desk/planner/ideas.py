"""Ideas: planned by hand, changed until a task is made of them, disabled, deleted."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, Taken
from nightdesk.desk.items import Filter, Items, site_of, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.planner.below import lock_tasks
from nightdesk.desk.planner.inputs import IdeaChanges, NewIdea
from nightdesk.lines.article.names import alone, titles_taken
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.tenancy import Site

USUAL_KEYWORDS = 5
"""Of the cluster's most searched, where an idea is made by hand without any."""


class Ideas(Items[Idea]):
    """The ideas of a site; no two bear the same title."""

    table, word, named = Idea, "idea", "title"
    orders = orders(
        Order("newest", Idea.id, Idea.id),
        Order("oldest", Idea.id, Idea.id, descending=False),
        Order("title", Idea.title, Idea.id, descending=False),
    )

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        found = super().narrowed(asked)
        if asked.cluster_id is not None:
            found.append(Idea.cluster_id == asked.cluster_id)
        return found

    async def create(self, workspace_id: int, site_id: int, new: NewIdea) -> Idea:
        """Raises `NotFound`, `Taken`, and `Invalid` where the site has no such cluster."""
        async with self.writing(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            await _free_title(session, site, new.title)
            cluster = await session.get(Cluster, (workspace_id, new.cluster_id))
            if cluster is None or cluster.site_id != site_id:
                raise Invalid("cluster_id", "The site has no such cluster.")
            facts = new.model_dump()
            facts["keywords"] = new.keywords or await _most_searched(session, cluster)
            idea = Idea(workspace_id=workspace_id, site_id=site_id, **facts)
            session.add(idea)
            return await written(session, idea)

    async def change(self, workspace_id: int, number: int, changes: IdeaChanges) -> Idea:
        """Changes what is given. Raises `NotFound`, `Taken`; `Conflict` while in hand, or once a task."""
        facts = changes.given()
        async with self.writing(workspace_id) as session:
            idea = await self.find(session, workspace_id, number)
            if facts.get("title", idea.title).casefold() != idea.title.casefold():
                site = await site_of(session, workspace_id, idea.site_id)
                await _free_title(session, site, facts["title"])
            idea = await self.take(session, workspace_id, number)
            if idea.status != "new" and facts.keys() - {"disabled"}:
                raise Conflict("A task was made of this idea and keeps it as it was: change the task.")
            for name, value in facts.items():
                setattr(idea, name, value)
            return await written(session, idea)

    async def delete(self, workspace_id: int, number: int) -> None:
        """Deletes it with its task. Raises `NotFound`; `Conflict` while in hand, or where it was written."""
        async with self.writing(workspace_id) as session:
            idea = await self.take(session, workspace_id, number)
            await lock_tasks(session, workspace_id, Task.idea_id == number)
            await session.delete(idea)


async def _free_title(session: AsyncSession, site: Site, title: str) -> None:
    await alone(session, site)
    if await titles_taken(session, site, [title]):
        raise Taken(f"The site has an idea “{title}” already.")


async def _most_searched(session: AsyncSession, cluster: Cluster) -> list[Any]:
    query = (
        select(Keyword.phrase)
        .where(Keyword.workspace_id == cluster.workspace_id, Keyword.cluster_id == cluster.id)
        .order_by(Keyword.volume.desc(), Keyword.id)
        .limit(USUAL_KEYWORDS)
    )
    return list(await session.scalars(query)) or [cluster.name]
