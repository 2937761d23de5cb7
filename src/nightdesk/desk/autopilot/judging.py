"""Judges whether a site may go on by itself, and says in words why not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.passing import failed_checks
from nightdesk.desk.autopilot.prices import Price, Prices
from nightdesk.desk.autopilot.reading import (
    WELL,
    a_day,
    any_topic,
    coming,
    material,
    pilot_of,
    spent_on,
    wanted,
)
from nightdesk.desk.runs import covers, with_margin
from nightdesk.engine.control import ACTIVE
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.stage import Line
from nightdesk.store import ledger
from nightdesk.store.events import Happening, write
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import Pilot, PilotOrder
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site, Workspace
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

IN_A_ROW = 3
"""Pieces that fail their checks one after the other before a person has to look."""

FOR_A_PERSON = ("quality",)
"""Reasons that do not pass by themselves: somebody looks, and lets it go on."""

KINDS = ("article", "video")


@dataclass(frozen=True)
class Why:
    """A reason to stand still, by its code and in words."""

    reason: str
    says: str


@dataclass(frozen=True)
class Judging:
    """Judges, and writes down what came of it where that has changed."""

    store: Store
    files: Files
    clock: Clock
    prices: Prices
    line: Line
    """The article line."""

    async def judge(self, workspace_id: int, site_id: int) -> Why | None:
        """What keeps the site from going on by itself; None where nothing does."""
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, site_id))
        prices = {kind: await self.prices.of(site, kind) for kind in KINDS if a_day(site, kind)}
        async with self.store.workspace(workspace_id) as session:
            pilot = await pilot_of(session, site)
            why = await self._why(session, site, pilot, prices)
            if (pilot.reason, pilot.says) != ((why.reason, why.says) if why else ("", "")):
                await self._note(session, site, pilot, why)
            points.reach("autopilot.judging.written")
        points.reach("autopilot.judging.kept")
        return why

    async def _why(
        self, session: AsyncSession, site: Site, pilot: Pilot, prices: dict[str, Price]
    ) -> Why | None:
        workspace = await session.get_one(Workspace, site.workspace_id)
        if workspace.publishing_paused_at is not None:
            return Why("stopped", "All publishing is stopped. It goes on when an owner lifts that.")
        if (free := self.files.free()) is not None and free < 0:
            return Why("disk", "The disk is below its reserve. It goes on when there is room again.")
        return (
            await _quality(session, site, pilot)
            or _accounts(site, found := await wanted(session, site))
            or await self._money(session, site, {kind: prices[kind] for kind in found})
            or await _runs(session, site)
            or await self._topics(session, site, found)
        )

    async def _topics(self, session: AsyncSession, site: Site, kinds: Collection[str]) -> Why | None:
        """Nothing to make anything about, and nothing under way either."""
        if await any_topic(session, site):
            return None
        if "article" in kinds and await material(session, site, self.line):
            return None
        if any([await coming(session, site, kind) for kind in kinds]):
            return None
        return Why(
            "topics",
            f"{site.name} has no unused topic left. It goes on as soon as its feeds bring some, or "
            "somebody adds topics or keywords.",
        )

    async def _money(self, session: AsyncSession, site: Site, prices: dict[str, Price]) -> Why | None:
        dearest = max(prices.values(), key=lambda price: price.credits)
        if site.piece_budget and dearest.credits > site.piece_budget:
            return Why(
                "piece_budget",
                f"A piece takes about {dearest.credits:,} credits ({dearest.basis}), and "
                f"{site.piece_budget:,} are allowed for one. Allow more, or choose other models.",
            )
        cheapest = min(price.credits for price in prices.values())
        spent = await spent_on(session, site, self.clock.now())
        if site.day_budget and spent + cheapest > site.day_budget:
            return Why(
                "budget",
                f"Of {site.day_budget:,} credits a day {spent:,} are spent, and a piece takes about "
                f"{cheapest:,}. It goes on after the site's midnight.",
            )
        wallet = (await ledger.balances(session, site.workspace_id)).wallet
        if not covers(wallet, cheapest):
            return Why(
                "credits",
                f"{wallet:,} credits are left, and a piece wants {with_margin(cheapest):,}. It goes on when "
                "more are granted.",
            )
        return None

    async def _note(self, session: AsyncSession, site: Site, pilot: Pilot, why: Why | None) -> None:
        """Tells of it once for each reason; another amount in the same sentence is no news."""
        now, news = self.clock.now(), pilot.reason != (why.reason if why else "")
        pilot.reason, pilot.says = (why.reason, why.says) if why else ("", "")
        if news:
            pilot.since = now if why else None
            says = (
                f"Auto mode of {site.name} waits: {why.says}" if why else f"Auto mode of {site.name} goes on."
            )
            data = {"reason": pilot.reason, "says": pilot.says}
            level = "warning" if why else "info"
            happening = Happening("autopilot_paused" if why else "autopilot_resumed", says, level, data=data)
            await session.flush()
            await write(session, site.workspace_id, [happening], at=now, site_id=site.id)


async def _quality(session: AsyncSession, site: Site, pilot: Pilot) -> Why | None:
    """The last pieces of a kind, all of which failed, where nobody has looked at them since."""
    if pilot.reason in FOR_A_PERSON:
        return Why(pilot.reason, pilot.says)
    for kind in KINDS:
        last = await _last(session, site, kind, pilot)
        failed = [(piece, failed_checks(piece)) for piece in last]
        if len(last) == IN_A_ROW and all(found for _, found in failed):
            piece, found = failed[0]
            return Why(
                "quality",
                f"The last {IN_A_ROW} {kind}s failed their checks, “{piece.title}” last: {found[0]} Look at "
                "them, put right what is wrong, then let it go on.",
            )
        if error := await _given_up(session, site, kind, pilot):
            return Why(
                "quality",
                f"The last {IN_A_ROW} {kind}s could not be made: {error} Put that right, then let it go on.",
            )
    return None


async def _given_up(session: AsyncSession, site: Site, kind: str, pilot: Pilot) -> str:
    """The error of the last order of a kind, where the last ones were all set aside; else nothing."""
    table: type[Task] | type[Video] = Task if kind == "article" else Video
    which = PilotOrder.task_id if kind == "article" else PilotOrder.video_id
    query = (
        select(table.parked_at, table.error)
        .join(PilotOrder, (PilotOrder.workspace_id == table.workspace_id) & (which == table.id))
        .where(PilotOrder.workspace_id == site.workspace_id, PilotOrder.site_id == site.id)
        .order_by(PilotOrder.made_at.desc(), PilotOrder.number.desc())
        .limit(IN_A_ROW)
    )
    if pilot.let_on_at is not None:
        query = query.where(PilotOrder.made_at > pilot.let_on_at)
    last = (await session.execute(query)).all()
    given_up = len(last) == IN_A_ROW and all(parked is not None for parked, _ in last)
    return str(last[0][1] or "They were set aside.") if given_up else ""


async def _last(session: AsyncSession, site: Site, kind: str, pilot: Pilot) -> Sequence[Content | Video]:
    """The newest pieces that came to the gate, of those that nobody had seen when letting it go on."""
    table: type[Content] | type[Video] = Content if kind == "article" else Video
    seen = pilot.articles_seen if kind == "article" else pilot.videos_seen
    query = select(table).where(
        table.workspace_id == site.workspace_id,
        table.site_id == site.id,
        table.status.in_(("review", "approved", "sent_back", "rejected")),
        table.id > seen,
    )
    newest = query.order_by(table.id.desc()).limit(IN_A_ROW)
    return cast("Sequence[Content | Video]", (await session.scalars(newest)).all())


def _accounts(site: Site, found: Mapping[str, Sequence[Account]]) -> Why | None:
    if not found:
        return Why(
            "account",
            f"{site.name} is linked to no account that takes what it makes. Link one, and it goes on; "
            "what is written by its schedule waits at the gate.",
        )
    for accounts in found.values():
        if all(_down(account) for account in accounts):
            first = accounts[0]
            how = first.says or ("It is switched off." if first.paused_at else "It is not connected.")
            return Why(
                "account", f"“{first.name}” cannot be published to: {how} It goes on when that is put right."
            )
    return None


def _down(account: Account) -> bool:
    return account.paused_at is not None or account.status not in WELL


async def _runs(session: AsyncSession, site: Site) -> Why | None:
    """A run that is paused, or one that failed or was cancelled and that nothing has followed yet."""
    for kind in KINDS:
        if not a_day(site, kind):
            continue
        query = (
            select(Run)
            .where(Run.workspace_id == site.workspace_id, Run.site_id == site.id, Run.line == kind)
            .order_by(Run.started_at.desc())
            .limit(1)
        )
        run = await session.scalar(query)
        if run is not None and run.status in ACTIVE and run.status == "paused":
            said = run.error_message or "somebody paused it."
            return Why("run", f"Its {kind} run is paused: {said} Resume it or cancel it, and it goes on.")
    return None
