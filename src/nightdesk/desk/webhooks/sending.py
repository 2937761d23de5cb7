"""Sends what the outbox holds to each target in order, signed, at least once.

A delivery is taken by raising its token under a lease of the database's clock, sent with no transaction open,
and its outcome noted where the token is still ours. Where a target does not take it, the target is left alone
for a while, ever longer; after many tries in a row it is paused, and its owner is told.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.webhooks.calling import Answer, Caller, Letter
from nightdesk.desk.webhooks.messages import TEST
from nightdesk.desk.webhooks.secrets import held, secret_place
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import Sealer
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.webhooks import WebhookDelivery, WebhookTarget

LEASE = text("now() + interval '2 minutes'")
"""Until when a delivery is its taker's: longer than a call may take, waiting for its turn included."""

TRIED_FOR = timedelta(days=2)
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds before the second try, and between tries at most."""

PAUSED_AFTER = 20
"""Tries in a row that were not taken, which is about 14 hours."""

KEPT_FOR = timedelta(days=30)
CALLS_KEPT = timedelta(minutes=20)
"""Longer than a signature can hold, which is twice the window."""

GONE = 410
AT_ONCE = 8
MOST = 100

# One of each target: a target that does not answer holds up no other, and hears of things in their order.
_DUE = text("""
    select distinct on (d.workspace_id, d.target_id) d.workspace_id, d.id from webhook_deliveries d
    join webhook_targets t on t.workspace_id = d.workspace_id and t.id = d.target_id
    where d.status = 'queued' and d.due_at <= :now and (d.taken_until is null or d.taken_until < now())
      and t.paused_at is null and (t.retry_at is null or t.retry_at <= :now)
      and not exists (
        select 1 from webhook_deliveries other where other.workspace_id = d.workspace_id
          and other.target_id = d.target_id and other.status = 'queued' and other.taken_until >= now())
    order by d.workspace_id, d.target_id, d.id limit :most
""")

_TIDY = (
    text("delete from webhook_deliveries where status <> 'queued' and ended_at < :old"),
    text("""
        update webhook_deliveries d set status = 'given_up', ended_at = :now, says = 'The target was paused.'
        from webhook_targets t
        where t.workspace_id = d.workspace_id and t.id = d.target_id and t.paused_at is not null
          and d.status = 'queued' and d.made_at < :missed
    """),
    text("delete from hook_calls where taken_at < :calls"),
)


@dataclass(frozen=True)
class Taken:
    """A delivery that is this process's to send."""

    workspace_id: int
    id: int
    target_id: int
    token: int
    made_at: datetime
    event_id: str
    event: str
    body: str
    url: str
    sealed: Sequence[tuple[str, str]]
    """Sealed secrets with their columns, the present one first."""


