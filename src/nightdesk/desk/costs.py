"""What things cost: a finished piece along the chain that led to it, a site, and each provider.

A piece bears its own costs and an equal share of what its cluster's planning took: the other ideas of the
cluster bear theirs, whether or not they were written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.spending import Spending

STAGES = {
    "keywords": "clustering",
    "clusters": "planning",
    "ideas": "tasks",
    "tasks": "writing",
    "sections": "sections",
    "contents": "image prompts",
    "images": "images",
}
"""What is done to each kind of item: a cost is booked to the item that was worked on."""

_CHAIN = """
    with piece as (
        select c.id as content, t.id as task, t.idea_id as idea, t.cluster_id as cluster,
               (select greatest(count(*), 1) from ideas i
                where i.workspace_id = t.workspace_id and i.cluster_id = t.cluster_id) as ideas
        from contents c join tasks t on t.workspace_id = c.workspace_id and t.id = c.task_id
        where c.workspace_id = :workspace and c.id = any(:contents)),
    items as (
        select content, 'contents' as kind, content as id, 1 as shared from piece
        union all select content, 'tasks', task, 1 from piece
        union all select content, 'ideas', idea, 1 from piece
        union all select content, 'sections', s.id, 1
            from sections s join piece on s.content_id = piece.content
            where s.workspace_id = :workspace
        union all select content, 'images', i.id, 1 from images i join piece on i.content_id = piece.content
            where i.workspace_id = :workspace
        union all select content, 'clusters', cluster, ideas from piece
        union all select content, 'keywords', k.id, ideas
            from keywords k join piece on k.cluster_id = piece.cluster where k.workspace_id = :workspace)
"""
_CONTENTS = bindparam("contents", type_=ARRAY(BigInteger))
_OF_CONTENTS = text(f"""
    {_CHAIN}
    select items.content, items.kind, sum(cost.credits / items.shared), sum(cost.usd / items.shared)
    from items join item_costs cost
      on cost.workspace_id = :workspace and cost.item_kind = items.kind and cost.item_id = items.id
    group by 1, 2
""").bindparams(_CONTENTS)  # noqa: S608 - put together from our own text
_MAKERS = text(f"""
    {_CHAIN}
    select distinct call.kind, call.provider, call.model
    from items join item_costs cost
      on cost.workspace_id = :workspace and cost.item_kind = items.kind and cost.item_id = items.id
    join provider_calls call on call.workspace_id = :workspace and call.batch_id = cost.batch_id
    where call.ok order by 1, 2, 3
""").bindparams(_CONTENTS)  # noqa: S608
_NEWEST = text("""
    select c.id, c.title, s.name, c.created_at
    from contents c join sites s on s.workspace_id = :workspace and s.id = c.site_id
    where c.workspace_id = :workspace and s.archived_at is null
    order by c.id desc limit :most
""")
_OF_VIDEOS = text("""
    with items as (
        select id as video, 'videos' as kind, id from videos
        where workspace_id = :workspace and id = any(:videos)
        union all select video_id, 'scenes', id from scenes
        where workspace_id = :workspace and video_id = any(:videos))
    select items.video, sum(cost.credits), sum(cost.usd)
    from items join item_costs cost
      on cost.workspace_id = :workspace and cost.item_kind = items.kind and cost.item_id = items.id
    group by 1
""").bindparams(bindparam("videos", type_=ARRAY(BigInteger)))
_CHARGED = text("""
    select stage, step, cast(sum(charged) as bigint), count(*) from batches
    where workspace_id = :workspace and (cast(:site as bigint) is null or site_id = :site) and charged > 0
    group by 1, 2 order by 1, 2
""")
_PROVIDERS = text("""
    select kind, provider, model, cast(sum(calls) as bigint),
           cast(coalesce(sum(calls) filter (where not ok), 0) as bigint), sum(seconds),
           cast(sum(input_tokens) as bigint), cast(sum(output_tokens) as bigint),
           cast(sum(units) as bigint), coalesce(sum(usd), 0)
    from provider_calls
    where workspace_id = :workspace and (cast(:site as bigint) is null or site_id = :site)
    group by 1, 2, 3 order by 1, 2, 3
""")


@dataclass(frozen=True)
class Share:
    """What one stage took of a piece's cost."""

    stage: str
    credits: Decimal
    usd: Decimal


@dataclass(frozen=True)
class Cost:
    """The cost of a piece; `made_by` are the providers as (kind, provider, model)."""

    credits: Decimal
    usd: Decimal
    stages: Sequence[Share] = ()
    made_by: Sequence[tuple[str, str, str]] = field(default=())


