"""Takes feeds that are due, so that no other process fetches them too, and lets go of them.

A claim is a time by the database's clock until which the feed is ours; that very time is also what tells our
claim from a later one. Whoever dies leaves a claim that runs out by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.tables.feeds import Feed
from nightdesk.store.tables.tenancy import Site

LEASE = 120.0
"""Seconds that a claim holds."""

RENEW = 60.0
"""Seconds after which a claim is renewed before the feed is fetched."""

OF_A_HOST = 2
"""Feeds of one host that are taken at a time; it is not asked by more at once anyway."""

LOOKED_AT = 2000
"""Feeds, those longest due, that one look sorts by workspace and host."""

_DUE = text("""
    select workspace_id, id from (
        select d.*,
            row_number() over (partition by workspace_id order by due_at, id) as turn,
            row_number() over (partition by host order by due_at, id) as of_host
        from (
            select f.workspace_id, f.id, f.due_at, split_part(f.url, '/', 3) as host
            from feeds f join sites s on s.workspace_id = f.workspace_id and s.id = f.site_id
            where f.enabled and f.due_at <= now() and s.archived_at is null
              and (f.claimed_until is null or f.claimed_until < now())
              and (cast(:workspace as bigint) is null or f.workspace_id = :workspace)
              and (cast(:site as bigint) is null or f.site_id = :site)
              and not split_part(f.url, '/', 3) = any(cast(:busy as text[]))
            order by f.due_at limit :looked_at) d) e
    where of_host <= :of_host order by turn, due_at, id limit :most
""")


@dataclass(frozen=True)
class Claim:
    """A feed that is ours until then, as it was when it was taken."""

    feed: Feed
    until: datetime


async def due(
    session: AsyncSession,
    most: int,
    busy: Collection[str] = (),
    *,
    workspace_id: int | None = None,
    site_id: int | None = None,
) -> list[tuple[int, int]]:
    """Workspace and number of at most `most` feeds that are due, none of the hosts that are `busy`.

    The workspaces come in turn. A session that sees all tenants finds those of all.
    """
    facts = {
        "workspace": workspace_id,
        "site": site_id,
        "busy": list(busy),
        "looked_at": LOOKED_AT,
        "of_host": OF_A_HOST,
        "most": most,
    }
    return [(row[0], row[1]) for row in await session.execute(_DUE, facts)]


async def take(session: AsyncSession, workspace_id: int, numbers: Sequence[int]) -> list[Claim]:
    """Claims those of the feeds that nobody has and that are due still."""
    free = (
        select(Feed.id)
        .where(
            Feed.workspace_id == workspace_id,
            Feed.id.in_(numbers),
            Feed.enabled,
            Feed.due_at <= func.now(),
            Feed.claimed_until.is_(None) | (Feed.claimed_until < func.now()),
        )
        .order_by(Feed.id)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    taken = (
        update(Feed)
        .where(Feed.workspace_id == workspace_id, Feed.id.in_(select(free.c.id)))
        .values(claimed_until=_until())
        .returning(Feed)
        .execution_options(synchronize_session=False)
    )
    return [_claim(feed) for feed in await session.scalars(taken)]


async def renew(session: AsyncSession, claim: Claim) -> Claim | None:
    """The claim for as long again; None where another has the feed by now."""
    longer = update(Feed).where(*_ours(claim)).values(claimed_until=_until()).returning(Feed)
    feed = await session.scalar(longer.execution_options(synchronize_session=False))
    return _claim(feed) if feed is not None else None


async def held(session: AsyncSession, workspace_id: int, claimed: Sequence[Claim]) -> dict[int, Feed]:
    """Those of the feeds, locked, that are ours still and whose site is not archived, by their numbers."""
    until = {claim.feed.id: claim.until for claim in claimed}
    query = (
        select(Feed)
        .join(Site, (Site.workspace_id == Feed.workspace_id) & (Site.id == Feed.site_id))
        .where(Feed.workspace_id == workspace_id, Feed.id.in_(until), Site.archived_at.is_(None))
        .order_by(Feed.id)
        .with_for_update(of=Feed)
    )
    return {feed.id: feed for feed in await session.scalars(query) if feed.claimed_until == until[feed.id]}


async def let_go(session: AsyncSession, claim: Claim) -> None:
    """Leaves the feed to whoever comes next; it is due still."""
    free = update(Feed).where(*_ours(claim)).values(claimed_until=None)
    await session.execute(free.execution_options(synchronize_session=False))


def _until() -> ColumnElement[datetime]:
    return func.now() + func.make_interval(0, 0, 0, 0, 0, 0, LEASE)


def _ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    feed = claim.feed
    return (
        Feed.workspace_id == feed.workspace_id,
        Feed.id == feed.id,
        Feed.claimed_until == claim.until,
    )


def _claim(feed: Feed) -> Claim:
    assert feed.claimed_until is not None
    return Claim(feed, feed.claimed_until)
