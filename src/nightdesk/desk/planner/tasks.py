"""Tasks: made of an idea at once, changed until they are written, deleted."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, Taken
from nightdesk.desk.items import Filter, Items, in_hand, site_of, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.planner.below import lock_tasks
from nightdesk.desk.planner.inputs import NewTask, TaskChanges
from nightdesk.lines.article.tasks import brief
from nightdesk.store.tables.planner import Cluster, Idea, Task


class Tasks(Items[Task]):
    """The tasks of a site: each is one idea, frozen as the order to write it."""

    table, word, named = Task, "task", "title"
    orders = orders(
        Order("newest", Task.id, Task.id),
        Order("oldest", Task.id, Task.id, descending=False),
        Order("title", Task.title, Task.id, descending=False),
    )

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        found = super().narrowed(asked)
        if asked.cluster_id is not None:
            found.append(Task.cluster_id == asked.cluster_id)
        return found

    async def create(self, workspace_id: int, site_id: int, new: NewTask) -> Task:
        """Freezes an idea. Raises `NotFound`, `Invalid`, `Taken`; `Conflict` while the idea is in hand."""
        async with self.writing(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            idea = await session.get(Idea, (workspace_id, new.idea_id), with_for_update=True)
            if idea is None or idea.site_id != site_id:
                raise Invalid("idea_id", "The site has no such idea.")
            if idea.batch_id is not None:
                raise in_hand("idea")
            if await _of_idea(session, idea) is not None:
                raise Taken("There is a task of this idea already.")
            cluster = await session.get_one(Cluster, (workspace_id, idea.cluster_id))
            idea.status = "queued"
            task = Task(
                workspace_id=workspace_id,
                site_id=site_id,
                idea_id=idea.id,
                cluster_id=idea.cluster_id,
                title=idea.title,
                brief=brief(idea, cluster.name),
                words=idea.words,
            )
            session.add(task)
            return await written(session, task)

    async def change(self, workspace_id: int, number: int, changes: TaskChanges) -> Task:
        """Changes what is given. Raises `NotFound`; `Conflict` while it is in hand, or once it is written."""
        facts = changes.given()
        async with self.writing(workspace_id) as session:
            task = await self.take(session, workspace_id, number)
            if task.status != "queued":
                raise Conflict("This task was written already: edit the article.")
            task.brief = {**task.brief, **facts}
            task.title, task.words = task.brief["title"], task.brief["words"]
            return await written(session, task)

    async def delete(self, workspace_id: int, number: int) -> None:
        """Deletes it; its idea waits again to become a task, unless it is disabled.

        Raises `NotFound`, and `Conflict` while it is in hand or where an article was written.
        """
        async with self.writing(workspace_id) as session:
            idea_id = (await self.find(session, workspace_id, number)).idea_id
            # The idea first, in the order of the stages, so that nobody waits in a circle.
            idea: Any = await session.get_one(Idea, (workspace_id, idea_id), with_for_update=True)
            task = await self.take(session, workspace_id, number)
            await lock_tasks(session, workspace_id, Task.id == number)
            await session.delete(task)
            idea.status = "new"


async def _of_idea(session: AsyncSession, idea: Idea) -> int | None:
    query = select(Task.id).where(Task.workspace_id == idea.workspace_id, Task.idea_id == idea.id)
    number: int | None = await session.scalar(query)
    return number
