"""The variants that one wish asked for, to be compared with each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from nightdesk.desk.videos.shelf import Shelf, Shown


@dataclass(frozen=True)
class Variant:
    """One of them: its video's number and status, and which it is, from 1."""

    id: int
    variant: int
    status: str


@dataclass(frozen=True)
class Variants:
    """Looks them up."""

    shelf: Shelf

    async def of(self, shown: Shown) -> Sequence[Variant]:
        """All of the wish in their order, that one among them; none where it was asked for alone."""
        video, table = shown.video, self.shelf.table
        if video.ordered is None:
            return []
        query = (
            select(table.id, table.variant, table.status)
            .where(
                table.workspace_id == video.workspace_id,
                table.site_id == video.site_id,
                table.ordered == video.ordered,
            )
            .order_by(table.variant)
        )
        async with self.shelf.store.workspace(video.workspace_id) as session:
            found = [Variant(*row) for row in await session.execute(query)]
        return found if len(found) > 1 else []
