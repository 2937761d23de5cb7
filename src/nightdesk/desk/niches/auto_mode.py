"""Auto mode: has a site make so many pieces a day by itself, on its line's own schedule."""

from dataclasses import dataclass

from nightdesk.desk.automation import Automation
from nightdesk.desk.people import Actor
from nightdesk.desk.site_book import note_set, set_of
from nightdesk.desk.site_facts import checked
from nightdesk.desk.sites import Sites
from nightdesk.engine.timetable import plan
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.tenancy import Site

LINE = "article"
WRITING = "content"
"""The stage of the line that makes pieces: what is limited to so many a day."""


@dataclass(frozen=True)
class Toggled:
    """The site as it is now, its line's config, and what was changed, in words."""

    site: Site
    config: LineConfig
    message: str


@dataclass(frozen=True)
class AutoMode:
    """Switches auto mode. Raises `NotFound` where a site is not the workspace's, and `Invalid`."""

    store: Store
    sites: Sites
    automation: Automation
    clock: Clock

    async def toggle(
        self, workspace_id: int, key: int | str, enabled: bool, posts: int, by: Actor | None = None
    ) -> Toggled:
        """Switches it on or off, with the article line's schedule; when that is stays as it was set."""
        facts = checked({"posts_a_day": posts})
        found = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(
                Site, (workspace_id, found.id), with_for_update={"key_share": True}, populate_existing=True
            )
            was = set_of(site)
            site.auto_mode, site.posts_a_day = enabled, facts["posts_a_day"]
            config, _ = await self.automation.read(session, workspace_id, site.id, LINE)
            await session.refresh(config, with_for_update=True)
            config.is_enabled = enabled
            config.a_day = self.limit_of(site, LINE)
            plan(config, site.timezone, self.clock.now())
            await note_set(session, site, was, by, self.clock.now())
            return Toggled(site, config, _told(site, config))

    async def told(self, workspace_id: int, key: int | str) -> str:
        """What the site does by itself, in words."""
        found = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            config, site = await self.automation.read(session, workspace_id, found.id, LINE)
            return _told(site, config)

    def limit_of(self, site: Site, line: str) -> dict[str, int]:
        """How many items a stage of a line takes a day at most: none is limited where auto mode is off."""
        if not site.auto_mode or line != LINE:
            return {}
        stage = next(one for one in self.automation.line(LINE).shown() if one.name == WRITING)
        return {str(stage.number): site.posts_a_day}


def _told(site: Site, config: LineConfig) -> str:
    if not site.auto_mode:
        return (
            f"Auto mode of {site.name} is off: nothing is started by itself any more. A run in hand goes on "
            "to its end, and videos that wait stay."
        )
    often = {"daily": "every day", "weekly": "once a week", "monthly": "once a month"}[config.frequency]
    pieces = "1 article" if site.posts_a_day == 1 else f"{site.posts_a_day} articles"
    return (
        f"Auto mode of {site.name} is on: its article line runs {often} at {config.scheduled_time} "
        f"({site.timezone}) and writes at most {pieces} for each day; {_then(site)}"
    )


def _then(site: Site) -> str:
    if site.generation_mode == "review_first":
        return "all of them wait at the review gate."
    return (
        "what passes all checks goes out by itself where an owner has signed a rule for it, and all else "
        "waits at the review gate."
    )
