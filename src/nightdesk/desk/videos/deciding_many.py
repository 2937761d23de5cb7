"""One decision on many videos, and decisions that are taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk.decided import booked
from nightdesk.desk.errors import Conflict, DeskError
from nightdesk.desk.people import Actor
from nightdesk.desk.videos.decisions import Decision, Decisions
from nightdesk.desk.videos.redoing import DECIDED
from nightdesk.lines.video.telling import job, tell
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.videos import Video


@dataclass(frozen=True)
class Outcome:
    """What was done with one video; `why` says why nothing was."""

    id: int
    done: bool
    why: str = ""


async def decide_many(
    decisions: Decisions,
    workspace_id: int,
    numbers: Sequence[int],
    decision: Decision,
    *,
    note: str = "",
    by: Actor | None = None,
) -> list[Outcome]:
    """The same for each, in a transaction of its own; what cannot be says why. Raises `Invalid`."""
    found = []
    for number in dict.fromkeys(numbers):
        try:
            await decisions.decide(workspace_id, number, decision, note=note, by=by)
            found.append(Outcome(number, True))
        except DeskError as error:
            found.append(Outcome(number, False, str(error)))
    return found


async def take_back(
    decisions: Decisions, workspace_id: int, numbers: Sequence[int], by: Actor | None = None
) -> list[Outcome]:
    """Puts each video back to where it stood before its last decision; what cannot be says why."""
    found = []
    for number in dict.fromkeys(numbers):
        try:
            await _back(decisions, workspace_id, number, by)
            found.append(Outcome(number, True))
        except DeskError as error:
            found.append(Outcome(number, False, str(error)))
    return found


async def _back(decisions: Decisions, workspace_id: int, number: int, by: Actor | None) -> None:
    shelf = decisions.shelf
    async with shelf.writing(workspace_id) as session:
        video = await shelf.take(session, workspace_id, number)
        taken = video.checks.get(DECIDED) or {}
        if not taken or taken.get("revision") != video.revision:
            why = f"“{video.title or video.topic}” was changed since; see its page for what happened."
            raise Conflict(why)
        at = shelf.clock.now()
        video.status = str(taken["came_from"])
        video.reviewed_at = None if video.status == "review" else at
        video.checks = {name: check for name, check in video.checks.items() if name != DECIDED}
        await booked(session, video, "undo", by, at)
        await tell(session, workspace_id, [number])
        happening = Happening("video_decided", _told(video, by), data=_data(video))
        await write(session, workspace_id, [happening], at=at, site_id=video.site_id)


def _told(video: Video, by: Actor | None) -> str:
    who = f", by {by.name}" if by and by.name else ""
    return f"“{video.title or video.topic}” is where it was before the last decision{who}."


def _data(video: Video) -> dict[str, object]:
    return {**job(video.id, video.status, video.progress, video.title), "decision": "undo"}
