"""How a site runs by itself, as it was set and as it stands; an owner or editor sets it and lets it go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import Actor, require
from nightdesk.desk.people.book import note
from nightdesk.desk.sites import Sites
from nightdesk.kit.clock import Clock
from nightdesk.publishers import KINDS
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import Pilot
from nightdesk.store.tables.publishing import Account, AccountSite
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content


@dataclass(frozen=True)
class Destination:
    """An account that the site is linked to; `by_itself` where auto mode books pieces for it."""

    id: int
    name: str
    platform: str
    takes: Sequence[str]
    by_itself: bool


@dataclass(frozen=True)
class Standing:
    """The site with its settings; `reason` and `says` where it waits, since when."""

    site: Site
    reason: str
    says: str
    since: datetime | None
    accounts: Sequence[Destination]


@dataclass(frozen=True)
class Standings:
    """Reads and sets. Raises `NotFound` where a site is not the workspace's."""

    store: Store
    clock: Clock
    sites: Sites

    async def of(self, workspace_id: int, key: int | str) -> Standing:
        found = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            pilot = await session.get(Pilot, (workspace_id, found.id))
            accounts = await _destinations(session, found)
        on = found.auto_mode and pilot is not None
        if not on or pilot is None:
            return Standing(found, "", "", None, accounts)
        return Standing(found, pilot.reason, pilot.says, pilot.since, accounts)

    async def waiting(self, workspace_id: int) -> list[Standing]:
        """The sites in auto mode that wait for something, by name."""
        of_site = (Pilot.workspace_id == Site.workspace_id) & (Pilot.site_id == Site.id)
        query = (
            select(Site, Pilot)
            .join(Pilot, of_site)
            .where(
                Site.workspace_id == workspace_id,
                Site.auto_mode,
                Site.archived_at.is_(None),
                Pilot.reason != "",
            )
            .order_by(Site.name)
        )
        async with self.store.workspace(workspace_id) as session:
            rows = (await session.execute(query)).all()
        return [Standing(site, pilot.reason, pilot.says, pilot.since, ()) for site, pilot in rows]

    async def resume(self, by: Actor, key: int | str) -> Standing:
        """Has it go on; what is there now does not count any more when it is judged how pieces turn out."""
        require(by, "editor")
        found = await self.sites.get(by.workspace_id, key)
        async with self.store.workspace(by.workspace_id) as session:
            pilot = await session.get(Pilot, (by.workspace_id, found.id), with_for_update=True)
            if pilot is not None:
                now = self.clock.now()
                for table, name in ((Content, "articles_seen"), (Video, "videos_seen")):
                    of_site = (table.workspace_id == found.workspace_id, table.site_id == found.id)
                    setattr(
                        pilot, name, await session.scalar(select(func.max(table.id)).where(*of_site)) or 0
                    )
                if pilot.reason:
                    happening = Happening("autopilot_resumed", f"Auto mode of {found.name} goes on.")
                    await write(session, by.workspace_id, [happening], at=now, site_id=found.id)
                    await note(session, by.workspace_id, by, "autopilot_resumed", now, found.name)
                pilot.reason, pilot.says, pilot.since, pilot.looked_at = "", "", None, None
                pilot.let_on_at = now
        return await self.of(by.workspace_id, key)

    async def choose_accounts(self, by: Actor, key: int | str, numbers: Sequence[int]) -> Standing:
        """Which of the accounts linked to the site auto mode books pieces for. Raises `Invalid`."""
        require(by, "editor")
        found = await self.sites.get(by.workspace_id, key)
        async with self.store.workspace(by.workspace_id) as session:
            linked = {one.id for one in await _destinations(session, found)}
            if unknown := [number for number in numbers if number not in linked]:
                raise Invalid("accounts", f"{found.name} is linked to no account {unknown[0]}.")
            of_site = (AccountSite.workspace_id == found.workspace_id, AccountSite.site_id == found.id)
            chosen = update(AccountSite).where(*of_site).values(by_itself=AccountSite.account_id.in_(numbers))
            await session.execute(chosen.execution_options(synchronize_session=False))
        return await self.of(by.workspace_id, key)

    async def want_two_people(self, by: Actor, key: int | str, wanted: bool) -> Standing:
        """Whether a piece of the site is approved only by two different people. Raises `NotAllowed`."""
        require(by, "owner")
        found = await self.sites.get(by.workspace_id, key)
        async with self.store.workspace(by.workspace_id) as session:
            site = await session.get_one(
                Site, (by.workspace_id, found.id), with_for_update={"key_share": True}
            )
            if site.two_people != wanted:
                site.two_people = wanted
                what: Any = "two_people_wanted" if wanted else "two_people_not_wanted"
                await note(session, by.workspace_id, by, what, self.clock.now(), site.name)
        return await self.of(by.workspace_id, key)


async def _destinations(session: AsyncSession, site: Site) -> list[Destination]:
    of_link = (AccountSite.workspace_id == Account.workspace_id) & (AccountSite.account_id == Account.id)
    query = (
        select(Account, AccountSite.by_itself)
        .join(AccountSite, of_link)
        .where(
            Account.workspace_id == site.workspace_id,
            AccountSite.site_id == site.id,
            Account.removed_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [
        Destination(one.id, one.name, one.platform, KINDS[one.platform].takes, by_itself)
        for one, by_itself in await session.execute(query)
    ]
