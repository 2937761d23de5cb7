"""What asks for attention in a workspace: the numbers beside the places of a sidebar."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from nightdesk.engine.control import ACTIVE
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.workers import Tally


@dataclass(frozen=True)
class Counts:
    """Pieces and videos at the review gate, runs that are on or paused, publications that are held."""

    review: int
    running: int
    held: int


@dataclass(frozen=True)
class Badges:
    """Counts, cheaply enough to be asked with every page."""

    store: Store

    async def count(self, workspace_id: int) -> Counts:
        of_a_site = (Site.workspace_id == Tally.workspace_id) & (Site.id == Tally.site_id)
        at_the_gate = (
            select(func.coalesce(func.sum(Tally.n), 0))
            .join(Site, of_a_site)
            .where(*_mine(workspace_id), Site.archived_at.is_(None))
        )
        active = select(func.count()).where(Run.workspace_id == workspace_id, Run.status.in_(ACTIVE))
        held = select(func.count()).where(
            Publication.workspace_id == workspace_id, Publication.state == "held"
        )
        all_of_them = select(*(one.scalar_subquery() for one in (at_the_gate, active, held)))
        async with self.store.workspace(workspace_id) as session:
            review, running, waiting = (await session.execute(all_of_them)).one()
        return Counts(int(review), int(running), int(waiting))


def _mine(workspace_id: int) -> tuple[ColumnElement[bool], ...]:
    return Tally.workspace_id == workspace_id, Tally.kind.in_(("contents", "videos")), Tally.state == "review"
