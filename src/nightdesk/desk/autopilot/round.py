"""One round of the autopilot: looks after every site that runs by itself, a short step after the other.

Every step is a transaction of its own that holds the site's pilot, looks anew at what there is, and does
what is lacking. So a process that dies between any two of them leaves nothing half done, and two at once do
nothing twice: orders have numbers, a piece and an account have one publication, a site's line has one run.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from nightdesk.desk.autopilot.beginning import Beginning
from nightdesk.desk.autopilot.booking import Booking
from nightdesk.desk.autopilot.judging import Judging
from nightdesk.desk.autopilot.letting import Letting
from nightdesk.desk.autopilot.ordering import Need, Ordering
from nightdesk.desk.autopilot.prices import Prices
from nightdesk.desk.errors import DeskError
from nightdesk.desk.review import Review
from nightdesk.desk.runs import Runs
from nightdesk.desk.topics import Topics
from nightdesk.desk.videos import Videos
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.files import Files
from nightdesk.store.session import Store

PAUSE = timedelta(seconds=50)
"""Between two looks at a site; the chore comes every minute, in as many processes as there are."""

AT_ONCE = 50

# A site without auto mode is looked after as well while videos wait that are to go out once approved.
_WANTED = text("""
    insert into pilots (workspace_id, site_id)
    select s.workspace_id, s.id from sites s
    where s.archived_at is null and s.removed_at is null
      and (s.auto_mode or exists (
          select from videos v
          where v.workspace_id = s.workspace_id and v.site_id = s.id and v.status = 'approved'
            and (v.publish or v.scheduled_for is not null)))
    on conflict do nothing
""")
_DUE = text("""
    update pilots set looked_at = :now
    where (workspace_id, site_id) in (
        select p.workspace_id, p.site_id from pilots p
        join sites s on s.workspace_id = p.workspace_id and s.id = p.site_id
        where s.archived_at is null and s.removed_at is null
          and (p.looked_at is null or p.looked_at <= :before or p.looked_at > :now)
        order by p.looked_at nulls first limit :most
        for update of p skip locked)
    returning workspace_id, site_id,
        (select auto_mode from sites s where s.workspace_id = pilots.workspace_id and s.id = pilots.site_id)
""")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What a round did: for how many sites, and how many pieces it ordered, let through and booked."""

    sites: int = 0
    ordered: int = 0
    let_through: int = 0
    booked: int = 0
    runs: int = 0


@dataclass(frozen=True)
class Autopilot:
    """Looks after sites; any number of processes may at once."""

    store: Store
    clock: Clock
    letting: Letting
    judging: Judging
    booking: Booking
    ordering: Ordering
    beginning: Beginning
    film: Callable[[int, int], Awaitable[str]]
    """Has the waiting videos of a workspace's site taken up by a run."""
    pause: timedelta = field(default=PAUSE)

    @classmethod
    def over(
        cls,
        store: Store,
        files: Files,
        clock: Clock,
        prices: Prices,
        review: Review,
        videos: Videos,
        topics: Topics,
        runs: Runs,
    ) -> "Autopilot":
        """All its parts over the areas that they need."""
        return cls(
            store,
            clock,
            Letting(store, clock, review.decisions, videos.decisions),
            Judging(store, files, clock, prices, runs.automation.line("article")),
            Booking(store, clock),
            Ordering(store, clock, topics, prices),
            Beginning(store, clock, runs),
            videos.starting.start,
        )

    async def round(self) -> Seen:
        """Looks once after every site whose turn it is, and says what was done. A chore."""
        now = self.clock.now()
        async with self.store.everywhere() as session:
            await session.execute(_WANTED)
            facts = {"now": now, "before": now - self.pause, "most": AT_ONCE}
            due = [(row[0], row[1], row[2]) for row in await session.execute(_DUE, facts)]
        points.reach("autopilot.round.claimed")
        seen = Seen(len(due))
        for workspace_id, site_id, auto_mode in due:
            try:
                seen = await self._site(workspace_id, site_id, seen, auto_mode=auto_mode)
            except DeskError as error:
                _log.info("autopilot.put_off", extra={"site": site_id, "why": str(error)})
        points.reach("autopilot.round.done")
        return seen

    async def _site(self, workspace_id: int, site_id: int, seen: Seen, *, auto_mode: bool) -> Seen:
        of = (workspace_id, site_id)
        await self.booking.take_back(*of)
        let = 0
        if auto_mode:
            let = await self.letting.end(*of)
            await self.letting.begin(*of)
            let += await self.letting.end(*of)
        why = await self.judging.judge(*of) if auto_mode else None
        booked = await self.booking.book(*of) if why is None or why.reason != "stopped" else 0
        ordered, runs = 0, 0
        if auto_mode and why is None:
            needs = await self.ordering.needs(*of)
            ordered = await self.ordering.fill(*of, needs)
            runs = await self._begin(*of, await self.ordering.needs(*of) if ordered else needs)
        return Seen(
            seen.sites,
            seen.ordered + ordered,
            seen.let_through + let,
            seen.booked + booked,
            seen.runs + runs,
        )

    async def _begin(self, workspace_id: int, site_id: int, needs: Sequence[Need]) -> int:
        lacking = sum(min(need.pieces, need.affordable) for need in needs if need.kind == "article")
        if any(need.kind == "video" for need in needs):
            await self.film(workspace_id, site_id)
        return int(await self.beginning.begin(workspace_id, site_id, lacking))
