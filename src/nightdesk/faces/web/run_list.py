"""Lists of runs as pages show them: which page is asked for, and each run's row."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from nightdesk.desk.errors import NotFound
from nightdesk.desk.rows import Run, Site
from nightdesk.faces.web.visit import Visit


def one_of(blocks: Sequence[str], wanted: str | None) -> str | None:
    """The block that is wanted, where it is one of the page's; None for the whole page."""
    return wanted if wanted in blocks else None


def run_id(given: str) -> UUID:
    """Raises `NotFound` for what is no run's id."""
    try:
        return UUID(given)
    except ValueError as error:
        raise NotFound("run") from error


def before_of(visit: Visit) -> UUID | None:
    """The run that the page wanted begins after; what is none is the first page."""
    try:
        return UUID(visit.query.get("after", ""))
    except ValueError:
        return None


def items_of(form: Mapping[str, Any]) -> tuple[list[int] | None, str | None]:
    """The item that the form names, and its kind; None where it names none, which means all."""
    item, kind = str(form.get("item", "")), str(form.get("kind", ""))
    named = item.isascii() and item.isdecimal() and len(item) < 19
    return ([int(item)], kind or None) if named else (None, None)


def shown_runs(visit: Visit, runs: Sequence[Run], sites: Mapping[int, Site]) -> list[dict[str, Any]]:
    """The rows of a list of runs."""
    now = visit.desk.health.clock.now()
    return [
        {
            "id": run.id,
            "site": sites.get(run.site_id),
            "line": run.line,
            "status": run.status,
            "trigger": run.trigger_type,
            "started_at": run.started_at,
            "seconds": lasted(run, now),
            "counts": run.status == "running",
            "credits": run.total_credits_used,
            "stage": run.current_stage,
        }
        for run in runs
    ]


def lasted(run: Run, now: Any) -> float:
    """Seconds from its start to its end, to its pause, or to now."""
    paused = run.paused_at if run.status == "paused" else None
    end = run.completed_at or run.cancelled_at or paused or now
    return float((end - run.started_at).total_seconds())
