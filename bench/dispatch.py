"""Bench (e): ten thousand sites that are due at once, dispatched by four timetables, none of them twice.

Each timetable is a process of its own, ready before the clock starts. Dispatched means: the run, its
occurrence, its first event and its job are committed and the next instant is planned.
Run `python -m bench.dispatch`.
"""

import argparse
import asyncio
import multiprocessing
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import text

from bench.figures import Figure, cpu, report
from bench.ground import Ground, ground
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.timetable import AT_ONCE, Timetable
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit.clock import SystemClock
from nightdesk.store.session import Store

SITES, TIMETABLES, MOST_SECONDS = 10_000, 4, 15.0

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
           (select count(*) from queue.pgqueuer where entrypoint = 'advance') as jobs,
           (select count(*) from line_configs where workspace_id = :workspace and next_run_at > now())
             as planned
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


async def prepare(on: Ground, sites: int) -> int:
    workspace = await on.workspace()
    due = datetime.now(UTC) - timedelta(hours=1)
    async with on.store.workspace(workspace) as session:
        await session.execute(_SITES, {"workspace": workspace, "sites": sites})
        await session.execute(_DUE, {"workspace": workspace, "due": due})
    return workspace


async def dispatched(on: Ground, timetables: int) -> tuple[float, float]:
    """Has the timetables dispatch what is due; seconds, and their CPU seconds."""
    context = multiprocessing.get_context("spawn")
    ready, said = context.Barrier(timetables + 1), context.Queue()
    address = on.store.url.render_as_string(hide_password=False)
    crew = [
        context.Process(target=dispatch, args=(address, number, ready, said)) for number in range(timetables)
    ]
    for one in crew:
        one.start()
    await asyncio.to_thread(ready.wait)
    began = time.perf_counter()
    spent = [await asyncio.to_thread(said.get) for _ in crew]
    seconds = time.perf_counter() - began
    for one in crew:
        await asyncio.to_thread(one.join)
    return seconds, sum(spent)


async def measured(sites: int, timetables: int) -> int:
    """Prints the figures; returns the exit status."""
    async with ground() as on:
        workspace = await prepare(on, sites)
        with cpu(on.postgres) as spent:
            seconds, crew = await dispatched(on, timetables)
        async with on.store.everywhere() as session:
            found: Any = (await session.execute(_COUNT, {"workspace": workspace})).one()
    each = (found.sites, found.occurrences, found.jobs, found.planned)
    figures = [
        Figure("sites due", f"{sites:,}"),
        Figure.most(f"seconds of {timetables} timetables", seconds, MOST_SECONDS, "s"),
        Figure.fact("runs started twice: none", found.runs == found.sites, str(found.runs - found.sites)),
        Figure.fact(
            "each site with one run, occurrence, job and next instant",
            {found.runs, *each} == {sites},
            "yes" if {found.runs, *each} == {sites} else ", ".join(map(str, each)),
        ),
        Figure("CPU of the timetables", f"{crew:.1f} s"),
        Figure("CPU of the database", f"{spent[1]:.1f} s"),
    ]
    return report(f"(e) {timetables} timetables", figures)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--timetables", type=int, default=TIMETABLES)
    given = parser.parse_args()
    return asyncio.run(measured(given.sites, given.timetables))


if __name__ == "__main__":
    sys.exit(main())
