"""Writes deliveries down: reads what happened since each target was last looked at, once, in order.

Events are written in the transaction of what they tell of, so they are the outbox's first half. The second,
a delivery for each target, is derived from those below `store.horizon` in the transaction that moves the
target's cursor over them, under a key that cannot be written twice.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.outbox_targets import OutboxTargets
from nightdesk.desk.webhooks import messages
from nightdesk.desk.webhooks.messages import Message
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.webhooks import WebhookDelivery, WebhookTarget
from nightdesk.store.tables.writer import Content

MOST = 200
"""Targets of one look, and events of one target in one transaction; the next look goes on."""

MOST_PIECES = 500
"""Of one run."""

SOON = timedelta(days=7)
"""Before an account's access ends, when it is told of."""

TYPES = (
    "run_finished",
    "run_progress",
    "publication_changed",
    "job_completed",
    "account_changed",
    "autopilot_paused",
)

_EXPIRING = text("""
    select distinct t.workspace_id, t.id from webhook_targets t
    join accounts a on a.workspace_id = t.workspace_id and a.removed_at is null
      and a.expires_at between :now and :soon
    where t.wants @> '["account.expiring"]' and not exists (
        select 1 from webhook_deliveries d
        where d.workspace_id = t.workspace_id and d.target_id = t.id
          and d.key = 'account:' || a.id || ':' || to_char(a.expires_at at time zone 'UTC', 'YYYY-MM-DD'))
    limit :most
""")


@dataclass(frozen=True)
class Filling:
    """Fills the outbox; any number of processes may at once."""

    store: Store
    clock: Clock
    url: str
    """A connection string of the role that sees all tenants, for the horizon."""
    public_url: str = ""

    async def fill(self) -> None:
        """Writes every delivery that is due, and returns."""
        targets = OutboxTargets(self.store, WebhookTarget, self.url)
        if not await targets.are_there():
            return
        await targets.read_on(self._read_events, MOST)
        now = self.clock.now()
        await targets.each(_EXPIRING, self._tell_of_accounts, now=now, soon=now + SOON, most=MOST)

    async def _read_events(self, session: AsyncSession, target: WebhookTarget, upto: int) -> None:
        query = (
            select(Event)
            .where(
                Event.workspace_id == target.workspace_id,
                Event.id > target.seen,
                Event.id <= upto,
                Event.type.in_(TYPES),
            )
            .order_by(Event.id)
            .limit(MOST)
        )
        found = list(await session.scalars(query))
        for event in found:
            for message in await _messages(session, event):
                await self.write(session, target, message)
        target.seen = found[-1].id if len(found) == MOST else upto
        points.reach("webhooks.outbox.written")

    async def _tell_of_accounts(self, session: AsyncSession, target: WebhookTarget) -> None:
        now = self.clock.now()
        query = select(Account).where(
            Account.workspace_id == target.workspace_id,
            Account.removed_at.is_(None),
            Account.expires_at.between(now, now + SOON),
        )
        for account in await session.scalars(query):
            if account.expires_at is not None:
                await self.write(session, target, messages.of_account(account, account.expires_at, now))

    async def write(self, session: AsyncSession, target: WebhookTarget, message: Message) -> int | None:
        """The delivery's number; None where the target does not want it or has it already."""
        if message.event not in {*target.wants, messages.TEST}:
            return None
        now = self.clock.now()
        new = insert(WebhookDelivery).values(
            workspace_id=target.workspace_id,
            target_id=target.id,
            key=message.key,
            event_id=messages.event_id(target.workspace_id, message.key),
            event=message.event,
            body=messages.body(target.workspace_id, message, self.public_url),
            due_at=now,
            made_at=now,
        )
        number: int | None = await session.scalar(new.on_conflict_do_nothing().returning(WebhookDelivery.id))
        return number


async def _messages(session: AsyncSession, event: Event) -> list[Message]:
    if event.run_id is not None:
        return await _of_run(session, event)
    if event.type == "job_completed":
        return await _of_video(session, event)
    if event.type == "autopilot_paused":
        site = await session.get(Site, (event.workspace_id, event.site_id)) if event.site_id else None
        return messages.of_autopilot(event, site) if site else []
    if event.type == "account_changed":
        account = await session.get(Account, (event.workspace_id, event.data.get("account_id")))
        lost = account and messages.of_lost_account(event, account)
        return [lost] if lost else []
    if event.type != "publication_changed":
        return []
    number = event.data.get("publication_id")
    publication = await session.get(Publication, (event.workspace_id, number)) if number else None
    message = publication and messages.of_publication(event, publication)
    return [message] if message else []


async def _of_run(session: AsyncSession, event: Event) -> list[Message]:
    run = await session.get(Run, (event.workspace_id, event.run_id))
    site = await session.get(Site, (event.workspace_id, run.site_id)) if run else None
    if run is None or site is None:
        return []
    found = messages.of_run(event, run, site)
    if event.type == "run_finished" and run.line == "article":
        found += [messages.of_article(event, run, one, site) for one in await _at_gate(session, run)]
    return found


async def _at_gate(session: AsyncSession, run: Run) -> list[Content]:
    """Articles at the gate that this run was the last to have in hand."""
    query = select(Content).where(
        Content.workspace_id == run.workspace_id,
        Content.site_id == run.site_id,
        Content.state == "review",
        Content.last_run == run.id,
    )
    return list(await session.scalars(query.order_by(Content.id).limit(MOST_PIECES)))


async def _of_video(session: AsyncSession, event: Event) -> list[Message]:
    video = await session.get(Video, (event.workspace_id, event.job_id)) if event.job_id else None
    site = await session.get(Site, (event.workspace_id, video.site_id)) if video else None
    if video is None or site is None or video.status != "review":
        return []
    return [messages.of_video(event, video, site)]
