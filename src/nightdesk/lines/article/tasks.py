"""Stage 3: freezes ideas as tasks, so that what is written is what was planned then."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Cluster, Idea, Task
from nightdesk.store.tables.tenancy import Site


class Tasks(Stage[Idea]):
    """Each idea becomes one task; an idea that has one already keeps it."""

    number, name, title, kind = 3, "tasks", "Ideas → Tasks", "Local"
    policy = Policy(batch_size=20, concurrency=4, timeout=30.0, queue="local")
    table, waits, counted = Idea, "new", "ideas_processed"
    fields = ("ideas_processed", "tasks_created")

    async def work(self, items: Sequence[Idea], material: Any, bench: Bench) -> None:
        return None

    async def save(self, session: AsyncSession, site: Site, items: Sequence[Idea], made: Any) -> Saved:
        names = await _cluster_names(session, site, {idea.cluster_id for idea in items})
        rows = [
            {
                "workspace_id": site.workspace_id,
                "site_id": site.id,
                "idea_id": idea.id,
                "cluster_id": idea.cluster_id,
                "title": idea.title,
                "brief": brief(idea, names.get(idea.cluster_id, "")),
                "words": idea.words,
            }
            for idea in items
        ]
        new = insert(Task).values(rows).on_conflict_do_nothing(index_elements=["workspace_id", "idea_id"])
        created = (await session.scalars(new.returning(Task.id))).all()
        for idea in items:
            idea.status = "queued"
        return Saved({"ideas_processed": len(items), "tasks_created": len(created)})


def brief(idea: Idea, cluster: str) -> dict[str, Any]:
    """The idea as it is now."""
    return {
        "title": idea.title,
        "angle": idea.angle,
        "keywords": idea.keywords,
        "intent": idea.intent,
        "structure": idea.structure,
        "outline": idea.outline,
        "words": idea.words,
        "cluster": cluster,
    }


async def _cluster_names(session: AsyncSession, site: Site, ids: set[int]) -> dict[int, str]:
    query = select(Cluster.id, Cluster.name).where(
        Cluster.workspace_id == site.workspace_id, Cluster.id.in_(ids)
    )
    return dict((await session.execute(query)).all())
