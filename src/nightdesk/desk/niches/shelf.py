"""Sites as niches: listed with their numbers, made with feeds for their subject, changed, put away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.errors import Invalid
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.niches.auto_mode import AutoMode
from nightdesk.desk.niches.seen import Niche, seen
from nightdesk.desk.paging import Page, Paging, page_of
from nightdesk.desk.people import Actor
from nightdesk.desk.site_facts import PLATFORMS
from nightdesk.desk.sites import Sites, sites_of
from nightdesk.sources.feeds import catalogue
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site


@dataclass(frozen=True)
class OnPlatform:
    """The sites that go to a platform: how many in all, and those that are not archived."""

    total: int
    active: list[Site]

    @property
    def posts_a_day(self) -> int:
        """Of those that are not archived."""
        return sum(site.posts_a_day for site in self.active)


@dataclass(frozen=True)
class Shelf:
    """The niches of a workspace. Raises as `Sites` does: `NotFound`, `Invalid`, `Taken`."""

    store: Store
    sites: Sites
    feeds: Feeds
    auto: AutoMode

    async def page(
        self, workspace_id: int, paging: Paging, *, skip: int = 0, archived: bool = False
    ) -> Page[Niche]:
        """One page, of which `skip` are left out first; those that are archived only where asked for."""
        async with self.store.workspace(workspace_id) as session:
            query = sites_of(workspace_id, archived).offset(skip)
            found, following = await page_of(session, query, paging)
            return Page(await seen(session, workspace_id, found), following)

    async def get(self, workspace_id: int, key: int | str) -> Niche:
        """By number or slug."""
        return await self._seen(await self.sites.get(workspace_id, key))

    async def create(
        self,
        workspace_id: int,
        name: str,
        *,
        slug: str | None = None,
        auto_mode: bool = False,
        by: Actor | None = None,
        **facts: Any,
    ) -> Niche:
        """A new site with the catalogue's feeds for its subject, which are due at once."""
        site = await self.sites.create(workspace_id, name, slug=slug, **facts)
        if site.subject:
            await self.seeded(site)
        if auto_mode:
            site = (await self.auto.toggle(workspace_id, site.id, True, site.posts_a_day, by)).site
        return await self._seen(site)

    def subjects(self) -> list[str]:
        """The subjects that the catalogue has feeds for."""
        return list(catalogue.subjects())

    async def seeded(self, site: Site) -> int:
        """How many feeds a site got from the catalogue; none where that does not know its subject."""
        try:
            return len(await self.feeds.seed(site.workspace_id, site.id))
        except Invalid:
            return 0

    async def change(
        self, workspace_id: int, key: int | str, facts: Mapping[str, Any], *, by: Actor | None = None
    ) -> Niche:
        """Changes the facts given; `auto_mode` and `is_active` (not archived) are among them.

        What a `brand` does not name of logo and colours stays as it is.
        """
        given = dict(facts)
        auto, active = given.pop("auto_mode", None), given.pop("is_active", None)
        if active:
            key = (await self.sites.restore(workspace_id, key)).id
        if "brand" in given:
            given["brand"] = {**(await self.sites.get(workspace_id, key)).brand, **given["brand"]}
        site = await self.sites.change(workspace_id, key, by=by, **given)
        wanted = site.auto_mode if auto is None else auto
        if wanted != site.auto_mode or (wanted and "posts_a_day" in given):
            site = (await self.auto.toggle(workspace_id, site.id, wanted, site.posts_a_day, by)).site
        if active is False:
            return await self.archive(workspace_id, site.id)
        return await self._seen(site)

    async def archive(self, workspace_id: int, key: int | str) -> Niche:
        """Takes it out of every list with all that is in it, until it is restored."""
        site = await self.sites.get(workspace_id, key)
        await self.sites.archive(workspace_id, site.id)
        return await self._seen(await self.sites.get(workspace_id, site.id, archived=True))

    async def restore(self, workspace_id: int, key: int | str) -> Niche:
        """Brings an archived one back."""
        return await self._seen(await self.sites.restore(workspace_id, key))

    async def platforms(self, workspace_id: int) -> dict[str, OnPlatform]:
        """Which sites go where, of every platform there is."""
        sites = await self.sites.listed(workspace_id, archived=True)
        found = {}
        for platform in PLATFORMS:
            there = [site for site in sites if platform in site.platforms]
            found[platform] = OnPlatform(len(there), [site for site in there if site.archived_at is None])
        return found

    async def _seen(self, site: Site) -> Niche:
        async with self.store.workspace(site.workspace_id) as session:
            return (await seen(session, site.workspace_id, [site]))[0]
