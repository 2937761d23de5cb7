"""Bench (a): the whole article line against a model that answers after 200 ms, beside its critical path.

500 keywords (50 things, each searched for in ten ways that mean the same) become 50 clusters, 150 ideas, 150
tasks, 150 articles, their picture prompts and 450 pictures. Model and image service are one stub in a process
of its own (`bench.model_stub`); everything else is the real thing: the worker, its providers over HTTP,
rendering, checks, the database, media files.

The critical path counts waiting for the model and nothing else: for each stage, ceil(calls / 16) x 0.2 s,
summed, since at most 16 calls run at once and a stage begins when the one before it is done. The stages that
call nobody (grouping, tasks, review gate), all CPU and every transaction come on top: they are what the bound
of 1.25 leaves room for.

Two worker processes share the 16 calls, since this machine has two cores; `--processes` says otherwise.

One call at a time is a smaller sample (a tenth) with one batch in hand; its time a call times the calls of
the whole is what the whole would take. `--whole` walks the whole of it that way too.
Run `python -m bench.article_line`.
"""

import argparse
import asyncio
import math
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bench.crew import crew
from bench.figures import Figure, cpu, report, table
from bench.model_stub import model, tally
from bench.searches import searches
from nightdesk.bootstrap import House, open_house
from nightdesk.engine.control import Control
from nightdesk.lines.article import ARTICLE
from nightdesk.settings import Settings
from nightdesk.stage import Line
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.runs import ProviderCall, Run
from nightdesk.store.tables.tenancy import Site

THINGS = 50
WARMING = 4
"""Things that the workers walk before: enough for each of them to meet every stage."""

DELAY_MS, AT_ONCE, PROCESSES = 200, 16, 2
MOST_TIMES, TARGET_TIMES, LEAST_FASTER = 1.25, 1.10, 10.0
MADE = {
    "clusters": ("1", "clusters_created"),
    "ideas": ("2", "ideas_created"),
    "articles": ("4", "content_created"),
    "pictures": ("6", "images_generated"),
}


@dataclass(frozen=True)
class Walk:
    """One run of the line: seconds, calls by stage, what was made, CPU seconds of worker and database."""

    seconds: float
    calls: dict[int, int]
    made: dict[str, int]
    worker: float
    database: float

    def critical(self, delay_ms: int) -> float:
        """Seconds of waiting for the model that nothing can take away."""
        return sum(math.ceil(calls / AT_ONCE) * delay_ms / 1000 for calls in self.calls.values())


async def at_once(house: House, things: int, processes: int) -> Walk:
    """The walk with all calls at once, by workers that have walked the line of another site before."""
    with crew(house.settings, processes, AT_ONCE) as workers:
        await walk(house, WARMING, workers)
        return await walk(house, things, workers)


async def one_at_a_time(house: House, things: int) -> Walk:
    """The walk with one batch in hand, by a worker that has walked the line of another site before."""
    _limit(house.control)
    worker = house.worker()
    task = asyncio.create_task(worker.run())
    await walk(house, 1)
    walked = await walk(house, things)
    worker.stop()
    await task
    return walked


async def walk(house: House, things: int, workers: Sequence[int] = ()) -> Walk:
    """Walks the line from `things` x 10 keywords of a new site."""
    workspace = await house.desk.founding.found("Bench", 1_000_000)
    site = await _site(house, workspace, things)
    with cpu(house.postgres, workers) as spent:
        run = await house.desk.runs.run_now(workspace, site, "article")
        run = await _done(house, workspace, run)
    assert run.completed_at is not None, f"{run.status}: {run.error_message}"
    made = {what: int(run.results[stage][field]) for what, (stage, field) in MADE.items()}
    calls = await _calls(house, workspace)
    return Walk((run.completed_at - run.started_at).total_seconds(), calls, made, *spent)


@asynccontextmanager
async def _house(base_url: str) -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as name:
        Path(name).chmod(0o755)
        wishes: dict[str, Any] = {
            "text": "openai:stub",
            "text_base_url": base_url,
            "images": "openai:stub",
            "images_base_url": base_url,
            "provider_concurrency": AT_ONCE,
            "disk_reserve_mb": 0,
        }
        settings = Settings(_env_file=None, data_dir=Path(name), **wishes)
        async with open_house(settings) as house:
            yield house


