"""Takes a workspace's own sites into a rehearsal: how they are set, and what they are made from.

No secret and no account comes along: of an account only its platform, its name and its daily cap, to be
opened on a fake platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table as Columns
from sqlalchemy import insert, make_url, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.rehearsing.street import Street
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.autopilot import TrustRule
from nightdesk.store.tables.feeds import Topic, TopicMark
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.publishing import Account, AccountSite
from nightdesk.store.tables.tenancy import Site

TABLES: tuple[Any, ...] = (Site, LineConfig, Document, Passage, Topic, TopicMark, Keyword, TrustRule)
CLEARED: Mapping[str, Any] = {
    **dict.fromkeys(("batch_id", "last_run", "parked_at", "cluster_id", "person_id", "stocked_at"), None),
    "choices": {},
    "brand": {},
    "video_files": {},
}
"""What is not taken along: what is in hand or belongs to others, providers that cost, files."""

AT_ONCE = 1000


@dataclass
class OwnSites:
    """Rows by table, as they were read."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    accounts: Sequence[Account] = ()
    links: Sequence[AccountSite] = ()

    async def read(self, house: House, workspace: int) -> None:
        """From the desk itself; changes nothing there."""
        async with house.store.workspace(workspace) as session:
            alive = (Site.workspace_id == workspace, Site.archived_at.is_(None), Site.removed_at.is_(None))
            numbers = list(await session.scalars(select(Site.id).where(*alive)))
            for table in TABLES:
                columns: Columns = table.__table__
                of_site = columns.c.id if table is Site else columns.c.site_id
                mine = (columns.c.workspace_id == workspace, of_site.in_(numbers))
                found = await session.execute(select(columns).where(*mine))
                self.rows[columns.name] = [dict(row) for row in found.mappings()]
            accounts = select(Account).where(Account.workspace_id == workspace, Account.removed_at.is_(None))
            self.accounts = list(await session.scalars(accounts.order_by(Account.id)))
            links = select(AccountSite).where(
                AccountSite.workspace_id == workspace, AccountSite.site_id.in_(numbers)
            )
            self.links = list(await session.scalars(links))

    async def write(self, house: House, workspace: int, street: Street, *, videos: bool) -> list[str]:
        """Into the scratch desk; the accounts that have no fake platform, and are left out."""
        async with house.store.workspace(workspace) as session:
            for table in TABLES:
                await _put(session, table.__table__, self.rows[table.__tablename__], workspace, videos=videos)
        _count_on(house)
        return await self._connect(house, workspace, street)

    async def _connect(self, house: House, workspace: int, street: Street) -> list[str]:
        by, left_out = Operator(workspace), []
        for account in self.accounts:
            if account.platform != "folder" and account.platform not in street.platforms:
                left_out.append(account.name)
                continue
            folder = {"folder": f"account-{account.id}"}
            values = folder if account.platform == "folder" else street.values(account.platform)
            new = NewAccount(account.platform, account.name, values)
            new = replace(new, day_cap=account.day_cap, timezone=account.timezone)
            made = await house.desk.accounts.connect(by, new)
            for link in (one for one in self.links if one.account_id == account.id):
                await house.desk.accounts.link(by, made.id, link.site_id, link.options)
        return left_out


async def _put(
    session: AsyncSession, table: Columns, rows: list[dict[str, Any]], workspace: int, *, videos: bool
) -> None:
    computed = {column.name for column in table.columns if column.computed is not None}
    made = []
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in computed}
        kept |= {name: value for name, value in CLEARED.items() if name in kept}
        if table.name == "sites" and not videos:
            kept["videos_a_day"] = 0
        if table.name == "keywords":
            kept["status"] = "new"
        if table.name == "topics":
            # Its page would be read: a rehearsal writes from the documents that are there.
            kept["url"] = ""
        made.append({**kept, "workspace_id": workspace})
    for start in range(0, len(made), AT_ONCE):
        await session.execute(insert(table), made[start : start + AT_ONCE])


def _count_on(house: House) -> None:
    """New rows get numbers above those that were taken along."""
    url = make_url(house.store.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in TABLES:
            if "id" in table.__table__.columns:
                name = table.__tablename__
                connection.execute(
                    sql.SQL(
                        "select setval(pg_get_serial_sequence({}, 'id'), greatest(max(id), 1)) from {}"
                    ).format(sql.Literal(name), sql.Identifier(name))
                )
