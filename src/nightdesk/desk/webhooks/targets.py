"""What the owner of a workspace may do with the addresses that hear of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx2
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.roles import require
from nightdesk.desk.webhooks import messages, secrets
from nightdesk.desk.webhooks.calling import Answer
from nightdesk.desk.webhooks.filling import Filling
from nightdesk.desk.webhooks.messages import EVENTS
from nightdesk.desk.webhooks.sending import LEASE, Sending, Taken, host_of
from nightdesk.kit import ids
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.webhooks import WebhookDelivery, WebhookTarget

MOST_TARGETS = 20
SHOWN = 20
"""Deliveries that are listed, the newest."""

LONGEST_URL = 2000


@dataclass(frozen=True)
class TargetShown:
    """A target as its owner sees it. `failures` are tries in a row that were not taken."""

    id: int
    url: str
    wants: Sequence[str]
    failures: int
    retry_at: datetime | None
    paused_at: datetime | None
    says: str
    before_until: datetime | None
    """Until when the secret before signs too."""
    who: str
    created_at: datetime


@dataclass(frozen=True)
class DeliveryShown:
    """A delivery and what came of it; `answered` is the status of the last answer."""

    id: int
    target_id: int
    host: str
    event_id: str
    event: str
    status: str
    tries: int
    answered: int | None
    says: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Targets:
    """Targets of webhooks."""

    sending: Sending
    filling: Filling

    async def listed(self, workspace_id: int) -> list[TargetShown]:
        """In the order in which they were added."""
        query = select(WebhookTarget).where(WebhookTarget.workspace_id == workspace_id)
        async with self.sending.store.workspace(workspace_id) as session:
            return [_shown(row) for row in await session.scalars(query.order_by(WebhookTarget.id))]

    async def get(self, workspace_id: int, number: int) -> TargetShown:
        """Raises `NotFound`."""
        async with self.sending.store.workspace(workspace_id) as session:
            return _shown(await _target(session, workspace_id, number))

    async def deliveries(self, workspace_id: int, number: int | None = None) -> list[DeliveryShown]:
        """The last ones, the newest first; of one target where it is named. Raises `NotFound`."""
        query = (
            select(WebhookDelivery, WebhookTarget.url)
            .join(
                WebhookTarget,
                (WebhookTarget.workspace_id == WebhookDelivery.workspace_id)
                & (WebhookTarget.id == WebhookDelivery.target_id),
            )
            .where(WebhookDelivery.workspace_id == workspace_id)
            .order_by(WebhookDelivery.id.desc())
            .limit(SHOWN)
        )
        async with self.sending.store.workspace(workspace_id) as session:
            if number is not None:
                await _target(session, workspace_id, number)
                query = query.where(WebhookDelivery.target_id == number)
            return [_delivery(*row) for row in (await session.execute(query)).all()]

    async def add(self, by: Actor, url: str, wants: Sequence[str]) -> tuple[TargetShown, str]:
        """Adds an address, which hears of what happens from now on; with its secret, shown this once.

        Raises `Invalid` (`url`, `wants`), `NotAllowed`, `Conflict` where there are too many.
        """
        require(by, "owner")
        url, wants, secret = self._address(url), _wanted(wants), secrets.new_secret()
        async with self.sending.store.workspace(by.workspace_id) as session:
            if await _count(session, by.workspace_id) >= MOST_TARGETS:
                raise Conflict(f"There are {MOST_TARGETS} addresses already; remove one first.")
            target = WebhookTarget(
                workspace_id=by.workspace_id,
                url=url,
                wants=wants,
                sealed="",
                seen=await _newest(session, by.workspace_id),
                who=by.name,
                created_at=self.sending.clock.now(),
            )
            session.add(target)
            await session.flush()
            where = secrets.secret_place(target.__tablename__, by.workspace_id, target.id, "sealed")
            target.sealed = await secrets.seal(self.sending.sealer, secret, where)
            await session.flush()
            await self._note(session, by, "webhook_added", target)
            return _shown(target), secret

    async def change(
        self, by: Actor, number: int, url: str | None = None, wants: Sequence[str] | None = None
    ) -> TargetShown:
        """Changes what is given. Raises as `add`, and `NotFound`."""
        require(by, "owner")
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, number, lock=True)
            if url is not None:
                target.url = self._address(url)
                target.failures, target.retry_at = 0, None
            if wants is not None:
                target.wants = _wanted(wants)
            if url is not None or wants is not None:
                await self._note(session, by, "webhook_changed", target)
            return _shown(target)

    async def rotate(self, by: Actor, number: int) -> str:
        """A new secret, shown this once; the one before signs too for a day. Raises `NotFound`."""
        require(by, "owner")
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, number, lock=True)
            fresh = await secrets.change(self.sending.sealer, target, self.sending.clock.now())
            await self._note(session, by, "webhook_secret_changed", target)
            return fresh

    async def pause(self, by: Actor, number: int, *, paused: bool) -> TargetShown:
        """Pauses it, or lets it go on with what waits for it. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, number, lock=True)
            if (target.paused_at is not None) != paused:
                target.paused_at = self.sending.clock.now() if paused else None
                target.says = f"{by.name} paused it." if paused else ""
                target.failures, target.retry_at = 0, None
                what: What = "webhook_paused" if paused else "webhook_resumed"
                await self._note(session, by, what, target)
            return _shown(target)

    async def remove(self, by: Actor, number: int) -> None:
        """Forgets it with its secret and what waits for it. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, number, lock=True)
            await self._note(session, by, "webhook_removed", target)
            mine = (WebhookTarget.workspace_id == by.workspace_id, WebhookTarget.id == number)
            await session.execute(delete(WebhookTarget).where(*mine))

    async def test(self, by: Actor, number: int) -> Answer:
        """Sends a test now, and tells what came of it. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        now = self.sending.clock.now()
        message = messages.of_test(number, str(ids.sortable_id(self.sending.clock)), by.name, now)
        async with self.sending.store.workspace(by.workspace_id) as session:
            target = await _target(session, by.workspace_id, number)
            letter = {
                "event_id": messages.event_id(by.workspace_id, message.key),
                "event": message.event,
                "body": messages.body(by.workspace_id, message, self.filling.public_url),
            }
            row = {
                **{"workspace_id": by.workspace_id, "target_id": number, "key": message.key, **letter},
                **{"token": 1, "tries": 1, "due_at": now, "made_at": now, "taken_until": LEASE},
            }
            written = insert(WebhookDelivery).values(**row).returning(WebhookDelivery.id)
            made = (await session.execute(written)).scalar_one()
            held = secrets.held(target, now)
            taken = Taken(
                *(by.workspace_id, made, number, 1, now, str(letter["event_id"]), message.event),
                *(str(letter["body"]), target.url, held),
            )
        answer = await self.sending.deliver(taken)
        await self.sending.settle(taken, answer)
        return answer

    def _address(self, url: str) -> str:
        """Raises `Invalid`."""
        url = url.strip()
        if not 1 <= len(url) <= LONGEST_URL:
            raise Invalid("url", "Give the address that is to be called, beginning with https://.")
        try:
            found: httpx2.URL = self.sending.caller.guard.inspect(url)
        except FetchRefused as failure:
            raise Invalid("url", failure.why) from failure
        return str(found.copy_with(fragment=None))

    async def _note(self, session: AsyncSession, by: Actor, what: What, target: WebhookTarget) -> None:
        await note(session, by.workspace_id, by, what, self.sending.clock.now(), host_of(target.url))