@dataclass(frozen=True)
class Sending:
    """Sends what is due; any number of processes may at once."""

    store: Store
    clock: Clock
    caller: Caller
    sealer: Sealer

    async def send(self) -> None:
        """Sends all that is due now."""
        while due := await self._due():
            turns = asyncio.Semaphore(AT_ONCE)
            done = await asyncio.gather(*(self._send(turns, *one) for one in due))
            if not any(done):
                return

    async def _due(self) -> list[tuple[int, int]]:
        async with self.store.everywhere() as session:
            rows = await session.execute(_DUE, {"now": self.clock.now(), "most": MOST})
            return [(row[0], row[1]) for row in rows]

    async def _send(self, turns: asyncio.Semaphore, workspace_id: int, number: int) -> bool:
        async with turns:
            taken = await self.take(workspace_id, number)
            if taken is not None:
                await self.settle(taken, await self.deliver(taken))
            return taken is not None

    async def take(self, workspace_id: int, number: int) -> Taken | None:
        """Takes a delivery, unless another process has it or it is done."""
        of_target = (WebhookTarget.workspace_id == WebhookDelivery.workspace_id) & (
            WebhookTarget.id == WebhookDelivery.target_id
        )
        async with self.store.workspace(workspace_id) as session:
            query = (
                select(WebhookDelivery, WebhookTarget)
                .join(WebhookTarget, of_target)
                .where(
                    WebhookDelivery.workspace_id == workspace_id,
                    WebhookDelivery.id == number,
                    WebhookDelivery.status == "queued",
                    WebhookDelivery.taken_until.is_(None) | (WebhookDelivery.taken_until < func.now()),
                )
                .with_for_update(of=WebhookDelivery, skip_locked=True)
            )
            row = (await session.execute(query)).one_or_none()
            if row is None:
                return None
            delivery, target = row
            delivery.token, delivery.tries = delivery.token + 1, delivery.tries + 1
            delivery.taken_until = LEASE  # type: ignore[assignment]
            return Taken(
                workspace_id,
                delivery.id,
                target.id,
                delivery.token,
                delivery.made_at,
                str(delivery.event_id),
                delivery.event,
                delivery.body,
                target.url,
                held(target, self.clock.now()),
            )

    async def deliver(self, taken: Taken) -> Answer:
        """Sends it; what cannot be sent at all is an answer too."""
        try:
            secrets = await self._secrets(taken)
        except (NeedsPerson, Later) as ending:
            return Answer(False, ending.why)
        points.reach("webhooks.sending")
        letter = Letter(taken.url, taken.event_id, taken.event, taken.body.encode())
        answer = await self.caller.send(letter, secrets, self.clock.now())
        points.reach("webhooks.sent")
        return answer

    async def _secrets(self, taken: Taken) -> list[str]:
        """The key may be asked of a vault, which may take its time."""
        opened = []
        for column, sealed in taken.sealed:
            where = secret_place("webhook_targets", taken.workspace_id, taken.target_id, column)
            opened.append(await asyncio.to_thread(self.sealer.open, sealed, where))
        return opened

    async def tidy(self) -> None:
        """Forgets what was sent a month ago, gives up what a paused target missed, and old calls of hooks."""
        now = self.clock.now()
        facts = {"old": now - KEPT_FOR, "missed": now - TRIED_FOR, "calls": now - CALLS_KEPT, "now": now}
        async with self.store.everywhere() as session:
            for query in _TIDY:
                await session.execute(query, facts)

    async def settle(self, taken: Taken, answer: Answer) -> None:
        """Notes what came of it, where the delivery is still ours."""
        now = self.clock.now()
        facts: dict[str, Any] = {"answered": answer.status, "says": answer.says, "taken_until": None}
        if answer.ok:
            facts |= {"status": "sent", "ended_at": now}
        elif taken.event == TEST or now - taken.made_at >= TRIED_FOR:
            facts |= {"status": "given_up", "ended_at": now}
        mine = (
            WebhookDelivery.workspace_id == taken.workspace_id,
            WebhookDelivery.id == taken.id,
            WebhookDelivery.token == taken.token,
        )
        async with self.store.workspace(taken.workspace_id) as session:
            noted = await session.scalar(
                update(WebhookDelivery).where(*mine).values(**facts).returning(WebhookDelivery.id)
            )
            if noted is not None:
                await self._mark(session, taken, answer)

    async def _mark(self, session: AsyncSession, taken: Taken, answer: Answer) -> None:
        """Notes on the target how it took it; of a test only that it was taken."""
        query = select(WebhookTarget).where(
            WebhookTarget.workspace_id == taken.workspace_id, WebhookTarget.id == taken.target_id
        )
        target = (await session.scalars(query.with_for_update())).one()
        now = self.clock.now()
        if answer.ok:
            target.failures, target.retry_at = 0, None
            return
        if taken.event == TEST:
            return
        target.failures += 1
        target.retry_at = now + timedelta(seconds=_wait(target.failures))
        if target.failures >= PAUSED_AFTER or answer.status == GONE:
            target.paused_at, target.says = now, answer.says
            await self._tell(session, target, answer)

    async def _tell(self, session: AsyncSession, target: WebhookTarget, answer: Answer) -> None:
        """Tells of the pause on the live pages, and by notices where somebody wants to hear of stops."""
        now, host = self.clock.now(), host_of(target.url)
        said = f"The webhook to {host} is paused: {answer.says} What happens is kept for it for two days."
        happening = Happening("webhook_paused", said, "warning", data={"target_id": target.id})
        await write(session, target.workspace_id, [happening], at=now)
        listening = await session.scalars(
            select(NoticeTarget.id).where(
                NoticeTarget.workspace_id == target.workspace_id, NoticeTarget.wants.contains(["run_stopped"])
            )
        )
        for number in listening:
            row = {
                "workspace_id": target.workspace_id,
                "target_id": number,
                "key": f"webhook:{target.id}:{now.isoformat()}",
                "kind": "webhook_paused",
                "title": f"The webhook to {host} is paused"[:200],
                "body": f"{said}\nLet it go on in the settings, under webhooks.",
                **{"due_at": now, "made_at": now},
            }
            await session.execute(insert(Notice).values(**row).on_conflict_do_nothing())


def host_of(url: str) -> str:
    """Of an address what may be told to everybody."""
    return url.partition("://")[2].partition("/")[0][:120]


def _wait(failures: int) -> float:
    spread = random.uniform(0.75, 1.0)  # noqa: S311 - jitter, no secret
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 12), LONGEST_WAIT) * spread
