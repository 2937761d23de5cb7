"""What a person may do with accounts; a secret that was given is never read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.accounts import inputs
from nightdesk.desk.accounts.connectors import Connector, connectors
from nightdesk.desk.accounts.finding import account_of, noted
from nightdesk.desk.accounts.inputs import AccountChanges, NewAccount
from nightdesk.desk.accounts.looking import Looks
from nightdesk.desk.accounts.opening import Openings
from nightdesk.desk.errors import Conflict
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import What
from nightdesk.desk.people.roles import require
from nightdesk.desk.publishing.standing import stands
from nightdesk.engine.outgoing.claims import step
from nightdesk.kit.sealing import mask
from nightdesk.publishers import KINDS, Kind
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.publishing import Account, AccountSite, Publication

MOST_ACCOUNTS = 200


@dataclass(frozen=True)
class Linked:
    """A site whose pieces go to an account, with what is usual there."""

    site_id: int
    options: Mapping[str, Any]


@dataclass(frozen=True)
class AccountShown:
    """An account as people see it: of its secrets the last four characters of one.

    `days_left` are the whole days until its log-in ends, 0 also where it has; None where nobody knows.
    """

    id: int
    platform: str
    name: str
    way: str
    config: Mapping[str, str]
    last_four: str
    status: str
    says: str
    remote_name: str
    expires_at: datetime | None
    days_left: int | None
    left_today: int | None
    looked_at: datetime | None
    day_cap: int
    timezone: str
    paused: bool
    sites: Sequence[Linked]
    created_at: datetime


class Accounts:
    """The accounts of workspaces."""

    def __init__(self, openings: Openings) -> None:
        self._openings, self._store, self._clock = openings, openings.store, openings.clock
        self._looks = Looks(openings)

    def kinds(self) -> list[Kind]:
        """The platforms, and what an account of each consists of."""
        return list(KINDS.values())

    async def connectors(self, workspace_id: int) -> list[Connector]:
        """Whether the tool servers that pieces go out by answer."""
        return await connectors(self._openings, workspace_id)

    async def listed(self, workspace_id: int, site_id: int | None = None) -> list[AccountShown]:
        """In the order in which they were connected; of a site those that its pieces go to."""
        query = select(Account).where(Account.workspace_id == workspace_id, Account.removed_at.is_(None))
        async with self._store.workspace(workspace_id) as session:
            links = await _links(session, workspace_id)
            rows = list(await session.scalars(query.order_by(Account.id)))
        now = self._clock.now()
        shown = [_shown(row, links.get(row.id, []), now) for row in rows]
        if site_id is None:
            return shown
        return [one for one in shown if any(link.site_id == site_id for link in one.sites)]

    async def show(self, workspace_id: int, number: int) -> AccountShown:
        """Raises `NotFound`."""
        async with self._store.workspace(workspace_id) as session:
            row = await account_of(session, workspace_id, number)
            return _shown(row, (await _links(session, workspace_id)).get(number, []), self._clock.now())

    async def connect(self, by: Actor, new: NewAccount) -> AccountShown:
        """Keeps a new account and looks at it. Raises `Invalid`, `NotAllowed`, `Conflict` where there are
        too many."""
        require(by, "owner")
        kind = inputs.kind_of(new.platform, new.way)
        values = inputs.values_of(kind, new.values, {}, {})
        async with self._store.workspace(by.workspace_id) as session:
            if await _count(session, by.workspace_id) >= MOST_ACCOUNTS:
                raise Conflict(f"There are {MOST_ACCOUNTS} accounts already; remove one first.")
            row = Account(
                workspace_id=by.workspace_id,
                platform=kind.platform,
                name=inputs.named(new.name or kind.title),
                way=new.way,
                day_cap=inputs.cap_of(new.day_cap),
                timezone=inputs.zone_of(new.timezone),
                config=values.config,
                created_at=self._clock.now(),
            )
            session.add(row)
            await session.flush()
            await self._seal(row, values.secrets)
            await self._note(session, by, "account_connected", row)
        return await self.verify(by.workspace_id, row.id)

    async def change(self, by: Actor, number: int, changes: AccountChanges) -> AccountShown:
        """Raises `NotFound`, `Invalid`, `NotAllowed`."""
        require(by, "owner")
        async with self._store.workspace(by.workspace_id) as session:
            row = await account_of(session, by.workspace_id, number, lock=True)
            if changes.name is not None:
                row.name = inputs.named(changes.name)
            if changes.day_cap is not None:
                row.day_cap = inputs.cap_of(changes.day_cap)
            if changes.timezone is not None:
                row.timezone = inputs.zone_of(changes.timezone)
            if changes.paused is not None:
                row.paused_at = (row.paused_at or self._clock.now()) if changes.paused else None
            if changes.values is not None:
                known = await self._openings.secrets(row)
                kind = inputs.kind_of(row.platform, row.way)
                values = inputs.values_of(kind, changes.values, row.config, known)
                row.config, row.failures = values.config, 0
                await self._seal(row, values.secrets)
            await self._note(session, by, "account_changed", row)
        if changes.values is not None:
            return await self.verify(by.workspace_id, number)
        return await self.show(by.workspace_id, number)

    async def remove(self, by: Actor, number: int) -> None:
        """Forgets its secrets; what went out through it stays told. What waits for it is cancelled.

        Raises `NotFound`, `NotAllowed`; `Conflict` while something of it is on its way.
        """
        require(by, "owner")
        async with self._store.workspace(by.workspace_id) as session:
            row = await account_of(session, by.workspace_id, number, lock=True)
            of_it = (Publication.workspace_id == by.workspace_id, Publication.account_id == number)
            states = set(await session.scalars(select(Publication.state).where(*of_it).distinct()))
            if states & {"preparing", "committing", "ambiguous"}:
                raise Conflict("Something is on its way to this account just now. Nothing was removed.")
            waiting = select(Publication).where(*of_it, Publication.state.in_(("queued", "held")))
            for publication in list(
                await session.scalars(waiting.order_by(Publication.id).with_for_update())
            ):
                await self._taken_back(session, by, publication)
            row.removed_at, row.sealed, row.last_four, row.config = self._clock.now(), None, "", {}
            links = (AccountSite.workspace_id == by.workspace_id, AccountSite.account_id == number)
            await session.execute(delete(AccountSite).where(*links))
            await self._note(session, by, "account_removed", row)

    async def verify(self, workspace_id: int, number: int) -> AccountShown:
        """Asks the platform who we are there, and keeps what it says. Raises `NotFound`."""
        await self._looks.look(workspace_id, number)
        return await self.show(workspace_id, number)

    async def link(
        self, by: Actor, number: int, site_id: int, options: Mapping[str, Any] | None = None
    ) -> AccountShown:
        """A site's pieces go there from now on, as `options` say. Raises `NotFound`."""
        require(by, "editor")
        async with self._store.workspace(by.workspace_id) as session:
            row = await account_of(session, by.workspace_id, number, lock=True)
            await site_of(session, by.workspace_id, site_id)
            facts = {"workspace_id": by.workspace_id, "account_id": number, "site_id": site_id}
            new = insert(AccountSite).values(**facts, options=dict(options or {}))
            kept = {"options": new.excluded.options} if options is not None else {"site_id": site_id}
            await session.execute(new.on_conflict_do_update(index_elements=[*facts], set_=kept))
            await self._note(session, by, "account_linked", row)
        return await self.show(by.workspace_id, number)

    async def unlink(self, by: Actor, number: int, site_id: int) -> AccountShown:
        """Raises `NotFound`."""
        require(by, "editor")
        async with self._store.workspace(by.workspace_id) as session:
            row = await account_of(session, by.workspace_id, number, lock=True)
            await session.execute(
                delete(AccountSite).where(
                    AccountSite.workspace_id == by.workspace_id,
                    AccountSite.account_id == number,
                    AccountSite.site_id == site_id,
                )
            )
            await self._note(session, by, "account_changed", row)
        return await self.show(by.workspace_id, number)

    async def _taken_back(self, session: AsyncSession, by: Actor, row: Publication) -> None:
        """Of what was held it stays told that it may be out."""
        says = "Its account was removed."
        if row.state == "held":
            says += " Whether it had gone out was not known."
        row.state, row.code, row.error, now = "cancelled", "cancelled", says, self._clock.now()
        session.add(step(row.workspace_id, row.id, now, "cancelled", says, by.name))
        data = {"publication_id": row.id, "account_id": row.account_id, "state": row.state, "url": row.url}
        happening = Happening("publication_changed", f"“{row.title}” is taken back: {says}", data=data)
        await session.flush()
        await write(session, row.workspace_id, [happening], at=now, site_id=row.site_id)
        await stands(session, row)

    async def _seal(self, row: Account, secrets: Mapping[str, str]) -> None:
        row.sealed = await self._openings.sealed(row, secrets)
        row.last_four = mask(list(secrets.values())[-1]) if secrets else ""

    async def _note(self, session: AsyncSession, by: Actor, what: What, row: Account) -> None:
        await noted(session, by, what, row, self._clock.now())


async def _count(session: AsyncSession, workspace_id: int) -> int:
    mine = (Account.workspace_id == workspace_id, Account.removed_at.is_(None))
    return await session.scalar(select(func.count()).select_from(Account).where(*mine)) or 0


async def _links(session: AsyncSession, workspace_id: int) -> dict[int, list[Linked]]:
    rows = await session.scalars(
        select(AccountSite)
        .where(AccountSite.workspace_id == workspace_id)
        .order_by(AccountSite.account_id, AccountSite.site_id)
    )
    links: dict[int, list[Linked]] = {}
    for row in rows:
        links.setdefault(row.account_id, []).append(Linked(row.site_id, row.options))
    return links


_TOLD = (
    *("id", "platform", "name", "way", "config", "last_four", "status", "says", "remote_name"),
    *("expires_at", "left_today", "looked_at", "day_cap", "timezone", "created_at"),
)


def _shown(row: Account, sites: Sequence[Linked], now: datetime) -> AccountShown:
    facts = {name: getattr(row, name) for name in _TOLD}
    days = None if row.expires_at is None else max((row.expires_at - now).days, 0)
    return AccountShown(**facts, days_left=days, paused=row.paused_at is not None, sites=sites)