def _limit(control: Control) -> None:
    """Lets every stage of this house have one batch in hand."""
    stages = []
    for stage in ARTICLE.stages:
        alone = type(stage)()
        alone.policy = replace(stage.policy, concurrency=1)  # type: ignore[misc]
        stages.append(alone)
    control.runner.lines["article"] = Line("article", tuple(stages))  # type: ignore[index]


async def _site(house: House, workspace: int, things: int) -> int:
    async with house.store.workspace(workspace) as session:
        site = Site(
            workspace_id=workspace, slug="bench", name="Bench", subject="things for the home", language="en"
        )
        session.add(site)
        await session.flush()
        rows = [
            {
                "workspace_id": workspace,
                "site_id": site.id,
                "phrase": phrase,
                "normal": phrase,
                "volume": volume,
            }
            for phrase, volume in searches(things)
        ]
        await session.execute(insert(Keyword), rows)
        return site.id


async def _done(house: House, workspace: int, run: Run) -> Run:
    while True:
        await asyncio.sleep(0.25)
        async with house.store.workspace(workspace) as session:
            now = (await session.scalars(select(Run).where(Run.id == run.id))).one()
        if now.status != "running":
            return now


async def _calls(house: House, workspace: int) -> dict[int, int]:
    async with house.store.workspace(workspace) as session:
        by_stage = select(ProviderCall.stage, func.count()).group_by(ProviderCall.stage)
        return {int(stage): calls for stage, calls in (await session.execute(by_stage)).all()}


async def measured(things: int, sample: int, whole: bool, delay_ms: int, processes: int) -> int:
    """Prints the figures; returns the exit status."""
    with model(delay_ms) as base_url:
        async with _house(base_url) as house:
            fast = await at_once(house, things, processes)
            busiest = tally(base_url)["at_once"]
            slow = await one_at_a_time(house, things if whole else sample)
    _show(fast, slow)
    calls = sum(fast.calls.values())
    one_by_one = slow.seconds / sum(slow.calls.values()) * calls
    critical = fast.critical(delay_ms)
    times, faster = fast.seconds / critical, one_by_one / fast.seconds
    scaled = "" if whole else f", scaled from {sum(slow.calls.values())} calls"
    figures = [
        Figure(f"the line with {AT_ONCE} calls at once", f"{fast.seconds:.1f} s"),
        Figure("its critical path", f"{critical:.1f} s"),
        Figure(f"one call at a time{scaled}", f"{one_by_one:.0f} s"),
        Figure.most(f"times the critical path (target {TARGET_TIMES:g})", times, MOST_TIMES, "", 2),
        Figure.least("times faster than one call at a time", faster, LEAST_FASTER, "", 1),
        Figure.most("calls at the model at once", busiest, AT_ONCE, "", 0),
        Figure.fact(
            f"clusters of {things} things",
            0.9 * things <= fast.made["clusters"] <= 1.1 * things,
            str(fast.made["clusters"]),
        ),
    ]
    return report("(a) The article line", figures)


def _show(fast: Walk, slow: Walk) -> None:
    rows: list[tuple[object, ...]] = []
    for name, one in ((f"{AT_ONCE} at once", fast), ("one at a time", slow)):
        calls = sum(one.calls.values())
        rows.append(
            (
                name,
                *one.made.values(),
                calls,
                f"{one.seconds:.1f}",
                f"{1000 * one.worker / calls:.1f}",
                f"{1000 * one.database / calls:.1f}",
            )
        )
    head = ("", *MADE, "calls", "seconds", "worker, ms CPU a call", "database, ms CPU a call")
    table("(a) The article line, model and pictures by a stub", head, rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--things", type=int, default=THINGS, help="of ten keywords each")
    parser.add_argument("--sample", type=int, default=THINGS // 10, help="things for one call at a time")
    parser.add_argument("--whole", action="store_true", help="walk all of it one call at a time")
    parser.add_argument("--delay-ms", type=int, default=DELAY_MS, help="of each answer")
    parser.add_argument("--processes", type=int, default=PROCESSES, help="of workers")
    given = parser.parse_args()
    return asyncio.run(measured(given.things, given.sample, given.whole, given.delay_ms, given.processes))


if __name__ == "__main__":
    sys.exit(main())
