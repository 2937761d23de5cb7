"""Bench (d): the overview of a site with a million keywords and a hundred thousand contents."""

import asyncio
import os
import time

from sqlalchemy import text

from bench.ground import Ground, ground, table
from nightdesk.desk.automation import Automation
from nightdesk.desk.insights import Insights
from nightdesk.lines.article import ARTICLE
from nightdesk.store.tables.tenancy import Site

KEYWORDS = int(os.environ.get("BENCH_KEYWORDS", "1000000"))
CONTENTS = int(os.environ.get("BENCH_CONTENTS", "100000"))
CALLS = 500
AT_ONCE = 50_000

_KEYWORDS = text("""
    insert into keywords (workspace_id, site_id, phrase, normal, status, disabled)
    select :workspace, :site, 'phrase ' || n, 'phrase ' || n,
           case when n % 3 = 0 then 'mapped' else 'new' end, n % 50 = 0
    from generate_series(cast(:first as bigint), cast(:last as bigint)) as n
""")
_PLAN = text("""
    with c as (insert into clusters (workspace_id, site_id, name) values (:workspace, :site, 'one')
               returning id),
         i as (insert into ideas (workspace_id, site_id, cluster_id, title, intent, structure, words)
               select :workspace, :site, c.id, 'idea ' || n, 'informational', 'guide', 1000
               from c, generate_series(cast(:first as bigint), cast(:last as bigint)) as n
               returning id, cluster_id, title),
         t as (insert into tasks (workspace_id, site_id, idea_id, cluster_id, title, words)
               select :workspace, :site, i.id, i.cluster_id, i.title, 1000 from i returning id, title)
    insert into contents (workspace_id, site_id, task_id, title, slug, markdown, html, status)
    select :workspace, :site, t.id, t.title, 'piece-' || t.id, 'text', '<p>text</p>',
           case when t.id % 2 = 0 then 'draft' else 'review' end
    from t
""")
_COUNTED = text("select state, count(*) from keywords where workspace_id = :workspace group by 1")


async def fill(on: Ground, site: Site) -> None:
    """Writes the rows by the same triggers as any others, in parts that stay under the statement's limit."""
    place = {"workspace": site.workspace_id, "site": site.id}
    for query, count, size in ((_KEYWORDS, KEYWORDS, AT_ONCE), (_PLAN, CONTENTS, AT_ONCE // 10)):
        for first in range(1, count + 1, size):
            async with on.store.workspace(site.workspace_id) as session:
                span = {"first": first, "last": min(first + size - 1, count)}
                await session.execute(query, place | span)
    await on.upkeep.fold_tallies(rows=1)


async def main() -> None:
    async with ground(ARTICLE) as on:
        site = await on.site(await on.workspace())
        await fill(on, site)
        insights = Insights(on.store, on.control, Automation(on.store, on.control))
        took = []
        for _ in range(CALLS):
            began = time.perf_counter()
            stages = await insights.pipeline(site.workspace_id, site.id, "article")
            took.append(1000 * (time.perf_counter() - began))
        async with on.store.workspace(site.workspace_id) as session:
            counted = await session.execute(_COUNTED, {"workspace": site.workspace_id})
            right = {row.state: row.count for row in counted} == stages[0]["counts"]
        took.sort()
        priced = time.perf_counter()
        await insights.estimate(site.workspace_id, site.id, "article")
        priced = 1000 * (time.perf_counter() - priced)
    rows = [
        ("calls", CALLS, ""),
        ("p50 ms", f"{took[CALLS // 2]:.1f}", ""),
        ("p99 ms", f"{took[int(CALLS * 0.99) - 1]:.1f}", "at most 50"),
        ("counts equal count(*)", "yes" if right else "NO", "yes"),
        ("estimate ms", f"{priced:.0f}", ""),
    ]
    table(
        f"Overview with {KEYWORDS:,} keywords and {CONTENTS:,} contents",
        ("figure", "value", "to reach"),
        rows,
    )


if __name__ == "__main__":
    asyncio.run(main())
