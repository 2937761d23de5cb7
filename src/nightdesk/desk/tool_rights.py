"""Whether tools may approve and publish pieces of a site: not until an owner lets them, site by site."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import DeskError
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor, Agent
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import require
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.webhooks import ToolRight


class ToolsMayNot(DeskError):
    """What is for people, unless a site's owner allowed it to tools; nothing was changed."""


@dataclass(frozen=True)
class RightShown:
    """Since when, and by whom tools are let."""

    site_id: int
    who: str
    at: datetime


@dataclass(frozen=True)
class ToolRights:
    """Given and taken back by owners, and asked for before each deed."""

    store: Store
    clock: Clock

    async def listed(self, workspace_id: int) -> dict[int, RightShown]:
        """Of the sites whose owner let tools, by the site's number."""
        async with self.store.workspace(workspace_id) as session:
            rows = await session.scalars(select(ToolRight).where(ToolRight.workspace_id == workspace_id))
            return {row.site_id: RightShown(row.site_id, row.who, row.at) for row in rows}

    async def allow(self, by: Actor, site_id: int, *, allowed: bool) -> None:
        """Lets tools, or no longer; again changes nothing. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        now, key = self.clock.now(), {"workspace_id": by.workspace_id, "site_id": site_id}
        async with self.store.workspace(by.workspace_id) as session:
            site = await site_of(session, by.workspace_id, site_id)
            if allowed:
                row = {**key, "person_id": by.person_id, "who": by.name, "at": now}
                new = insert(ToolRight).values(**row).on_conflict_do_nothing()
                changed = await session.scalar(new.returning(ToolRight.site_id))
            else:
                mine = (ToolRight.workspace_id == by.workspace_id, ToolRight.site_id == site_id)
                changed = await session.scalar(delete(ToolRight).where(*mine).returning(ToolRight.site_id))
            if changed is not None:
                what = "tools_allowed" if allowed else "tools_not_allowed"
                await note(session, by.workspace_id, by, what, now, site.name)  # type: ignore[arg-type]

    async def check(self, by: Actor, site_id: int) -> None:
        """That this may be done by tools for pieces of the site.

        Raises `ToolsMayNot`, and `NotAllowed` where the person of the key is no editor there.
        """
        if site_id not in await self.listed(by.workspace_id):
            raise ToolsMayNot(
                "Approving and publishing are for people: no owner has let tools do it for this site. "
                "An owner can, in the settings under webhooks and tools. Nothing was changed."
            )
        if not isinstance(by, Agent):
            raise ToolsMayNot(
                "A person answers for what is approved, and this key is of nobody: the operator or a program "
                "made it. Use one that somebody made on the people page. Nothing was changed."
            )
        require(by, "editor")
