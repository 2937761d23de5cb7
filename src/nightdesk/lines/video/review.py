"""Stage 8: the review gate, where a person decides about finished videos."""

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.video.telling import tell
from nightdesk.stage import Counts, Policy, Stage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video


class Review(Stage[Video]):
    """Finished videos wait for a person."""

    number, name, title, kind = 8, "review", "Manual Review Gate", "Manual"
    policy = Policy(queue="local")
    table, waits, counted = Video, "review", "ready_for_review"
    fields = ("ready_for_review",)

    async def gather(self, session: AsyncSession, site: Site) -> Counts:
        """Moves what is finished to the gate; counts all of the site that stand there."""
        finished = update(Video).where(
            Video.workspace_id == site.workspace_id,
            Video.site_id == site.id,
            Video.state == "finished",
        )
        values = finished.values(status="review", progress=100).returning(Video.id)
        brought = await session.scalars(values.execution_options(synchronize_session=False))
        await tell(session, site.workspace_id, brought.all())
        waiting = self.pending(site).with_only_columns(func.count()).order_by(None)
        return {"ready_for_review": await session.scalar(waiting) or 0}
