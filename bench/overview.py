"""Bench (d): the overview of a site with a million keywords and a hundred thousand contents.

The rows come in by SQL, the tallies of them by the triggers that any insert has, and the worker's upkeep
folds these. The overview is asked for by its function and then over HTTP, at a web server in a process of
its own. Run `python -m bench.overview`.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import text

from bench.figures import Figure, report
from bench.web import web
from nightdesk.bootstrap import House, open_house
from nightdesk.settings import Settings

KEYWORDS, CONTENTS, CALLS = 1_000_000, 100_000, 500
AT_ONCE = 50_000
MOST_MS = 50.0
ADDRESS = "/api/v1/automation/pipeline_overview"

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
         t as (insert into tasks (workspace_id, site_id, idea_id, cluster_id, title, words, brief)
               select :workspace, :site, i.id, i.cluster_id, i.title, 1000,
                      jsonb_build_object('title', i.title, 'structure', 'guide', 'intent', 'informational',
                                         'words', 1000, 'angle', '', 'cluster', 'one',
                                         'keywords', jsonb_build_array(), 'outline', jsonb_build_array())
               from i returning id, title)
    insert into contents (workspace_id, site_id, task_id, title, slug, markdown, html, status)
    select :workspace, :site, t.id, t.title, 'piece-' || t.id, 'text', '<p>text</p>',
           case when t.id % 2 = 0 then 'draft' else 'review' end
    from t
""")
_COUNTED = "select state, count(*) as n from {} where workspace_id = :workspace group by 1"
TABLES = {1: "keywords", 2: "clusters", 3: "ideas", 4: "tasks", 5: "contents", 6: "images"}
"""The table whose items each stage counts."""


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as name:
        Path(name).chmod(0o755)
        settings = Settings(_env_file=None, data_dir=Path(name), disk_reserve_mb=0)
        async with open_house(settings) as opened:
            yield opened


async def fill(on: House, workspace: int, site: int, keywords: int, contents: int) -> None:
    """Writes the rows in parts that stay under the statement's time limit, and has their tallies folded."""
    place = {"workspace": workspace, "site": site}
    for query, count, size in ((_KEYWORDS, keywords, AT_ONCE), (_PLAN, contents, AT_ONCE // 10)):
        for first in range(1, count + 1, size):
            async with on.store.workspace(workspace) as session:
                span = {"first": first, "last": min(first + size - 1, count)}
                await session.execute(query, place | span)
    await on.upkeep.fold_tallies(rows=1)


async def timed(calls: int, ask: Callable[[], Awaitable[Any]]) -> list[float]:
    """Milliseconds of each call."""
    took = []
    for _ in range(calls):
        began = time.perf_counter()
        await ask()
        took.append(1000 * (time.perf_counter() - began))
    return took


async def over_http(on: House, workspace: int, site: int, calls: int) -> list[float]:
    """The same over HTTP, at `nightdesk web` in a process of its own."""
    key = await on.desk.people.create_key(workspace, "bench")
    headers = {"Authorization": f"Bearer {key.token}"}
    async with web(on) as served, httpx2.AsyncClient(base_url=served.address, headers=headers) as client:

        async def ask() -> None:
            answer = await client.get(ADDRESS, params={"site_id": site})
            answer.raise_for_status()

        await timed(20, ask)
        return await timed(calls, ask)


async def _counts_are_right(on: House, workspace: int, stages: list[dict[str, Any]]) -> bool:
    async with on.store.workspace(workspace) as session:
        for stage in stages:
            if stage["number"] in TABLES:
                query = text(_COUNTED.format(TABLES[stage["number"]]))
                counted = await session.execute(query, {"workspace": workspace})
                if {row.state: row.n for row in counted} != stage["counts"]:
                    return False
    return True


async def measured(keywords: int, contents: int, calls: int) -> int:
    """Prints the figures; returns the exit status."""
    async with house() as on:
        workspace = await on.desk.founding.found("Bench")
        site = (await on.desk.sites.create(workspace, "Bench")).id
        await fill(on, workspace, site, keywords, contents)
        insights = on.desk.insights
        stages = await insights.pipeline(workspace, site, "article")
        right = await _counts_are_right(on, workspace, stages)
        inside = await timed(calls, lambda: insights.pipeline(workspace, site, "article"))
        outside = await over_http(on, workspace, site, calls)
        priced = await timed(3, lambda: insights.estimate(workspace, site, "article"))
    pending = {stage["name"]: stage["pending"] for stage in stages}
    figures = [
        Figure("rows", f"{keywords:,} keywords, {contents:,} contents"),
        Figure("pending, as shown", ", ".join(f"{count:,}" for count in pending.values())),
        Figure.fact("every count equals count(*)", right, "yes" if right else "no"),
        Figure.most(f"overview, p99 of {calls} calls", percentile(99, inside), MOST_MS, "ms"),
        Figure("overview, median", f"{statistics.median(inside):.1f} ms"),
        Figure.most(f"the same over HTTP, p99 of {calls} calls", percentile(99, outside), MOST_MS, "ms"),
        Figure("the same over HTTP, median", f"{statistics.median(outside):.1f} ms"),
        Figure("estimate of a run's credits, median of 3", f"{statistics.median(priced):.0f} ms"),
    ]
    return report("(d) The overview of a large site", figures)


def percentile(share: int, took: list[float]) -> float:
    """The value that `share` per cent of those found do not pass."""
    return sorted(took)[max(-(-len(took) * share // 100) - 1, 0)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keywords", type=int, default=KEYWORDS)
    parser.add_argument("--contents", type=int, default=CONTENTS)
    parser.add_argument("--calls", type=int, default=CALLS)
    given = parser.parse_args()
    return asyncio.run(measured(given.keywords, given.contents, given.calls))


if __name__ == "__main__":
    sys.exit(main())
