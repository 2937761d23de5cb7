"""Deals a site's topics out to what has worked, to trials and to a holdout, and says which is due next.

A topic's part is fixed by a hash of what it says, before anybody knows how it will do. So the parts are alike
but for how they are handled, and the holdout, on which the rule has no hand, shows whether the rule helps.
"""

import hashlib
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Arm = Literal["worked", "trial", "held"]

SLICES = 65536
HELD = round(0.10 * SLICES)
"""The first tenth of all topics is the holdout; of the rest 70 % follow what worked, and 30 % are trials."""

WORKED = HELD + round(0.70 * (SLICES - HELD))
RANGES: dict[Arm, tuple[int, int]] = {
    "held": (0, HELD),
    "worked": (HELD, WORKED),
    "trial": (WORKED, SLICES),
}
"""From which slice to before which."""

ENOUGH = 20
"""Pieces with a result from which a site that was not told otherwise follows them."""

LOOKED_BACK = 50
"""Topics used last by which it is told which part is due."""

SLICE = (
    "(get_byte(sha256(convert_to(site_id || ':' || normal, 'UTF8')), 0) * 256"
    " + get_byte(sha256(convert_to(site_id || ':' || normal, 'UTF8')), 1))"
)
"""In SQL, of a row of `topics`: the same as `slice_of`."""

_MODE = text("select mode from growth_rules where workspace_id = :workspace and site_id = :site")
_RULE = text("""
    select mode, changed_at from growth_rules where workspace_id = :workspace and site_id = :site
""")
_MEASURED = text("""
    select count(*) from (
        select distinct p.content_id, p.video_id from publications p
        where p.workspace_id = :workspace and p.site_id = :site and p.state = 'live'
          and (p.content_id is not null or p.video_id is not null) and exists (
            select from publication_results r
            where r.workspace_id = p.workspace_id and r.publication_id = p.id and r.age > 0
              and coalesce(r.views, r.likes, r.comments, r.shares) is not null)
        limit :enough) as pieces
""")
_USED = text(f"""
    select {SLICE} from topics
    where workspace_id = :workspace and site_id = :site and status = 'used' and used_at >= :since
    order by used_at desc, id desc limit :most
""")  # noqa: S608 - put together from our own text
_SINCE = text("""
    select changed_at from growth_rules where workspace_id = :workspace and site_id = :site
""")

_ALWAYS = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def slice_of(key: str) -> int:
    """Which of the `SLICES` a text falls into."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:2])


def arm_of(key: str) -> Arm:
    """The part that a text is dealt to; of a topic the text is its site's number, `:` and its normal form."""
    number = slice_of(key)
    return next(arm for arm, (low, high) in RANGES.items() if low <= number < high)


async def mode_of(session: AsyncSession, workspace_id: int, site_id: int) -> str:
    """`auto`, `on` or `off`."""
    return str(await session.scalar(_MODE, {"workspace": workspace_id, "site": site_id}) or "auto")


async def followed(
    session: AsyncSession, workspace_id: int, site_id: int
) -> tuple[datetime, datetime | None]:
    """From when to before when results were followed, as far as is known: the last change is kept alone."""
    row = (await session.execute(_RULE, {"workspace": workspace_id, "site": site_id})).one_or_none()
    if row is None:
        return _ALWAYS, None
    return (_ALWAYS, row.changed_at) if row.mode == "off" else (row.changed_at, None)


async def measured(session: AsyncSession, workspace_id: int, site_id: int) -> int:
    """How many pieces of the site have a result, counted up to `ENOUGH`."""
    facts = {"workspace": workspace_id, "site": site_id, "enough": ENOUGH}
    return int(await session.scalar(_MEASURED, facts) or 0)


async def follows(session: AsyncSession, workspace_id: int, site_id: int) -> bool:
    """Whether the site follows its results."""
    mode = await mode_of(session, workspace_id, site_id)
    if mode != "auto":
        return mode == "on"
    return await measured(session, workspace_id, site_id) >= ENOUGH


async def next_arm(session: AsyncSession, workspace_id: int, site_id: int) -> Arm | None:
    """The part that is furthest behind its share of what was used last; None where none is followed."""
    if not await follows(session, workspace_id, site_id):
        return None
    facts: dict[str, Any] = {"workspace": workspace_id, "site": site_id, "most": LOOKED_BACK}
    since = await session.scalar(_SINCE, facts) or _ALWAYS
    used = list(await session.scalars(_USED, facts | {"since": since}))
    counts = {arm: sum(low <= one < high for one in used) for arm, (low, high) in RANGES.items()}

    def behind(arm: Arm) -> float:
        low, high = RANGES[arm]
        return float((high - low) / SLICES * (len(used) + 1) - counts[arm])

    arms: tuple[Arm, ...] = ("worked", "trial", "held")
    return max(arms, key=behind)
