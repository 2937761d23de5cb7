"""Follows a run: a bar for each stage on a terminal, a line for each finished stage elsewhere."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column

from nightdesk.desk import Desk
from nightdesk.desk.rows import Run
from nightdesk.faces.cli.printing import plain

EVERY = 0.25
"""Seconds between two looks."""

OVER = ("completed", "cancelled", "failed", "paused")
ALWAYS = ("batches_run", "credits_used", "failed", "partial", "skipped", "skip_reason", "time_elapsed")
"""What every stage's result holds; what a stage made is told by its other fields, which are counts."""

IF_ASKED = ("sections_made", "parts_reused")
"""What a stage makes only where a person asked for it, or asked again."""


@dataclass(frozen=True)
class Moment:
    """A run as it is now, with `done` of `total` items of its present stage; `total` 0 where unknown."""

    run: Run
    done: int = 0
    total: int = 0


class Shows(Protocol):
    """Where the progress is shown."""

    def show(self, moment: Moment, /) -> None: ...


async def follow(desk: Desk, workspace_id: int, run_id: UUID, screen: Shows) -> Run:
    """Shows the run until it is over or paused; returns it as it is then."""
    while True:
        run = await desk.runs.get(workspace_id, run_id)
        now = await desk.insights.processing(workspace_id, run.site_id, run_id)
        screen.show(Moment(run, now["processed"], now["total"]) if now else Moment(run))
        if run.status in OVER:
            return run
        await asyncio.sleep(EVERY)


def made(result: dict[str, Any], *, out_of: bool = True) -> str:
    """What a stage did: `38 clusters processed, 114 ideas created`; `out_of` false leaves out the former."""
    if result.get("skipped"):
        return f"skipped: {result.get('skip_reason', '')}"
    # What went in is told before what came out.
    told = sorted(result.keys() - set(ALWAYS), key=lambda name: (not name.endswith("_processed"), name))
    told = [name for name in told if out_of or not name.endswith("_processed")]
    told = [name for name in told if result[name] or name not in IF_ASKED]
    counts = [f"{result[name]:,} {name.removeprefix('total_').replace('_', ' ')}" for name in told]
    parked = [f"{result['failed']:,} parked"] if result.get("failed") else []
    return ", ".join(counts + parked)


def stage_result(run: Run, number: int) -> dict[str, Any] | None:
    """None until the stage has begun."""
    result: dict[str, Any] | None = run.results.get(str(number))
    return result


def begun(run: Run, stages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [stage for stage in stages if stage_result(run, stage["number"]) is not None]


@dataclass
class Bars:
    """Bars that move, one a stage."""

    stages: Sequence[dict[str, Any]]
    progress: Progress
    tasks: dict[int, TaskID] = field(default_factory=dict)

    @classmethod
    def on(cls, console: Console, stages: Sequence[dict[str, Any]]) -> "Bars":
        columns = (
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(16, table_column=Column(min_width=16)),
            MofNCompleteColumn(table_column=Column(no_wrap=True, min_width=7)),
            TextColumn("[dim]{task.fields[made]}[/dim]", table_column=Column(no_wrap=True, ratio=1)),
        )
        return cls(stages, Progress(*columns, console=console))

    def show(self, moment: Moment, /) -> None:
        run = moment.run
        for stage in begun(run, self.stages):
            number = stage["number"]
            if number not in self.tasks:
                name = f"{number} {plain(stage['name'])}"
                self.tasks[number] = self.progress.add_task(name, total=None, made="")
            task = self.tasks[number]
            result = stage_result(run, number) or {}
            self.progress.update(task, made=plain(made(result, out_of=False)))
            if number < run.current_stage or run.status == "completed":
                self._finish(task, result)
            elif moment.total:
                self.progress.update(task, completed=moment.done, total=moment.total)

    def _finish(self, task: TaskID, result: dict[str, Any]) -> None:
        """Full, at as many items as the stage went through."""
        counts = [n for name, n in result.items() if name.endswith("_processed")]
        total = max(sum(counts) + result.get("failed", 0), 1)
        self.progress.update(task, completed=total, total=total)


@dataclass
class Lines:
    """One line for each stage as it ends, for logs and pipes."""

    stages: Sequence[dict[str, Any]]
    console: Console
    said: set[int] = field(default_factory=set)

    def show(self, moment: Moment, /) -> None:
        run = moment.run
        for stage in begun(run, self.stages):
            number = stage["number"]
            over = number < run.current_stage or run.status in OVER
            if over and number not in self.said:
                self.said.add(number)
                result = stage_result(run, number) or {}
                self.console.print(
                    f"{number}  {plain(stage['name'])}  [dim]{result['time_elapsed']:.1f} s[/dim]  "
                    f"{plain(made(result))}",
                    soft_wrap=True,
                )


@dataclass
class Silent:
    """Shows nothing, where a script asked for JSON alone."""

    def show(self, _: Moment, /) -> None:
        return
