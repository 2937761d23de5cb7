"""What the autopilot reads of a site: where its pieces go, what is planned, what waits and is being made."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.slots import Booked, Slots, Target
from nightdesk.desk.publishing.calendar import FILLS
from nightdesk.engine.outgoing.days import cap_of
from nightdesk.lines.article.new_keywords import FEWEST
from nightdesk.publishers import KINDS, caps
from nightdesk.stage import Line
from nightdesk.store.tables.autopilot import Pilot, PilotOrder
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.publishing import Account, AccountSite, Publication
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.workers import Tally
from nightdesk.store.tables.writer import Content

WELL = ("connected", "error")
"""What an account's last look may have said for publications to be sent there."""

MAKING = (
    *("wanted", "picked", "pending", "scripted", "narrated", "captioned", "filmed", "rendered", "checked"),
    "finished",
)
"""Statuses of videos before the gate."""

MATERIAL = ("clusters", "ideas", "tasks", "content")
"""Steps of the article line whose items it makes pieces of."""

BUDGET_RUNS = timedelta(days=7)
"""Before a day, in which runs begin that may take credits on it."""


def a_day(site: Site, kind: str) -> int:
    return site.posts_a_day if kind == "article" else site.videos_a_day


async def pilot_of(session: AsyncSession, site: Site) -> Pilot:
    """The site's row, locked to the end of the transaction: of two processes one goes ahead."""
    query = select(Pilot).where(Pilot.workspace_id == site.workspace_id, Pilot.site_id == site.id)
    found = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise LookupError("The site's autopilot has not begun.")
    return found


