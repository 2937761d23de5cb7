"""A site that runs by itself: what waits there, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from api.api_house import Tenant
from api.rows import add
from desk.planner_rows import cluster, task
from desk.topic_stories import topic
from nightdesk.bootstrap import House
from nightdesk.desk.autopilot import Autopilot, Seen
from nightdesk.desk.people import Operator
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables.autopilot import LetThrough, Pilot, PilotOrder
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

_numbers = count(1)
ANOTHER = "## Another text\n\n" + "It says something else, and says it in so many words. " * 8
SERIOUS = {"code": "bad", "severity": "serious", "message": "A figure is contradicted.", "where": ""}


@dataclass(frozen=True)
class Night:
    """The site, the account that it goes to, the clock, and the autopilot."""

    house: House
    tenant: Tenant
    account: int
    clock: SetClock
    pilot: Autopilot

    @property
    def by(self) -> Operator:
        return Operator(self.tenant.workspace)

    async def round(self, minutes: float = 0) -> Seen:
        self.clock.move(minutes * 60)
        return await self.pilot.round()

    async def topics(self, *titles: str) -> None:
        for title in titles:
            await topic(self.house, self.tenant, title, summary=f"What is new about {title}.")

    async def article(self, **facts: Any) -> int:
        """One at the gate that passed its checks, unless `facts` say otherwise."""
        number = next(_numbers)
        of = await cluster(self.house, self.tenant, f"cluster {number}")
        _, wanted = await task(self.house, self.tenant, of, f"Article {number}", status="completed")
        row = {
            "task_id": wanted,
            "title": f"Article {number}",
            "slug": f"article-{number}",
            "status": "review",
            "markdown": "Text.",
            "html": "<p>Text.</p>",
            "label": "openai:gpt-5-mini",
            "may_publish_itself": True,
            "pictures": 0,
        }
        return await add(self.house, self.tenant, Content, **(row | facts))

    async def approved(self) -> int:
        return await self.article(status="approved", reviewed_at=self.clock.now())

    async def change(self, table: Any, number: int, **facts: Any) -> None:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            of_it = (table.workspace_id == self.tenant.workspace, table.id == number)
            await session.execute(update(table).where(*of_it).values(**facts))

    async def site(self, **facts: Any) -> Site:
        """The site; with those facts from now on."""
        if facts:
            await self.change(Site, self.tenant.site, **facts)
        return await self.house.desk.sites.get(self.tenant.workspace, self.tenant.site)

    async def rows(self, table: Any, *order: Any) -> Sequence[Any]:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            mine = select(table).where(table.workspace_id == self.tenant.workspace)
            return (await session.scalars(mine.order_by(*order))).all()

    async def publications(self) -> Sequence[Publication]:
        return await self.rows(Publication, Publication.planned_at)

    async def orders(self) -> list[tuple[str, int]]:
        found = await self.rows(PilotOrder, PilotOrder.kind, PilotOrder.number)
        return [(one.kind, one.number) for one in found]

    async def runs(self) -> Sequence[Run]:
        return await self.rows(Run, Run.started_at)

    async def videos(self) -> Sequence[Video]:
        return await self.rows(Video, Video.id)

    async def let_through(self) -> Sequence[LetThrough]:
        return await self.rows(LetThrough, LetThrough.id)

    async def stands(self) -> tuple[str, str]:
        """The reason for which it waits, and how that is said."""
        (pilot,) = await self.rows(Pilot, Pilot.site_id)
        return pilot.reason, pilot.says

    async def told(self, kind: str) -> list[str]:
        found = await self.rows(Event, Event.id)
        return [one.message for one in found if one.type == kind]

    async def get(self, table: Any, number: int) -> Any:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            return await session.get_one(table, (self.tenant.workspace, number))

    def days(self, found: Sequence[Publication]) -> list[int]:
        """How many days ahead each goes out."""
        today = self.clock.now().date()
        return [(one.planned_at.date() - today) // timedelta(days=1) for one in found]
