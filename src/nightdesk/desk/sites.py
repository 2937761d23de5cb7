"""The sites of a workspace: made, listed, changed, archived, restored."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import NotFound, Taken
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.people import Actor
from nightdesk.desk.site_book import note_set, set_of
from nightdesk.desk.site_facts import checked
from nightdesk.engine.timetable import plan
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import slug as slug_of
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.tenancy import Site

OURS = ("new", "import")
"""What is at these addresses below `/sites` are pages of ours."""


@dataclass(frozen=True)
class Sites:
    """Everything about sites that needs no other area."""

    orders = orders(
        Order("oldest", Site.id, Site.id, descending=False),
        Order("newest", Site.id, Site.id),
        Order("name", Site.name, Site.id, descending=False),
    )

    store: Store
    clock: Clock

    async def create(self, workspace_id: int, name: str, *, slug: str | None = None, **facts: Any) -> Site:
        """A new site. Raises `Invalid` or `Taken`."""
        kept = checked(facts | {"name": name})
        wanted = slug_for(slug or kept["name"])
        site = Site(workspace_id=workspace_id, slug=wanted, **kept)
        try:
            async with self.store.workspace(workspace_id) as session:
                session.add(site)
                await session.flush()
                await session.refresh(site)
                session.expunge(site)
        except IntegrityError as error:
            raise Taken(
                f"There is a site `{wanted}` already, listed or archived; choose another name or slug."
            ) from error
        return site

    async def listed(self, workspace_id: int, *, archived: bool = False) -> list[Site]:
        """All sites, oldest first; those that are archived only where they are asked for too."""
        async with self.store.workspace(workspace_id) as session:
            return list(await session.scalars(sites_of(workspace_id, archived).order_by(Site.id)))

    async def page(self, workspace_id: int, paging: Paging, *, archived: bool = False) -> Page[Site]:
        """One page of the sites; those that are archived only where they are asked for too."""
        async with self.store.workspace(workspace_id) as session:
            return Page(*await page_of(session, sites_of(workspace_id, archived), paging))

    async def get(self, workspace_id: int, key: int | str, *, archived: bool = False) -> Site:
        """A site by its number or slug. Raises `NotFound`, for an archived one too unless it is asked for."""
        number = key if isinstance(key, int) else int(key) if str(key).isdecimal() else None
        by_number = number is not None and number < 2**63
        named = Site.id == number if by_number else Site.slug == str(key)
        async with self.store.workspace(workspace_id) as session:
            site = (await session.scalars(sites_of(workspace_id, archived).where(named))).one_or_none()
        if site is None:
            raise NotFound("site")
        return site

    async def change(
        self, workspace_id: int, key: int | str, *, by: Actor | None = None, **facts: Any
    ) -> Site:
        """Changes the facts given; in another time zone the schedules are planned anew.

        What lets the site act by itself is told in the book, with who `by` is.

        Raises `Invalid` or `NotFound`.
        """
        found = await self.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, found.id), with_for_update={"key_share": True})
            zone, was = site.timezone, set_of(site)
            for name, value in checked(facts).items():
                setattr(site, name, value)
            if site.timezone != zone:
                await self._plan_anew(session, site)
            await note_set(session, site, was, by, self.clock.now())
            return site

    async def archive(self, workspace_id: int, key: int | str) -> None:
        """Takes the site out of every list, until it is restored. Raises `NotFound`."""
        found = await self.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            (await session.get_one(Site, (workspace_id, found.id))).archived_at = self.clock.now()

    async def restore(self, workspace_id: int, key: int | str) -> Site:
        """Brings an archived site back with all that is in it; one that is not archived stays as it is.

        Its schedules are planned anew, lest it make up for what it missed. Raises `NotFound`.
        """
        found = await self.get(workspace_id, key, archived=True)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, found.id), with_for_update={"key_share": True})
            if site.archived_at is not None:
                site.archived_at = None
                await self._plan_anew(session, site)
            return site

    async def _plan_anew(self, session: AsyncSession, site: Site) -> None:
        """Plans the next run of each line; the caller holds the site's row, lest one be set meanwhile."""
        of_site = (LineConfig.workspace_id == site.workspace_id, LineConfig.site_id == site.id)
        for config in await session.scalars(select(LineConfig).where(*of_site).with_for_update()):
            plan(config, site.timezone, self.clock.now())


def slug_for(name: str) -> str:
    """Its name in addresses."""
    wanted = slug_of(name) or "site"
    return f"{wanted}-site" if wanted in OURS else wanted


def sites_of(workspace_id: int, archived: bool) -> Select[Site]:
    """Those of a workspace; the archived ones too where they are asked for."""
    query = select(Site).where(Site.workspace_id == workspace_id, Site.removed_at.is_(None))
    return query if archived else query.where(Site.archived_at.is_(None))
