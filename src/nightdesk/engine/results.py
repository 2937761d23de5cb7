"""The result of each stage of a run, as the API shows it; pure changes to the run's `results`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nightdesk.stage import Counts, Stage
from nightdesk.store.tables.runs import Run

ALWAYS = {
    "batches_run": 0,
    "credits_used": 0,
    "failed": 0,
    "partial": False,
    "skipped": False,
    "time_elapsed": 0.0,
}


def of(run: Run, number: int) -> dict[str, Any]:
    return dict(run.results.get(str(number)) or {})


def done(run: Run, stage: Stage[Any]) -> int:
    """Items that the run is through with at a stage, well or not."""
    result = of(run, stage.number)
    return int(result.get(stage.counted, 0)) + int(result.get("failed", 0))


def through(run: Run, steps: Sequence[Stage[Any]]) -> int:
    """The same of all the steps of one stage together."""
    result = of(run, steps[-1].number)
    return sum(int(result.get(name, 0)) for name in {step.counted for step in steps} | {"failed"})


def most(run: Run, stage: Stage[Any]) -> int | None:
    """Items that the run takes at most at a stage, by its setting `most`; None for all.

    A step that it names goes by that (`{"4": 0, "sections": 9}`), others by their stage's number.
    """
    limits = run.settings.get("most", {})
    found = limits.get(stage.name, limits.get(str(stage.number)))
    return None if found is None else int(found)


def ahead(run: Run, step: Stage[Any], waiting: int, in_hand: int) -> int:
    """How many of the items that wait for a step the run will still take."""
    limit = most(run, step)
    return waiting if limit is None else min(waiting, max(limit - done(run, step) - in_hand, 0))


def begin(run: Run, stage: Stage[Any], now: datetime) -> bool:
    """Writes the stage's result with all its fields at zero; False for a later step of a stage begun."""
    run.current_stage = stage.number
    if str(stage.number) in run.results:
        return False
    put(run, stage.number, dict.fromkeys(stage.fields, 0) | ALWAYS)
    run.stage_began_at = now
    return True


def add(run: Run, stage: Stage[Any], counts: Counts, now: datetime, **more: int) -> None:
    """Adds a batch's counts; only fields that the stage declares are kept."""
    result = of(run, stage.number)
    for name, value in counts.items():
        if name in stage.fields:
            result[name] = result.get(name, 0) + value
    for name, value in more.items():
        result[name] = result.get(name, 0) + value
    put(run, stage.number, result | {"time_elapsed": elapsed(run, now)})


def mark(run: Run, number: int, now: datetime, **facts: Any) -> None:
    """Sets facts such as `partial` or `skipped` on a stage that has begun."""
    if str(number) in run.results:
        put(run, number, of(run, number) | facts | {"time_elapsed": elapsed(run, now)})


def elapsed(run: Run, now: datetime) -> float:
    """Seconds since the present stage began."""
    return round((now - run.stage_began_at).total_seconds(), 3) if run.stage_began_at else 0.0


def put(run: Run, number: int, result: dict[str, Any]) -> None:
    run.results = {**run.results, str(number): result}
