"""Orders the pieces that a site's calendar lacks: each with a topic of its own, once, within the budget."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.prices import Price, Prices
from nightdesk.desk.autopilot.reading import a_day, coming, pilot_of, slots_of, spent_on, wanted
from nightdesk.desk.autopilot.slots import AHEAD
from nightdesk.desk.items import site_of
from nightdesk.desk.results import Advice, Piece, advised
from nightdesk.desk.results.hooks import article_form, video_form
from nightdesk.desk.runs import covers
from nightdesk.desk.topics import Topics, picking
from nightdesk.desk.topics.planning import WORDS, ArticleForm, plan_article
from nightdesk.desk.videos.wishes import USUAL_PLATFORMS, VideoWish, checked
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.lines.video.given import asked
from nightdesk.lines.video.usual import usual
from nightdesk.store import ledger
from nightdesk.store.picking import best
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import PilotOrder
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

AT_ONCE = 4
"""Pieces of a kind that one round orders: their pages are fetched before."""

TIMES = 2
"""As often as a filled calendar holds are pieces ordered a day at most, whatever becomes of them."""

BY = "autopilot"


@dataclass(frozen=True)
class Need:
    """What a calendar lacks: `pieces` of a kind, of which the budget and the credits allow `affordable`."""

    kind: str
    pieces: int
    affordable: int
    price: Price


@dataclass(frozen=True)
class Ordering:
    """Orders. Of two processes one goes ahead, and an order's number lets it be made once."""

    store: Store
    clock: Clock
    topics: Topics
    prices: Prices

    async def needs(self, workspace_id: int, site_id: int) -> list[Need]:
        """What the site lacks in the days that it is kept filled for; changes nothing. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            kinds = list(await wanted(session, site)) if site.auto_mode else []
        prices = {kind: await self.prices.of(site, kind) for kind in kinds}
        async with self.store.workspace(workspace_id) as session:
            return [await self._need(session, site, kind, prices[kind]) for kind in kinds]

    async def fill(self, workspace_id: int, site_id: int, needs: Sequence[Need]) -> int:
        """Orders what is lacking, piece by piece, each in a transaction; returns how many."""
        count = 0
        for need in needs:
            for _ in range(min(need.pieces, need.affordable, AT_ONCE)):
                if not await self._order(workspace_id, site_id, need):
                    break
                count += 1
        return count

    async def _order(self, workspace_id: int, site_id: int, before: Need) -> bool:
        """One piece, where one is lacking still; False where none is, or nothing to make it about."""
        topic = await self._topic(workspace_id, site_id, before.kind)
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            await pilot_of(session, site)
            need = await self._need(session, site, before.kind, before.price)
            if not min(need.pieces, need.affordable):
                return False
            order = await self._number(session, site, need.kind)
            if order is None:
                return False
            made = (
                await self._article(session, site, order, topic)
                if need.kind == "article"
                else await self._video(session, site, order, topic)
            )
            if not made:
                await session.delete(order)
            await session.flush()
            points.reach("autopilot.ordering.written")
        points.reach("autopilot.ordering.kept")
        return made

    async def _need(self, session: AsyncSession, site: Site, kind: str, price: Price) -> Need:
        now = self.clock.now()
        accounts = (await wanted(session, site)).get(kind, [])
        slots = await slots_of(session, site, kind, accounts, now)
        places = sum(slots.free_on(day) for day in slots.days(AHEAD))
        pieces = max(places - await coming(session, site, kind), 0)
        return Need(kind, pieces, await self._affordable(session, site, pieces, price, now), price)

    async def _affordable(
        self, session: AsyncSession, site: Site, pieces: int, price: Price, now: datetime
    ) -> int:
        """How many of so many pieces, those ordered before and not made yet reckoned in."""
        each = price.credits
        if not each or not pieces:
            return pieces
        if site.piece_budget and each > site.piece_budget:
            return 0
        begun = await self._begun_today(session, site, now)
        if site.day_budget:
            left = site.day_budget - await spent_on(session, site, now) - begun * each
            pieces = min(pieces, max(left // each, 0))
        wallet = (await ledger.balances(session, site.workspace_id)).wallet
        while pieces and not covers(wallet, (pieces + begun) * each):
            pieces -= 1
        return pieces

    async def _begun_today(self, session: AsyncSession, site: Site, now: datetime) -> int:
        """Orders of today that nothing has come of yet: what they will take is not among what was spent."""
        today = now.astimezone(ZoneInfo(site.timezone)).date()
        tasks = (Task.workspace_id == PilotOrder.workspace_id) & (Task.id == PilotOrder.task_id)
        videos = (Video.workspace_id == PilotOrder.workspace_id) & (Video.id == PilotOrder.video_id)
        query = (
            select(func.count())
            .select_from(PilotOrder)
            .outerjoin(Task, tasks)
            .outerjoin(Video, videos)
            .where(
                PilotOrder.workspace_id == site.workspace_id,
                PilotOrder.site_id == site.id,
                PilotOrder.day == today,
                Task.state.in_(("queued", "in_hand")) | Video.status.in_(("wanted", "picked", "pending")),
            )
        )
        return int(await session.scalar(query) or 0)

    async def _number(self, session: AsyncSession, site: Site, kind: str) -> PilotOrder | None:
        """The site's next order of that kind today; None where it had as many as make no sense."""
        now = self.clock.now()
        key = {
            "workspace_id": site.workspace_id,
            "site_id": site.id,
            "day": now.astimezone(ZoneInfo(site.timezone)).date(),
            "kind": kind,
        }
        last = select(func.coalesce(func.max(PilotOrder.number), 0)).filter_by(**key)
        number = int(await session.scalar(last) or 0) + 1
        if number > TIMES * (AHEAD + 1) * a_day(site, kind):
            return None
        await session.execute(insert(PilotOrder).values(**key, number=number, made_at=now))
        return await session.get_one(PilotOrder, (*key.values(), number))

    async def _article(
        self, session: AsyncSession, site: Site, order: PilotOrder, topic: Topic | None
    ) -> bool:
        """Takes a task that waits to be written, else plans one about the topic."""
        order.task_id = await _waiting_task(session, site)
        if order.task_id is None and topic is not None:
            taken = await self._taken(session, site, topic, "article")
            if taken is not None:
                given = await self._advice(session, site, taken, "article")
                form = ArticleForm(*article_form(given.format, WORDS), given.opening)
                order.task_id = (await plan_article(session, site, taken, form)).task_id
                await self._told(session, taken, "An article about it was planned", given)
        return order.task_id is not None

    async def _video(self, session: AsyncSession, site: Site, order: PilotOrder, topic: Topic | None) -> bool:
        taken = await self._taken(session, site, topic, "video") if topic is not None else None
        if taken is None:
            return False
        given = await self._advice(session, site, taken, "video")
        kind, seconds = video_form(given.format, usual(site)["target"])
        wish = VideoWish(
            platforms=site.platforms or USUAL_PLATFORMS,
            publish=site.generation_mode == "auto_publish",
            kind=kind,
            seconds=seconds,
        )
        video = Video(
            workspace_id=site.workspace_id,
            site_id=site.id,
            topic_id=taken.id,
            topic=taken.title,
            status="picked",
            asked_by=BY,
            given=asked(given.opening),
            **checked(wish, site),
        )
        session.add(video)
        await session.flush()
        order.video_id = video.id
        await self._told(session, taken, "A video about it was ordered", given)
        return True

    async def _taken(self, session: AsyncSession, site: Site, topic: Topic, used_for: str) -> Topic | None:
        """The topic, which nobody else gets; None where somebody got it meanwhile."""
        row = await picking.find(session, site.workspace_id, topic.id, lock=True)
        if row.status != "new":
            return None
        return await picking.take(session, site.workspace_id, row.id, used_for, self.clock.now())

    async def _advice(self, session: AsyncSession, site: Site, topic: Topic, kind: str) -> Advice:
        """What it should be like by the site's results; a longer piece than usual takes more than was
        reckoned with, so a site with a budget for a piece keeps its own lengths."""
        given = await advised(session, site, Piece.on(topic, kind), self.clock.now(), {})
        return replace(given, format="") if site.piece_budget else given

    async def _told(self, session: AsyncSession, topic: Topic, what: str, given: Advice) -> None:
        await self.topics.tell(session, topic, f"{what} by itself: “{topic.title}”.{given.because}")

    async def _topic(self, workspace_id: int, site_id: int, kind: str) -> Topic | None:
        """The topic that would be taken next, its pages gathered; None where none is left, or none needed."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            if kind == "article" and await _waiting_task(session, site) is not None:
                return None
        await self.topics.rescore(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            # As for whoever asks for the next topic: what worked, trials, and what is left alone.
            topic = await best(session, workspace_id, site_id)
        if topic is not None:
            await self.topics.gather_pages(topic)
        return topic


async def _waiting_task(session: AsyncSession, site: Site) -> int | None:
    """The oldest task that waits to be written and that nobody ordered yet."""
    ordered: Sequence[object] = (
        PilotOrder.workspace_id == Task.workspace_id,
        PilotOrder.task_id == Task.id,
    )
    query = (
        select(Task.id)
        .where(
            Task.workspace_id == site.workspace_id,
            Task.site_id == site.id,
            Task.state == "queued",
            ~select(PilotOrder.task_id).where(*ordered).exists(),  # type: ignore[arg-type]
        )
        .order_by(Task.id)
        .limit(1)
    )
    found: int | None = await session.scalar(query)
    return found
