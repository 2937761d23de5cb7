"""Targets of notices, written straight into the table: what their address is of is looked at elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.notices.sending import address_place
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.notices import NoticeTarget
from nightdesk.store.tables.occasions import Event


async def add_target(house: House, tenant: Tenant, address: str, *wants: str, **facts: Any) -> int:
    """A target that hears of what happens from now on; returns its number."""
    sealer = house.desk.notices.sending.sealer
    async with house.store.workspace(tenant.workspace) as session:
        newest = await session.scalar(
            select(func.max(Event.id)).where(Event.workspace_id == tenant.workspace)
        )
        named = {"service": "JSON", "last_four": "…4711", "who": "Ada", "seen": newest or 0, "sealed": ""}
        target = NoticeTarget(workspace_id=tenant.workspace, wants=list(wants), **named, **facts)
        session.add(target)
        await session.flush()
        target.sealed = sealer.seal(address, address_place(tenant.workspace, target.id))
        return target.id


async def tell(house: House, tenant: Tenant, at: datetime, **facts: Any) -> None:
    """Writes an event of the tenant's site, as the parts of the desk do."""
    async with house.store.workspace(tenant.workspace) as session:
        await write(session, tenant.workspace, [Happening(**facts)], at=at, site_id=tenant.site)
