"""Has what is out lead to the other form of its idea, where that came out later."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.publishing.linking import Link, other_form
from nightdesk.engine.outgoing.claims import step
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Publisher
from nightdesk.publishers.leading import LeadsOn
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, Publication

AT_ONCE = 20
AGAIN = timedelta(hours=1)
"""So long it is left alone after a try, whatever became of that."""

MOST_TRIES = 5
SECONDS = 60.0

Opening = Callable[[Account], Awaitable[Publisher]]
"""Opens the publisher of an account. Raises `NeedsPerson`, `Later`."""

# Of posts that went out before the video was there: those after it have the line from the beginning.
_WANTED = text("""
    select p.workspace_id, p.id from twins t
    join contents c on c.workspace_id = t.workspace_id and c.task_id = t.task_id
    join publications p on p.workspace_id = t.workspace_id and p.content_id = c.id
    join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
    join workspaces w on w.id = p.workspace_id
    where p.state = 'live' and p.remote_id <> '' and a.platform = 'wordpress' and a.status = 'connected'
      and a.removed_at is null and a.paused_at is null and w.publishing_paused_at is null
      and coalesce(a.config ->> 'status', 'publish') = 'publish'
      and exists (select from publications o
                  where o.workspace_id = t.workspace_id and o.video_id = t.video_id and o.state = 'live'
                    and o.live_at > coalesce(p.sent_at, p.live_at))
      and not exists (select from publication_steps s
                      where s.workspace_id = p.workspace_id and s.publication_id = p.id
                        and (s.what = 'led_on' or (s.what = 'leads_on' and s.at > :before)))
      and (select count(*) from publication_steps s
           where s.workspace_id = p.workspace_id and s.publication_id = p.id and s.what = 'leads_on') < :tries
      and (cast(:number as bigint) is null or p.id = :number)
    order by random() limit :most
""")


@dataclass(frozen=True)
class Leading:
    """The chore of it; any number of processes may keep it: each try is written down before it is made."""

    store: Store
    clock: Clock
    opening: Opening

    async def round(self) -> int:
        """Leads on what wants it; returns how many it had in hand."""
        async with self.store.everywhere() as session:
            wanted = await self._wanted(session)
        count = 0
        for workspace_id, number in wanted:
            count += await self._one(workspace_id, number)
        return count

    async def _wanted(self, session: AsyncSession, number: int | None = None) -> list[tuple[int, int]]:
        """Workspace and number of what is to be led on, or of that one. In no order, so that none that waits
        for something stands before the others for ever."""
        facts = {"before": self.clock.now() - AGAIN, "tries": MOST_TRIES, "most": AT_ONCE, "number": number}
        return [(row[0], row[1]) for row in await session.execute(_WANTED, facts)]

    async def _one(self, workspace_id: int, number: int) -> bool:
        async with self.store.workspace(workspace_id) as session:
            found = await self._taken(session, workspace_id, number)
        if found is None:
            return False
        reach("publishing.leading.taken")
        row, account, link = found
        what, says = "not_led_on", ""
        try:
            what, says = "led_on", await self._lead(account, row.remote_id, link)
        except (Later, NeedsPerson, Refused) as ending:
            says = ending.why
        except TimeoutError:
            says = "The platform did not answer in time."
        async with self.store.workspace(workspace_id) as session:
            session.add(step(workspace_id, number, self.clock.now(), what, says, to=link.url))
        reach("publishing.leading.kept")
        return True

    async def _taken(
        self, session: AsyncSession, workspace_id: int, number: int
    ) -> tuple[Publication, Account, Link] | None:
        """With the try written down; None where another has it, or where there is nothing to lead to."""
        of_it = (Publication.workspace_id == workspace_id, Publication.id == number)
        row = await session.scalar(select(Publication).where(*of_it).with_for_update(skip_locked=True))
        if row is None or not await self._wanted(session, number):
            return None
        link = await other_form(session, row)
        if link is None:
            return None
        says = f"Has it lead to “{link.title}”, which is out now."
        session.add(step(workspace_id, number, self.clock.now(), "leads_on", says, to=link.url))
        return row, await session.get_one(Account, (workspace_id, row.account_id)), link

    async def _lead(self, account: Account, remote_id: str, link: Link) -> str:
        publisher = await self.opening(account)
        try:
            if not isinstance(publisher, LeadsOn):
                raise Refused("What is out there cannot be changed from here.")
            async with asyncio.timeout(SECONDS):
                new = await publisher.lead_on(remote_id, link.title, link.url)
        finally:
            await publisher.aclose()
        return f"It leads to “{link.title}” now." if new else f"It leads to “{link.title}” already."
