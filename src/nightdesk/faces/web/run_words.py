"""Says in sentences what a run is doing, why it waits, and what its stages came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.rows import Run

ABOUT = {"batches_run", "credits_used", "failed", "partial", "skipped", "skip_reason", "time_elapsed"}
"""Fields of every stage's result; all others are what the stage counts."""

NOUNS = {
    "keywords_processed": ("keyword", "keywords"),
    "clusters_created": ("cluster", "clusters"),
    "clusters_processed": ("cluster", "clusters"),
    "ideas_created": ("idea", "ideas"),
    "ideas_processed": ("idea", "ideas"),
    "tasks_created": ("task", "tasks"),
    "tasks_processed": ("task", "tasks"),
    "content_created": ("article", "articles"),
    "content_processed": ("article", "articles"),
    "total_words": ("word", "words"),
    "sections_made": ("section written again", "sections written again"),
    "prompts_created": ("image prompt", "image prompts"),
    "images_processed": ("image prompt", "image prompts"),
    "images_generated": ("image", "images"),
    "ready_for_review": ("ready for review", "ready for review"),
    "topics_picked": ("topic", "topics"),
    "topics_gathered": ("topic looked up", "topics looked up"),
    "scripts_written": ("script", "scripts"),
    "scenes_planned": ("scene planned", "scenes planned"),
    "scenes_spoken": ("scene read aloud", "scenes read aloud"),
    "seconds_spoken": ("second of sound", "seconds of sound"),
    "videos_captioned": ("video captioned", "videos captioned"),
    "scenes_filmed": ("scene with its picture", "scenes with their pictures"),
    "videos_rendered": ("video rendered", "videos rendered"),
    "parts_rendered": ("part new", "parts new"),
    "parts_reused": ("part used again", "parts used again"),
    "videos_checked": ("video checked", "videos checked"),
    "thumbnails_made": ("thumbnail", "thumbnails"),
}
"""What the fields of the results count, one and many."""


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
        waits = not hand["in_progress"] and hand["processed"] < hand["total"]
        return f"Stage {hand['stage']}, {hand['stage_name']}{': waits to be taken up' if waits else ''}"
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


def waits_again(count: int) -> str:
    """How many items came out of parking."""
    return "1 item waits again." if count == 1 else f"{count:,} items wait again."


def made(result: Mapping[str, Any]) -> str:
    """What went in and what came out: `3 tasks → 3 articles, 2,370 words`."""
    told = [(name, value) for name, value in result.items() if name not in ABOUT and isinstance(value, int)]
    put_in = [_counted(name, value) for name, value in told if name.endswith("_processed")]
    told.sort(key=lambda one: one[0].startswith("total_"))
    came = [_counted(name, value) for name, value in told if not name.endswith("_processed")]
    return " → ".join(part for part in (", ".join(put_in), ", ".join(came)) if part)


def _counted(name: str, value: int) -> str:
    words = NOUNS.get(name) or (name.replace("_", " "),) * 2
    return f"{value:,} {words[0] if value == 1 else words[1]}"