async def accounts_of(session: AsyncSession, site: Site, kind: str) -> list[Account]:
    """The accounts that auto mode books the site's pieces for, in the order in which they were made."""
    link = (AccountSite.workspace_id == Account.workspace_id) & (AccountSite.account_id == Account.id)
    query = (
        select(Account)
        .join(AccountSite, link)
        .where(
            Account.workspace_id == site.workspace_id,
            AccountSite.site_id == site.id,
            AccountSite.by_itself,
            Account.removed_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [one for one in await session.scalars(query) if kind in KINDS[one.platform].takes]


async def wanted(session: AsyncSession, site: Site) -> dict[str, list[Account]]:
    """The kinds of pieces that the site is to put out by itself, each with the accounts that take it."""
    kinds = [kind for kind in ("article", "video") if a_day(site, kind)]
    found = {kind: await accounts_of(session, site, kind) for kind in kinds}
    return {kind: accounts for kind, accounts in found.items() if accounts}


async def slots_of(
    session: AsyncSession, site: Site, kind: str, accounts: list[Account], now: datetime
) -> Slots:
    """The site's places for one kind of piece, with what is planned of it already."""
    zone = ZoneInfo(site.timezone)
    which = Publication.content_id if kind == "article" else Publication.video_id
    start = now - timedelta(days=1)
    of_site = (Publication.workspace_id == site.workspace_id, Publication.site_id == site.id)
    planned = (Publication.planned_at >= start, Publication.state.in_(FILLS), which.is_not(None))
    first = select(which, func.min(Publication.planned_at)).where(*of_site, *planned).group_by(which)
    days: Counter[date] = Counter(at.astimezone(zone).date() for _, at in await session.execute(first))
    numbers = [account.id for account in accounts]
    query = select(Publication.account_id, Publication.planned_at).where(
        Publication.workspace_id == site.workspace_id,
        Publication.account_id.in_(numbers),
        Publication.planned_at >= start,
        Publication.state.in_(FILLS),
    )
    instants: dict[int, set[datetime]] = defaultdict(set)
    for account_id, at in await session.execute(query):
        instants[account_id].add(at)
    targets = [Target(one.id, one.platform, _cap(one)) for one in accounts]
    return Slots(zone, a_day(site, kind), site.hours, targets, Booked(instants, days), now)


async def coming(session: AsyncSession, site: Site, kind: str) -> int:
    """Pieces that will want a place: at the gate, approved but not booked, or being made by order."""
    if kind == "video":
        of_site = (Video.workspace_id == site.workspace_id, Video.site_id == site.id)
        alive = case((Video.parked_at.is_(None), 1), else_=0)
        query = select(func.coalesce(func.sum(alive), 0)).where(
            *of_site, Video.status.in_((*MAKING, "review", "approved")), ~booked(Video, Publication.video_id)
        )
        return int(await session.scalar(query) or 0)
    of_site = (Content.workspace_id == site.workspace_id, Content.site_id == site.id)
    written = select(func.count()).where(
        *of_site,
        Content.status.in_(("draft", "review", "approved")),
        Content.parked_at.is_(None),
        ~booked(Content, Publication.content_id),
    )
    return int(await session.scalar(written) or 0) + await to_be_written(session, site)


async def to_be_written(session: AsyncSession, site: Site) -> int:
    """Articles that were ordered and that no run has written yet."""
    query = (
        select(func.count())
        .select_from(PilotOrder)
        .join(Task, (Task.workspace_id == PilotOrder.workspace_id) & (Task.id == PilotOrder.task_id))
        .where(
            PilotOrder.workspace_id == site.workspace_id,
            PilotOrder.site_id == site.id,
            Task.state.in_(("queued", "in_hand")),
        )
    )
    return int(await session.scalar(query) or 0)


async def topic_of(session: AsyncSession, piece: Content | Video) -> Topic | None:
    """What the piece is about, as the growth rule dealt it out; None where nobody picked a topic for it."""
    query = select(Topic).where(Topic.workspace_id == piece.workspace_id, Topic.site_id == piece.site_id)
    if isinstance(piece, Video):
        query = query.where(Topic.id == piece.topic_id)
    else:
        of_task = (Task.workspace_id == piece.workspace_id, Task.id == piece.task_id)
        idea = select(Task.idea_id).where(*of_task).scalar_subquery()
        query = query.where(Topic.idea_id == idea)
    found: Topic | None = await session.scalar(query.order_by(Topic.id).limit(1))
    return found


async def material(session: AsyncSession, site: Site, line: Line) -> bool:
    """Whether anything waits that a line can make pieces of: keywords, clusters, ideas, tasks."""
    waits = {(stage.table.__tablename__, stage.waits) for stage in line.working() if stage.name in MATERIAL}
    query = (
        select(Tally.kind, Tally.state, func.sum(Tally.n))
        .where(Tally.workspace_id == site.workspace_id, Tally.site_id == site.id)
        .group_by(Tally.kind, Tally.state)
    )
    found = {(kind, state): int(n) for kind, state, n in await session.execute(query)}
    return any(found.get(one, 0) >= (FEWEST if one[0] == "keywords" else 1) for one in waits)


async def any_topic(session: AsyncSession, site: Site) -> bool:
    """Whether the site has a topic that nothing has used."""
    query = select(Topic.id).where(
        Topic.workspace_id == site.workspace_id, Topic.site_id == site.id, Topic.status == "new"
    )
    return await session.scalar(query.limit(1)) is not None


async def unused_topics(session: AsyncSession, site: Site) -> int:
    """How many topics of the site nothing has used."""
    query = select(func.count()).where(
        Topic.workspace_id == site.workspace_id, Topic.site_id == site.id, Topic.status == "new"
    )
    return int(await session.scalar(query) or 0)


async def spent_on(session: AsyncSession, site: Site, now: datetime) -> int:
    """Credits that the site's runs have taken since its midnight."""
    zone = ZoneInfo(site.timezone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    of_run = (Batch.workspace_id == Run.workspace_id) & (Batch.run_id == Run.id)
    query = (
        select(func.coalesce(func.sum(Batch.charged), 0))
        .select_from(Run)
        .join(Batch, of_run)
        .where(
            Run.workspace_id == site.workspace_id,
            Run.site_id == site.id,
            Run.started_at >= midnight - BUDGET_RUNS,
            Batch.ended_at >= midnight,
        )
    )
    return int(await session.scalar(query) or 0)


async def in_hand(session: AsyncSession, site: Site) -> int:
    """Credits that are held for the batches that the site's runs have in hand."""
    of_site = (Batch.workspace_id == site.workspace_id, Batch.site_id == site.id)
    query = select(func.coalesce(func.sum(Batch.held), 0)).where(
        *of_site, Batch.status.in_(("waiting", "working"))
    )
    return int(await session.scalar(query) or 0)


def booked(table: type[Content] | type[Video], which: Any) -> ColumnElement[bool]:
    """Whether the piece has a publication that was not taken back because the piece changed."""
    return (
        select(Publication.id)
        .where(
            Publication.workspace_id == table.workspace_id,
            which == table.id,
            Publication.code != CHANGED,
        )
        .exists()
    )


CHANGED = "changed"
"""Why a publication was taken back: its piece was changed after its approval."""


def _cap(account: Account) -> int:
    return cap_of(account, caps())
