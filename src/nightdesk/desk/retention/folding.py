"""Sums up the details of finished runs: many batches and calls become few that say the same in sum.

Batches of one stage, step and outcome become one, which bears what all of them charged; the costs of items
move to it. Calls become one for each stage, batch, model, outcome and hour. So every sum over them is what it
was, and an article still knows what it cost and who made it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.retention.kinds import ENDED
from nightdesk.kit import points
from nightdesk.store.session import Store

MOST_ITEMS = 2000
"""Up to so many items a summed-up batch still names; of more it keeps none."""

_RUN = text(f"""
    select r.id from runs r
    where r.workspace_id = :workspace and r.folded_at is null and {ENDED}
    order by r.started_at limit 1 for update skip locked
""")  # noqa: S608 - put together from our own text
# The first batch of each group stays; those after it are its others.
_OTHERS = text("""
    with grouped as (
        select id, min(id) over (partition by stage, step, status) as keeper from batches
        where workspace_id = :workspace and run_id = :run)
    select id, keeper from grouped where id <> keeper order by keeper, id limit :most
""")
_PAIRS = "unnest(cast(:others as bigint[]), cast(:keepers as bigint[])) as pair (other, keeper)"
_COSTS = text(f"""
    with moved as (
        delete from item_costs c using {_PAIRS}
        where c.workspace_id = :workspace and c.batch_id = pair.other
        returning pair.keeper, c.item_kind, c.item_id, c.credits, c.usd)
    insert into item_costs (workspace_id, batch_id, item_kind, item_id, credits, usd)
    select :workspace, keeper, item_kind, item_id, sum(credits), sum(usd) from moved group by 2, 3, 4
    on conflict on constraint pk_item_costs
    do update set credits = item_costs.credits + excluded.credits, usd = item_costs.usd + excluded.usd
""")  # noqa: S608
_CALLS_OF_BATCHES = text(f"""
    update provider_calls c set batch_id = pair.keeper from {_PAIRS}
    where c.workspace_id = :workspace and c.batch_id = pair.other
""")  # noqa: S608
_BATCHES = text(f"""
    with gone as (
        delete from batches b using {_PAIRS}
        where b.workspace_id = :workspace and b.id = pair.other
        returning pair.keeper, b.items, b.charged, b.tries, b.taken_at, b.ended_at),
    sums as (
        select g.keeper, sum(g.charged) as charged, max(g.tries) as tries, min(g.taken_at) as taken,
               max(g.ended_at) as ended,
               jsonb_agg(item) filter (where item is not null) as items
        from gone g left join lateral jsonb_array_elements(g.items) as item on true group by 1),
    totals as (
        select keeper, sum(charged) as charged from gone group by 1)
    update batches k set
        charged = k.charged + t.charged, tries = greatest(k.tries, s.tries),
        taken_at = least(k.taken_at, s.taken), ended_at = greatest(k.ended_at, s.ended), error = null,
        items = case when jsonb_array_length(k.items) + jsonb_array_length(coalesce(s.items, '[]')) <= :room
                     then k.items || coalesce(s.items, '[]') else '[]' end
    from sums s join totals t on t.keeper = s.keeper
    where k.workspace_id = :workspace and k.id = s.keeper
""")  # noqa: S608
_SAME = "batch_id, stage, site_id, kind, provider, model, ok, usd is null, date_trunc('hour', at)"
_CALLS = text(f"""
    with grouped as (
        select id, count(*) over same as n, dense_rank() over (order by {_SAME}) as g
        from provider_calls where workspace_id = :workspace and run_id = :run
        window same as (partition by {_SAME})),
    chosen as (select id from grouped where n > 1 order by g, id limit :most),
    gone as (
        delete from provider_calls c using chosen
        where c.workspace_id = :workspace and c.id = chosen.id returning c.*),
    put as (
        insert into provider_calls (workspace_id, run_id, batch_id, site_id, stage, kind, provider, model, ok,
                                    seconds, input_tokens, output_tokens, units, usd, note, at, calls)
        select :workspace, :run, batch_id, site_id, stage, kind, provider, model, ok, sum(seconds),
               sum(input_tokens), sum(output_tokens), sum(units), sum(usd), '', min(at), sum(calls)
        from gone
        group by batch_id, stage, site_id, kind, provider, model, ok, usd is null, date_trunc('hour', at)
        returning 1)
    select (select count(*) from gone) - (select count(*) from put)
""")  # noqa: S608
_DONE = text("update runs set folded_at = :now where workspace_id = :workspace and id = :run")


@dataclass(frozen=True)
class Folding:
    """Sums up one run after the other, each in small transactions as its own tenant."""

    store: Store

    async def take(self, workspace_id: int, before: datetime, now: datetime, most: int) -> bool:
        """One step; whether there may be more to do."""
        async with self.store.workspace(workspace_id) as session:
            facts = {"workspace": workspace_id, "before": before}
            run: UUID | None = await session.scalar(_RUN, facts)
            if run is None:
                return False
            where = {"workspace": workspace_id, "run": run}
            more = await _batches(session, where, most)
            if not more and not await session.scalar(_CALLS, where | {"most": most}):
                await session.execute(_DONE, where | {"now": now})
            points.reach("retention.folded")
        return True


async def _batches(session: AsyncSession, where: dict[str, object], most: int) -> bool:
    """Sums up some batches; False where each stands for itself already."""
    pairs = (await session.execute(_OTHERS, where | {"most": most})).all()
    if not pairs:
        return False
    facts = {
        "workspace": where["workspace"],
        "others": [pair[0] for pair in pairs],
        "keepers": [pair[1] for pair in pairs],
    }
    await session.execute(_COSTS, facts)
    await session.execute(_CALLS_OF_BATCHES, facts)
    await session.execute(_BATCHES, facts | {"room": MOST_ITEMS})
    return True
