"""Books approved pieces into the free places of their site's calendar, each once; takes changed ones back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.reading import (
    CHANGED,
    a_day,
    accounts_of,
    booked,
    pilot_of,
    slots_of,
    topic_of,
)
from nightdesk.desk.autopilot.slots import AHEAD, Slots
from nightdesk.desk.niches.best_hours import best_hours
from nightdesk.desk.people import ByRule
from nightdesk.desk.publishing.asking import Wish, ask
from nightdesk.desk.publishing.composing import OUT
from nightdesk.desk.publishing.places import alone
from nightdesk.desk.publishing.standing import stands
from nightdesk.desk.results import Piece, advised
from nightdesk.engine.outgoing.claims import step
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

P = TypeVar("P", Content, Video)

AT_ONCE = 20
"""Pieces that one round books, and as many that it takes back."""

BY = "auto mode"
"""Who asks for what is booked."""


@dataclass(frozen=True)
class Booking:
    """Books; a site's pilot is locked meanwhile, and of a piece and an account there is one publication."""

    store: Store
    clock: Clock

    async def book(self, workspace_id: int, site_id: int) -> int:
        """Books what is approved and wants to go out, each piece in a transaction; returns how many."""
        count = 0
        for kind in ("article", "video"):
            while count < AT_ONCE:
                async with self.store.workspace(workspace_id) as session:
                    site = await session.get_one(Site, (workspace_id, site_id))
                    await pilot_of(session, site)
                    done = await self._next(session, site, kind)
                    points.reach("autopilot.booking.written")
                points.reach("autopilot.booking.kept")
                if not done:
                    break
                count += 1
        return count

    async def _next(self, session: AsyncSession, site: Site, kind: str) -> bool:
        """Books the piece that waits longest; False where none waits, or none has a place for now."""
        to = await accounts_of(session, site, kind)
        await alone(session, to)
        piece = await _waiting(session, site, kind)
        if piece is None:
            return False
        accounts = _meant(piece, to)
        now = self.clock.now()
        slots = await slots_of(session, site, kind, accounts, now)
        slots = replace(slots, earned=await self._earned(session, site, kind, piece, slots))
        wished = piece.scheduled_for if isinstance(piece, Video) else None
        if not accounts:
            return False
        if wished is not None and wished > now:
            places: Mapping[int, datetime] = {one.id: wished for one in accounts}
        elif _filled(site, kind):
            found = slots.place(AHEAD)
            if found is None:
                return False
            places = found
        else:
            # Asked for by somebody who runs the site by hand: at the next good hour, however many there are.
            places = slots.next_hours()
        await self._book(session, piece, places, now)
        return True

    async def _earned(
        self, session: AsyncSession, site: Site, kind: str, piece: Content | Video, slots: Slots
    ) -> Mapping[str, Sequence[int]]:
        """The hours that results speak for, by platform, as the piece's part of the growth rule has them."""
        topic = await topic_of(session, piece)
        key = f"{site.id}:{topic.normal if topic else f'{kind} {piece.id}'}"
        day = self.clock.now().astimezone(slots.zone).weekday()
        usual = {one.platform: best_hours(one.platform, day, slots.own_hours) for one in slots.targets}
        given = await advised(session, site, Piece(kind, "", key), self.clock.now(), usual)
        return given.hours

    async def _book(
        self, session: AsyncSession, piece: Content | Video, places: Mapping[int, datetime], now: datetime
    ) -> None:
        by = ByRule(piece.workspace_id, BY, None)
        for account_id, at in places.items():
            wish = Wish(**_named(piece), accounts=[account_id], at=at)
            for asked in await ask(session, piece.workspace_id, wish, by, now):
                row = await session.get_one(Publication, (piece.workspace_id, asked.id))
                await self._told(session, row, "has its place in the calendar")
                await stands(session, row)

    async def take_back(self, workspace_id: int, site_id: int) -> int:
        """Cancels what waits to go out of pieces that were changed after their approval."""
        async with self.store.workspace(workspace_id) as session:
            of = (session, workspace_id, site_id)
            rows = [
                *await _changed(*of, Content, Publication.content_id),
                *await _changed(*of, Video, Publication.video_id),
            ]
            for row in rows:
                row.state, row.code, row.error = "cancelled", CHANGED, "It was changed after its approval."
                now = self.clock.now()
                session.add(step(workspace_id, row.id, now, "cancelled", row.error, BY))
                await self._told(session, row, "was changed after its approval, and is taken back")
                await stands(session, row)
            points.reach("autopilot.taking_back.written")
        points.reach("autopilot.taking_back.kept")
        return len(rows)

    async def _told(self, session: AsyncSession, row: Publication, says: str) -> None:
        data = {"publication_id": row.id, "account_id": row.account_id, "state": row.state, "url": row.url}
        happening = Happening("publication_changed", f"“{row.title}” {says}.", data=data)
        await session.flush()
        await write(session, row.workspace_id, [happening], at=self.clock.now(), site_id=row.site_id)


async def _waiting(session: AsyncSession, site: Site, kind: str) -> Content | Video | None:
    """An approved piece without a publication that is to have one; the one approved first."""
    if kind == "article":
        return await _first(session, site, Content, Publication.content_id) if site.auto_mode else None
    wanted = or_(Video.publish, Video.scheduled_for.is_not(None))
    return await _first(session, site, Video, Publication.video_id, None if _filled(site, kind) else wanted)


def _filled(site: Site, kind: str) -> bool:
    """Whether the site's calendar has places for so many of a kind a day; else they go out as asked for."""
    return site.auto_mode and a_day(site, kind) > 0


async def _first(
    session: AsyncSession, site: Site, table: type[P], which: Any, wanted: Any = None
) -> P | None:
    query = select(table).where(
        table.workspace_id == site.workspace_id,
        table.site_id == site.id,
        table.status == "approved",
        ~booked(table, which),
    )
    if wanted is not None:
        query = query.where(wanted)
    query = query.order_by(table.reviewed_at, table.id).limit(1).with_for_update(skip_locked=True)
    found: P | None = await session.scalar(query)
    return found


async def _changed(
    session: AsyncSession, workspace_id: int, site_id: int, table: type[P], which: Any
) -> Sequence[Publication]:
    same = (table.workspace_id == Publication.workspace_id) & (table.id == which)
    query = (
        select(Publication)
        .join(table, same)
        .where(
            Publication.workspace_id == workspace_id,
            Publication.site_id == site_id,
            Publication.state == "queued",
            or_(table.revision != Publication.revision, table.status.not_in(OUT)),
        )
        .limit(AT_ONCE)
        .with_for_update(of=Publication, skip_locked=True)
    )
    return (await session.scalars(query)).all()


def _meant(piece: Content | Video, accounts: list[Account]) -> list[Account]:
    """Of a video the accounts of the platforms that it is for, where it has such; else all."""
    if not isinstance(piece, Video) or not piece.platforms:
        return accounts
    return [one for one in accounts if one.platform in piece.platforms] or accounts


def _named(piece: Content | Video) -> dict[str, Any]:
    return {"content_id" if isinstance(piece, Content) else "video_id": piece.id}
