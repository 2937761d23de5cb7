"""Bench (c): what the engine itself costs: CPU a batch beyond the work, and batches a second on 2 cores."""

import asyncio
import statistics
import time

from bench.ground import Ground, Nothing, cpu, ground, table
from nightdesk.stage import Line

BATCHES = 600
ROUNDS = 3


async def one_round(on: Ground, number: int) -> tuple[float, float]:
    """CPU milliseconds a batch in the worker's process, and batches a second."""
    workspace = await on.workspace()
    site = await on.site(workspace, f"site-{number}")
    await on.keywords(site, BATCHES)
    async with on.store.workspace(workspace) as session:
        run = await on.control.start(session, site, "nothing", "manual", {})
    worker = on.worker()
    task = asyncio.create_task(worker.run())
    began = time.perf_counter()
    with cpu() as spent:
        while True:
            async with on.store.workspace(workspace) as session:
                now = await on.control.active(session, site, "nothing")
            if now is None:
                break
            await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    worker.stop()
    await task
    del run
    return 1000 * spent[0] / BATCHES, BATCHES / seconds


async def main() -> None:
    async with ground(Line("nothing", (Nothing(),))) as on:
        found = [await one_round(on, number) for number in range(ROUNDS + 1)][1:]
    rows = [(n + 1, f"{ms:.2f}", f"{rate:.0f}") for n, (ms, rate) in enumerate(found)]
    medians = [statistics.median(column) for column in zip(*found, strict=True)]
    rows.append(("median", f"{medians[0]:.2f}", f"{medians[1]:.0f}"))
    table(
        "Engine: at most 5 ms CPU a batch beyond the work; at least 100 batches a second",
        ("round", "ms CPU a batch", "batches a second"),
        rows,
    )


if __name__ == "__main__":
    asyncio.run(main())
