"""What moves a card of the board: an idea made a task and back, set aside, dropped; each can be put back."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.items import in_hand, site_of
from nightdesk.desk.planner.below import lock_tasks
from nightdesk.desk.planner.undoing import Notes
from nightdesk.lines.article.tasks import brief
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Idea, Task

I = TypeVar("I", Idea, Task)  # noqa: E741


@dataclass(frozen=True)
class Moved:
    """What was moved, and the number to put it back by."""

    title: str
    undo: int | None


@dataclass(frozen=True)
class BoardMoves:
    """All raise `NotFound`, and `Conflict` while a run works on it."""

    store: Store

    async def make_task(self, workspace_id: int, site_id: int, number: int) -> Moved:
        """Freezes an idea as the order to write it. Raises `Conflict` where it is a task already."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            idea = await _take(session, Idea, workspace_id, site_id, number)
            if idea.status != "new":
                raise Conflict(f"There is a task of “{idea.title}” already.")
            cluster = await session.get_one(Cluster, (workspace_id, idea.cluster_id))
            notes = Notes(session, workspace_id, site_id)
            await notes.alter(Idea, [number], status="queued", disabled=False)
            task = Task(
                workspace_id=workspace_id,
                site_id=site_id,
                idea_id=number,
                cluster_id=idea.cluster_id,
                title=idea.title,
                brief=brief(idea, cluster.name),
                words=idea.words,
            )
            session.add(task)
            await session.flush()
            notes.made(Task, task.id)
            return Moved(idea.title, await notes.keep())

    async def back_to_idea(self, workspace_id: int, site_id: int, number: int) -> Moved:
        """Takes a task back: its idea waits again. Raises `Conflict` where an article was written from it."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            found = await _task_idea(session, workspace_id, site_id, number)
            # The idea first, in the order of the stages, so that nobody waits in a circle.
            idea = await _take(session, Idea, workspace_id, site_id, found)
            task = await _take(session, Task, workspace_id, site_id, number)
            await lock_tasks(session, workspace_id, Task.id == number)
            notes = Notes(session, workspace_id, site_id)
            await notes.remove(Task, [number])
            await notes.alter(Idea, [idea.id], status="new")
            return Moved(task.title, await notes.keep())

    async def set_aside(self, workspace_id: int, site_id: int, number: int, *, aside: bool) -> Moved:
        """No task is made of an idea that is set aside."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            idea = await _take(session, Idea, workspace_id, site_id, number)
            notes = Notes(session, workspace_id, site_id)
            await notes.alter(Idea, [number], disabled=aside)
            return Moved(idea.title, await notes.keep())

    async def drop(self, workspace_id: int, site_id: int, number: int) -> Moved:
        """Deletes an idea with its task. Raises `Conflict` where an article was written from it."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            idea = await _take(session, Idea, workspace_id, site_id, number)
            tasks = await lock_tasks(session, workspace_id, Task.idea_id == number)
            notes = Notes(session, workspace_id, site_id)
            await notes.remove(Task, tasks)
            await notes.remove(Idea, [number])
            return Moved(idea.title, await notes.keep())


async def _take(session: AsyncSession, table: type[I], workspace_id: int, site_id: int, number: int) -> I:
    """The row, locked. Raises `NotFound`, `Conflict`."""
    query = select(table).where(
        table.workspace_id == workspace_id, table.site_id == site_id, table.id == number
    )
    row = (await session.scalars(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound(table.__tablename__.removesuffix("s"))
    if row.batch_id is not None:
        raise in_hand(table.__tablename__.removesuffix("s"))
    return row


async def _task_idea(session: AsyncSession, workspace_id: int, site_id: int, number: int) -> int:
    query = select(Task.idea_id).where(
        Task.workspace_id == workspace_id, Task.site_id == site_id, Task.id == number
    )
    idea: int | None = await session.scalar(query)
    if idea is None:
        raise NotFound("task")
    return idea
