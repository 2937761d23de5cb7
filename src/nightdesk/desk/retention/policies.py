"""How long each kind is kept: read with what there is and what would go, and changed by an owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import Actor, require
from nightdesk.desk.retention.kinds import CHOICES, KINDS, Kind
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.retention import Keeping


@dataclass(frozen=True)
class KindShown:
    """A kind with the days that hold; `there` is how many there are, `over` how many are older than that."""

    kind: Kind
    days: int | None
    there: int
    over: int

    @property
    def choices(self) -> Sequence[int]:
        """Days that may be chosen; the present ones are among them."""
        offered = {*CHOICES, self.kind.usual, self.days} - {None}
        return sorted(days for days in offered if days and days >= self.kind.least)


@dataclass(frozen=True)
class Retention:
    """What a workspace keeps, and for how long."""

    store: Store
    clock: Clock

    async def shown(self, workspace_id: int) -> list[KindShown]:
        """Every kind, counted as things are now."""
        async with self.store.workspace(workspace_id) as session:
            days = await days_of(session, workspace_id)
            return [
                await self._shown(session, workspace_id, kind, days[kind.what]) for kind in KINDS.values()
            ]

    async def would(self, workspace_id: int, what: str, days: str) -> KindShown:
        """A kind as it would be with so many days. Raises `NotFound`, `Invalid` (`days`)."""
        kind = _known(what)
        async with self.store.workspace(workspace_id) as session:
            return await self._shown(session, workspace_id, kind, _days(kind, days))

    async def keep(self, by: Actor, what: str, days: str) -> KindShown:
        """Keeps a kind for so many days, `""` for ever.

        Raises `NotFound`, `Invalid` (`days`), `NotAllowed`.
        """
        require(by, "owner")
        kind = _known(what)
        wanted = _days(kind, days)
        new = insert(Keeping).values(workspace_id=by.workspace_id, what=kind.what, days=wanted)
        async with self.store.workspace(by.workspace_id) as session:
            await session.execute(
                new.on_conflict_do_update(index_elements=["workspace_id", "what"], set_={"days": wanted})
            )
            about = f"{kind.title}, {'for ever' if wanted is None else f'{wanted} days'}"
            await note(session, by.workspace_id, by, "retention_changed", self.clock.now(), about)
            return await self._shown(session, by.workspace_id, kind, wanted)

    async def _shown(
        self, session: AsyncSession, workspace_id: int, kind: Kind, days: int | None
    ) -> KindShown:
        before = cutoff(self.clock.now(), days)
        there, over = (
            await session.execute(text(kind.count), {"workspace": workspace_id, "before": before})
        ).one()
        return KindShown(kind, days, there, over if days is not None else 0)


async def days_of(session: AsyncSession, workspace_id: int) -> Mapping[str, int | None]:
    """For how many days the workspace keeps each kind."""
    query = select(Keeping.what, Keeping.days).where(Keeping.workspace_id == workspace_id)
    chosen: dict[str, int | None] = {row.what: row.days for row in await session.execute(query)}
    return {kind.what: chosen.get(kind.what, kind.usual) for kind in KINDS.values()}


def cutoff(now: datetime, days: int | None) -> datetime:
    """What is older goes; with no number of days nothing is."""
    return now - timedelta(days=36_500 if days is None else days)


def _known(what: str) -> Kind:
    for kind in KINDS.values():
        if kind.what == what:
            return kind
    raise NotFound("kind of thing that is kept")


def _days(kind: Kind, given: str) -> int | None:
    """Raises `Invalid` (`days`)."""
    given = given.strip()
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= 5):
        raise Invalid("days", "Give a number of days, or keep it for ever.")
    if int(given) < kind.least:
        raise Invalid("days", f"This is kept for {kind.least} days at the least.")
    return int(given)
