"""What was published, each with all that was read back of it: what every figure of results is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST = 20_000
"""Publications that one answer is made of, the newest; 20 sites with 2 a day to 2 accounts make 2,400 in
a month."""

Count = Literal["views", "likes", "comments", "shares"]
COUNTS: tuple[Count, ...] = ("views", "likes", "comments", "shares")

_PUBLISHED = text("""
    select p.id, p.site_id, p.account_id, a.platform, p.content_id, p.video_id, p.title, p.url, p.live_at,
           coalesce(v.script ->> 'hook', '') as hook, coalesce(v.kind, c.structure, '') as kind,
           coalesce(v.shape, '') as shape, v.seconds, c.words,
           coalesce(t.normal, '') as topic
    from publications p
    join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
    left join videos v on v.workspace_id = p.workspace_id and v.id = p.video_id
    left join contents c on c.workspace_id = p.workspace_id and c.id = p.content_id
    left join tasks w on w.workspace_id = p.workspace_id and w.id = c.task_id
    left join lateral (
        select normal from topics t
        where t.workspace_id = p.workspace_id
          and (t.id = v.topic_id or (w.idea_id is not null and t.idea_id = w.idea_id))
        order by t.id limit 1) t on true
    where p.workspace_id = :workspace and p.state = 'live' and p.live_at >= :since and p.live_at < :until
      and (cast(:site as bigint) is null or p.site_id = :site)
    order by p.live_at desc, p.id desc limit :most
""")
_READ = text("""
    select publication_id, age, at, views, likes, comments, shares from publication_results
    where workspace_id = :workspace and publication_id = any(cast(:numbers as bigint[]))
    order by publication_id, at, id
""")


@dataclass(frozen=True)
class Read:
    """What was said at one instant; `hours` after it went out."""

    at: datetime
    hours: float
    age: int
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None

    @property
    def reach(self) -> int | None:
        """What pieces are compared by: views, where they are told; else what people did with it."""
        if self.views is not None:
            return self.views
        done = [one for one in (self.likes, self.comments, self.shares) if one is not None]
        return sum(done) if done else None


@dataclass(frozen=True)
class Published:
    """One publication that is out, with what was read of it, the oldest first."""

    id: int
    site_id: int
    account_id: int
    platform: str
    content_id: int | None
    video_id: int | None
    title: str
    url: str
    live_at: datetime
    hook: str
    kind: str
    shape: str
    seconds: float | None
    words: int | None
    topic: str
    """The normal form of its topic's title, by which the growth rule deals topics out; empty for none."""
    reads: Sequence[Read] = ()

    @property
    def piece(self) -> tuple[str, int]:
        """Which piece it is, whatever accounts it went to; one that was deleted counts for itself."""
        if self.video_id is not None:
            return "video", self.video_id
        return ("article", self.content_id) if self.content_id is not None else ("publication", self.id)

    @property
    def is_video(self) -> bool:
        return self.video_id is not None

    @property
    def last(self) -> Read | None:
        return self.reads[-1] if self.reads else None

    def count(self, name: Count) -> int | None:
        """The newest number that was told."""
        told = [value for read in self.reads if (value := getattr(read, name)) is not None]
        return told[-1] if told else None


async def published(
    session: AsyncSession, workspace_id: int, since: datetime, until: datetime, site_id: int | None = None
) -> list[Published]:
    """What went out in that span, the newest first."""
    asked: dict[str, Any] = {"workspace": workspace_id, "site": site_id, "most": MOST}
    rows = (await session.execute(_PUBLISHED, asked | {"since": since, "until": until})).mappings().all()
    live: Mapping[int, datetime] = {row["id"]: row["live_at"] for row in rows}
    reads: dict[int, list[Read]] = {}
    for row in await session.execute(_READ, {"workspace": workspace_id, "numbers": list(live)}):
        hours = max((row.at - live[row.publication_id]).total_seconds() / 3600, 0.0)
        reads.setdefault(row.publication_id, []).append(
            Read(row.at, hours, row.age, row.views, row.likes, row.comments, row.shares)
        )
    return [Published(**row, reads=tuple(reads.get(row["id"], ()))) for row in rows]
