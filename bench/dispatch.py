"""Bench (e): ten thousand sites that are due at once, dispatched by four timetables, none of them twice."""

import asyncio
import multiprocessing
import os
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

from sqlalchemy import text

from bench.ground import Ground, ground, table
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.timetable import AT_ONCE, Timetable
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit.clock import SystemClock
from nightdesk.store.session import Store

SITES = int(os.environ.get("BENCH_SITES", "10000"))
TIMETABLES = 4

_SITES = text("""
    insert into sites (workspace_id, slug, name)
    select :workspace, 'site-' || n, 'Site ' || n from generate_series(1, cast(:sites as bigint)) as n
""")
_DUE = text("""
    insert into line_configs (workspace_id, site_id, line, is_enabled, next_run_at)
    select workspace_id, id, 'nothing', true, :due from sites where workspace_id = :workspace
""")
_COUNT = text("""
    select (select count(*) from runs where workspace_id = :workspace) as runs,
           (select count(distinct site_id) from runs where workspace_id = :workspace) as sites,
           (select count(*) from occurrences where workspace_id = :workspace) as occurrences,
           (select count(*) from queue.pgqueuer where entrypoint = 'advance') as jobs
""")


def dispatch(url: str, number: int, ready: Barrier, said: "multiprocessing.Queue[float]") -> None:
    """One timetable in a process of its own; says its CPU seconds."""

    async def tick() -> None:
        store, clock = Store(url), SystemClock()
        control = Control(Runner({}, clock))
        timetable = Timetable(store, Upkeep(store, control, None), clock, f"timetable-{number}")  # type: ignore[arg-type]
        async with store.everywhere() as session:
            await session.execute(text("select 1"))
        await asyncio.to_thread(ready.wait)
        before = time.process_time()
        while await timetable.tick() == AT_ONCE:
            continue
        said.put(time.process_time() - before)
        await store.close()

    asyncio.run(tick())


async def prepare(on: Ground) -> int:
    workspace = await on.workspace()
    due = datetime.now(UTC) - timedelta(hours=1)
    async with on.store.workspace(workspace) as session:
        await session.execute(_SITES, {"workspace": workspace, "sites": SITES})
        await session.execute(_DUE, {"workspace": workspace, "due": due})
    return workspace


async def main() -> None:
    context = multiprocessing.get_context("spawn")
    async with ground() as on:
        workspace = await prepare(on)
        ready, said = context.Barrier(TIMETABLES + 1), context.Queue()
        address = on.store.url.render_as_string(hide_password=False)
        crew = [
            context.Process(target=dispatch, args=(address, number, ready, said))
            for number in range(TIMETABLES)
        ]
        for one in crew:
            one.start()
        await asyncio.to_thread(ready.wait)
        began = time.perf_counter()
        for one in crew:
            await asyncio.to_thread(one.join)
        seconds = time.perf_counter() - began
        spent = sum(said.get() for _ in crew)
        async with on.store.everywhere() as session:
            found = (await session.execute(_COUNT, {"workspace": workspace})).one()
    rows = [
        ("sites due", SITES, ""),
        ("runs", found.runs, str(SITES)),
        ("sites with a run", found.sites, str(SITES)),
        ("jobs queued", found.jobs, str(SITES)),
        ("started twice", found.runs - found.sites, "0"),
        ("seconds", f"{seconds:.1f}", "at most 15"),
        ("CPU seconds of the timetables", f"{spent:.1f}", ""),
    ]
    table(f"{SITES:,} due sites, {TIMETABLES} timetables", ("figure", "value", "to reach"), rows)


if __name__ == "__main__":
    asyncio.run(main())
