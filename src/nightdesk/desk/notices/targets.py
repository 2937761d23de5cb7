"""To whom a workspace sends notices: targets are added, changed and removed, and never read back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unavailable
from nightdesk.desk.notices.courier import Answer
from nightdesk.desk.notices.outbox import next_summary
from nightdesk.desk.notices.sending import LEASE, Sending, Taken, address_place
from nightdesk.desk.notices.services import looked_at
from nightdesk.desk.notices.wording import KINDS, Wording
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.fields import timezone_of
from nightdesk.desk.people.roles import Actor, require
from nightdesk.kit import ids
from nightdesk.kit.endings import Later
from nightdesk.kit.sealing import mask
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.occasions import Event

MOST_TARGETS = 20
SHOWN = 20
"""Notices that the page shows, the newest."""


@dataclass(frozen=True)
class Wish:
    """What a target wants to hear: kinds of `KINDS`, and when its day is summed up."""

    wants: Sequence[str]
    credits_below: int = 500
    hour: int = 8
    timezone: str = "UTC"


@dataclass(frozen=True)
class TargetShown:
    """A target as people see it: the service and the last four characters of its address."""

    id: int
    service: str
    last_four: str
    wish: Wish
    summary_at: datetime | None
    who: str
    created_at: datetime


@dataclass(frozen=True)
class NoticeShown:
    """A notice and what came of it; `next_try` where it is to be tried again."""

    id: int
    target: str
    kind: str
    title: str
    status: str
    tries: int
    says: str
    made_at: datetime
    ended_at: datetime | None
    next_try: datetime | None


@dataclass(frozen=True)
class Notices:
    """What the owner of a workspace may do with its notices."""

    sending: Sending
    wording: Wording

    async def targets(self, workspace_id: int) -> list[TargetShown]:
        """In the order in which they were added."""
        query = select(NoticeTarget).where(NoticeTarget.workspace_id == workspace_id)
        async with self.sending.store.workspace(workspace_id) as session:
            return [_shown(row) for row in await session.scalars(query.order_by(NoticeTarget.id))]

    async def recent(self, workspace_id: int) -> list[NoticeShown]:
        """The last notices, the newest first."""
        of_target = (NoticeTarget.workspace_id == Notice.workspace_id) & (NoticeTarget.id == Notice.target_id)
        query = (
            select(Notice, NoticeTarget.service, NoticeTarget.last_four)
            .join(NoticeTarget, of_target)
            .where(Notice.workspace_id == workspace_id)
            .order_by(Notice.id.desc())
            .limit(SHOWN)
        )
        async with self.sending.store.workspace(workspace_id) as session:
            return [_notice(*row) for row in (await session.execute(query)).all()]

    async def add(self, by: Actor, address: str, wish: Wish) -> TargetShown:
        """Adds a target, which hears of what happens from now on.

        Raises `Invalid` (`address`, `wants`, `hour`, `timezone`, `credits_below`), `NotAllowed`, `Conflict`
        where there are too many.
        """
        require(by, "owner")
        address, wish = looked_at(address), _looked_at(wish)
        service = await self.sending.courier.look(address)
        async with self.sending.store.workspace(by.workspace_id) as session:
            if await _count(session, by.workspace_id) >= MOST_TARGETS:
                raise Conflict(f"There are {MOST_TARGETS} targets already; remove one first.")
            target = NoticeTarget(
                workspace_id=by.workspace_id,
                service=service,
                sealed="",
                last_four=mask(address),
                seen=await _newest(session, by.workspace_id),
                who=by.name,
                created_at=self.sending.clock.now(),
            )
            self._apply(target, wish)
            session.add(target)
            await session.flush()
            target.sealed = await self._sealed(address, address_place(by.workspace_id, target.id))
            await self._note(session, by, "notices_added", target)
            return _shown(target)

    async def change(self, by: Actor, target_id: int, wish: Wish) -> TargetShown:
        """Changes what a target hears. Raises as `add`, and `NotFound`."""
        require(by, "owner")
        wish = _looked_at(wish)
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, target_id)
            self._apply(target, wish)
            await self._note(session, by, "notices_changed", target)
            return _shown(target)

    async def remove(self, by: Actor, target_id: int) -> None:
        """Forgets a target with its address and what was sent to it. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, target_id)
            await self._note(session, by, "notices_removed", target)
            mine = (NoticeTarget.workspace_id == by.workspace_id, NoticeTarget.id == target_id)
            await session.execute(delete(NoticeTarget).where(*mine))

    async def test(self, by: Actor, target_id: int) -> Answer:
        """Sends a test now, and tells what came of it. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        now, words = self.sending.clock.now(), self.wording.test(by.name)
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, target_id)
            row = {
                "workspace_id": by.workspace_id,
                "target_id": target_id,
                "key": f"test:{ids.sortable_id(self.sending.clock)}",
                **{"kind": "test", "title": words.title, "body": words.body, "token": 1, "tries": 1},
                **{"due_at": now, "made_at": now, "taken_until": LEASE},
            }
            number = (await session.execute(insert(Notice).values(**row).returning(Notice.id))).scalar_one()
            taken = Taken(
                by.workspace_id, number, 1, 1, now, "test", words.title, words.body, target.sealed, target_id
            )
        answer = await self.sending.deliver(taken)
        await self.sending.settle(taken, answer)
        return answer

    async def _sealed(self, address: str, where: str) -> str:
        """Raises `Unavailable` where a key vault does not answer."""
        try:
            return await asyncio.to_thread(self.sending.sealer.seal, address, where)
        except Later as ending:
            raise Unavailable(ending.why) from ending

    def _apply(self, target: NoticeTarget, wish: Wish) -> None:
        target.wants, target.credits_below = list(wish.wants), wish.credits_below
        target.hour, target.timezone = wish.hour, wish.timezone
        target.summary_at = next_summary(target, self.sending.clock.now())

    async def _note(self, session: AsyncSession, by: Actor, what: What, target: NoticeTarget) -> None:
        about = f"{target.service} {target.last_four}"
        await note(session, by.workspace_id, by, what, self.sending.clock.now(), about)


def _looked_at(wish: Wish) -> Wish:
    """Raises `Invalid`."""
    wants = set(wish.wants)
    if not wants or not wants <= KINDS.keys():
        raise Invalid("wants", "Choose at least one thing to be told of.")
    if not 0 <= wish.hour <= 23:
        raise Invalid("hour", "An hour is from 0 to 23.")
    if not 1 <= wish.credits_below <= 10**9:
        raise Invalid("credits_below", "Give a number of credits, 1 or more.")
    zone = timezone_of(wish.timezone)
    return Wish([kind for kind in KINDS if kind in wants], wish.credits_below, wish.hour, zone)


def _shown(row: NoticeTarget) -> TargetShown:
    wish = Wish(row.wants, row.credits_below, row.hour, row.timezone)
    return TargetShown(row.id, row.service, row.last_four, wish, row.summary_at, row.who, row.created_at)


def _notice(row: Notice, service: str, last_four: str) -> NoticeShown:
    waits = row.status == "queued" and row.tries > 0 and row.taken_until is None
    return NoticeShown(
        row.id,
        f"{service} {last_four}",
        row.kind,
        row.title,
        row.status,
        row.tries,
        row.says,
        row.made_at,
        row.ended_at,
        row.due_at if waits else None,
    )


async def _target(session: AsyncSession, workspace_id: int, target_id: int) -> NoticeTarget:
    """The target, locked. Raises `NotFound`."""
    query = select(NoticeTarget).where(
        NoticeTarget.workspace_id == workspace_id, NoticeTarget.id == target_id
    )
    row = (await session.scalars(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("target of notices")
    return row


async def _count(session: AsyncSession, workspace_id: int) -> int:
    query = select(func.count()).where(NoticeTarget.workspace_id == workspace_id)
    return int(await session.scalar(query) or 0)


async def _newest(session: AsyncSession, workspace_id: int) -> int:
    query = select(func.max(Event.id)).where(Event.workspace_id == workspace_id)
    return int(await session.scalar(query) or 0)
