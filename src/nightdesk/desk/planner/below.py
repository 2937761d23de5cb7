"""What came of a cluster, an idea or a task: nothing that was written is deleted by deleting its plan."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict
from nightdesk.desk.items import in_hand
from nightdesk.store.tables.planner import Idea, Task
from nightdesk.store.tables.writer import Content


async def lock_ideas(session: AsyncSession, workspace_id: int, where: ColumnElement[bool]) -> list[int]:
    """Locks ideas, so that no stage takes them up meanwhile. Raises `Conflict` where one is in hand."""
    rows = await session.execute(
        select(Idea.id, Idea.batch_id).where(Idea.workspace_id == workspace_id, where).with_for_update()
    )
    return _free("idea", rows.all())


async def lock_tasks(session: AsyncSession, workspace_id: int, where: ColumnElement[bool]) -> list[int]:
    """Locks tasks. Raises `Conflict` where one is in hand, or an article was written of one."""
    rows = await session.execute(
        select(Task.id, Task.batch_id).where(Task.workspace_id == workspace_id, where).with_for_update()
    )
    tasks = _free("task", rows.all())
    count = await session.scalar(
        select(func.count()).where(Content.workspace_id == workspace_id, Content.task_id.in_(tasks))
    )
    if count:
        articles = "An article was" if count == 1 else f"{count} articles were"
        raise Conflict(
            f"{articles} written from this: delete what was written first, or disable this so that nothing "
            "more comes of it. Nothing was deleted."
        )
    return tasks


def _free(word: str, rows: Sequence[tuple[int, int | None]]) -> list[int]:
    if any(batch is not None for _, batch in rows):
        raise in_hand(word)
    return [number for number, _ in rows]
