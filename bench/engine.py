"""Bench (c): what the engine itself costs: CPU a batch beyond the work, and batches a second on 2 cores.

The work of a batch takes no time, so that all that is left is the engine's: taking the batch, settling it,
claiming the next ones, and the queue. Counted is the CPU of the worker's process; the database's stands
beside it. Run `python -m bench.engine`.
"""

import argparse
import asyncio
import statistics
import sys
from dataclasses import dataclass

from sqlalchemy import select

from bench.figures import Figure, cpu, report, table
from bench.ground import Ground, Nothing, ground
from nightdesk.stage import Line
from nightdesk.store.tables.runs import Run

BATCHES, ROUNDS = 600, 3
MOST_MS, LEAST_RATE = 5.0, 100.0


@dataclass(frozen=True)
class Round:
    """CPU milliseconds a batch of the worker and of the database, and batches a second."""

    worker: float
    database: float
    rate: float


async def one_round(on: Ground, workspace: int, number: int, batches: int) -> Round:
    site = await on.site(workspace, f"site-{number}")
    await on.keywords(site, batches)
    worker = on.worker()
    with cpu(on.postgres) as spent:
        task = asyncio.create_task(worker.run())
        async with on.store.workspace(workspace) as session:
            run = await on.control.start(session, site, "nothing", "manual", {})
        seconds = await _when_done(on, workspace, run)
    worker.stop()
    await task
    return Round(1000 * spent[0] / batches, 1000 * spent[1] / batches, batches / seconds)


async def _when_done(on: Ground, workspace: int, run: Run) -> float:
    """How long the run took, by its own account: looking is rare, since it costs what is measured."""
    while True:
        await asyncio.sleep(0.25)
        async with on.store.workspace(workspace) as session:
            now = (await session.scalars(select(Run).where(Run.id == run.id))).one()
        if now.completed_at is not None:
            return (now.completed_at - now.started_at).total_seconds()


async def measured(batches: int, rounds: int) -> int:
    async with ground(Line("nothing", (Nothing(),))) as on:
        workspace = await on.workspace()
        found = [await one_round(on, workspace, number, batches) for number in range(rounds + 1)][1:]
    table(
        f"(c) The engine alone: {batches} batches of no work, {rounds} rounds after a first",
        ("round", "worker, ms CPU a batch", "database, ms CPU a batch", "batches a second"),
        [(n, f"{r.worker:.2f}", f"{r.database:.2f}", f"{r.rate:.0f}") for n, r in enumerate(found, start=1)],
    )
    spent = statistics.median(r.worker for r in found)
    rate = statistics.median(r.rate for r in found)
    figures = [
        Figure.most("CPU of the worker a batch, beyond the work (median)", spent, MOST_MS, "ms", 2),
        Figure.least("batches a second (median)", rate, LEAST_RATE, "", 0),
    ]
    return report("(c) The engine", figures)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--batches", type=int, default=BATCHES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    return asyncio.run(measured(given.batches, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