def _wanted(wants: Sequence[str]) -> list[str]:
    """Raises `Invalid`."""
    if not wants or not set(wants) <= EVENTS.keys():
        raise Invalid("wants", f"Choose at least one of: {', '.join(EVENTS)}.")
    return [name for name in EVENTS if name in wants]


def _shown(row: WebhookTarget) -> TargetShown:
    facts = {name: getattr(row, name) for name in TargetShown.__dataclass_fields__}
    return TargetShown(**facts)


def _delivery(row: WebhookDelivery, url: str) -> DeliveryShown:
    names = DeliveryShown.__dataclass_fields__.keys() - {"host", "event_id"}
    facts = {name: getattr(row, name) for name in names}
    return DeliveryShown(host=host_of(url), event_id=str(row.event_id), **facts)


async def _target(
    session: AsyncSession, workspace_id: int, number: int, *, lock: bool = False
) -> WebhookTarget:
    """Raises `NotFound`."""
    row = await session.get(WebhookTarget, (workspace_id, number), with_for_update=lock or None)
    if row is None:
        raise NotFound("webhook")
    return row


async def _count(session: AsyncSession, workspace_id: int) -> int:
    query = select(func.count()).where(WebhookTarget.workspace_id == workspace_id)
    return int(await session.scalar(query) or 0)


async def _newest(session: AsyncSession, workspace_id: int) -> int:
    query = select(func.max(Event.id)).where(Event.workspace_id == workspace_id)
    return int(await session.scalar(query) or 0)
