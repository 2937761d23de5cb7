"""Says in sentences what a run is doing, why it waits, and what its stages came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.rows import Run

ABOUT = {"batches_run", "credits_used", "failed", "partial", "skipped", "skip_reason", "time_elapsed"}
"""Fields of every stage's result; all others are what the stage counts."""


@dataclass(frozen=True)
class Why:
    """Why a run is paused, and where a person can do something about it."""

    says: str
    detail: str = ""
    path: str = ""
    label: str = ""


def doing(run: Run, hand: Mapping[str, Any] | None) -> str:
    """What the run is at, in a sentence."""
    if run.asked == "pause":
        return "Pausing: what is in hand is finished first."
    if run.asked == "cancel":
        return "Stopping: what is in hand is finished first."
    if run.status == "running" and hand is not None:
        if hand["in_progress"]:
            return f"Stage {hand['stage']}, {hand['stage_name']}"
        return f"Stage {hand['stage']}, {hand['stage_name']}: nothing in hand at this moment"
    if run.status == "running":
        return f"Stage {run.current_stage}"
    if run.status == "paused":
        return f"Paused at stage {run.current_stage}"
    return f"Ended at stage {run.current_stage}" if run.status != "completed" else "Went to the gate"


def why_paused(run: Run) -> Why | None:
    """The reason of a pause, with what helps; None for a run that is not paused."""
    if run.status != "paused":
        return None
    message = run.error_message or ""
    if run.pause_reason == "insufficient_credits":
        return Why("The credits ran out. What was made is kept.", message, "/credits", "Add credits")
    if run.pause_reason == "needs_person":
        says = "It needs you before it can go on. Nothing was lost."
        return Why(says, message, "/settings/models", "Look at the models")
    if run.pause_reason == "disk_low":
        return Why("The disk is nearly full. Make room, then resume.", message)
    return Why("A person paused it. What was made is kept; it goes on from here when resumed.", message)


def made(result: Mapping[str, Any]) -> list[str]:
    """What a stage counted: `20 keywords processed`."""
    return [
        f"{value:,} {name.removeprefix('total_').replace('_', ' ')}"
        for name, value in result.items()
        if name not in ABOUT and isinstance(value, int)
    ]