@dataclass(frozen=True)
class PieceCost:
    """A piece and what it cost."""

    content_id: int
    title: str
    site: str
    made_at: datetime
    cost: Cost


@dataclass(frozen=True)
class StageCost:
    stage: int
    step: str
    credits: int
    batches: int


@dataclass(frozen=True)
class ProviderCost:
    """What a provider was asked for and took; failed calls and calls made in vain too."""

    kind: str
    provider: str
    model: str
    calls: int
    failed: int
    seconds: float
    input_tokens: int
    output_tokens: int
    units: int
    usd: Decimal


@dataclass(frozen=True)
class Summary:
    """Everything that was charged, by stage, and everything that was called, by provider."""

    credits: int
    usd: Decimal
    stages: Sequence[StageCost]
    providers: Sequence[ProviderCost]


@dataclass(frozen=True)
class Costs(Spending):
    """Answers what things cost; changes nothing."""

    async def of_content(self, workspace_id: int, content_id: int) -> Cost:
        """Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            known = text("select 1 from contents where workspace_id = :workspace and id = :content")
            if not await session.scalar(known, {"workspace": workspace_id, "content": content_id}):
                raise NotFound("content")
            return await cost_of(session, workspace_id, content_id)

    async def newest(self, workspace_id: int, most: int = 8) -> list[PieceCost]:
        """The pieces written last, each with what it cost, without its makers."""
        async with self.store.workspace(workspace_id) as session:
            rows = (await session.execute(_NEWEST, {"workspace": workspace_id, "most": most})).all()
            shares = await _shares(session, workspace_id, [row[0] for row in rows])
        return [
            PieceCost(number, title, site, made_at, _summed(shares.get(number, [])))
            for number, title, site, made_at in rows
        ]

    async def of_videos(self, workspace_id: int, videos: Sequence[int]) -> dict[int, tuple[Decimal, Decimal]]:
        """Credits and dollars of each video by its number; those that cost nothing are not among them."""
        async with self.store.workspace(workspace_id) as session:
            return await costs_of_videos(session, workspace_id, videos)

    async def summary(self, workspace_id: int, site_id: int | None = None) -> Summary:
        """Of a site, or of the whole workspace. Raises `NotFound`."""
        where = {"workspace": workspace_id, "site": site_id}
        async with self.store.workspace(workspace_id) as session:
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
            stages = [StageCost(*row) for row in await session.execute(_CHARGED, where)]
            providers = [ProviderCost(*row) for row in await session.execute(_PROVIDERS, where)]
        return Summary(
            sum(stage.credits for stage in stages),
            sum((one.usd for one in providers), Decimal(0)),
            stages,
            providers,
        )


async def cost_of(session: AsyncSession, workspace_id: int, content_id: int) -> Cost:
    """What a content cost, within the caller's transaction."""
    shares = await _shares(session, workspace_id, [content_id])
    where = {"workspace": workspace_id, "contents": [content_id]}
    makers = [(kind, provider, model) for kind, provider, model in await session.execute(_MAKERS, where)]
    return replace(_summed(shares.get(content_id, [])), made_by=makers)


async def _shares(
    session: AsyncSession, workspace_id: int, contents: Sequence[int]
) -> dict[int, list[Share]]:
    """What each stage took of each content, in the order of the stages."""
    where = {"workspace": workspace_id, "contents": list(contents)}
    rows = {
        (content, kind): (credits, usd)
        for content, kind, credits, usd in await session.execute(_OF_CONTENTS, where)
    }
    return {
        content: [
            Share(stage, *rows[content, kind]) for kind, stage in STAGES.items() if (content, kind) in rows
        ]
        for content in contents
    }


def _summed(shares: Sequence[Share]) -> Cost:
    return Cost(
        sum((share.credits for share in shares), Decimal(0)),
        sum((share.usd for share in shares), Decimal(0)),
        shares,
    )


async def costs_of(
    session: AsyncSession, workspace_id: int, contents: Sequence[int]
) -> dict[int, tuple[Decimal, Decimal]]:
    """Credits and dollars of many contents; those that cost nothing are not among them."""
    where = {"workspace": workspace_id, "contents": list(contents)}
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for content, _, credits, usd in await session.execute(_OF_CONTENTS, where):
        had = found.get(content, (Decimal(0), Decimal(0)))
        found[content] = (had[0] + credits, had[1] + usd)
    return found


async def costs_of_videos(
    session: AsyncSession, workspace_id: int, videos: Sequence[int]
) -> dict[int, tuple[Decimal, Decimal]]:
    """The same of videos, with what their scenes cost."""
    where = {"workspace": workspace_id, "videos": list(videos)}
    return {video: (credits, usd) for video, credits, usd in await session.execute(_OF_VIDEOS, where)}
