"""What a person decides about finished videos at the gate: approve, send back, reject, reopen."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.decided import booked
from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.inputs import storable
from nightdesk.desk.items import written
from nightdesk.desk.people import Actor
from nightdesk.desk.second_people import approved_first, forget_first, waits_for_second
from nightdesk.desk.videos.redoing import DECIDED, ChangedMeanwhile
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.desk.videos.wishes import platforms as known_platforms
from nightdesk.lines.video.telling import job, tell
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.autopilot import FirstApproval
from nightdesk.store.tables.videos import Video

Decision = Literal["approve", "send_back", "reject", "reopen"]
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Step:
    """A decision: from which statuses it leads to which, and how it is told."""

    start: tuple[str, ...]
    end: str
    told: str


STEPS: dict[Decision, Step] = {
    "approve": Step(("review",), "approved", "was approved"),
    "send_back": Step(("review", "approved"), "sent_back", "was sent back"),
    "reject": Step(("review", "approved", "sent_back"), "rejected", "was rejected"),
    "reopen": Step(("approved", "sent_back", "rejected"), "review", "is under review again"),
}


@dataclass(frozen=True)
class Decisions:
    """Takes decisions; the last stands beside the video's checks, with who, when and on which revision."""

    shelf: Shelf

    async def first(self, video: Video) -> FirstApproval | None:
        """Who approved it where it waits for a second person."""
        return await approved_first(self.shelf.store, video)

    async def decide(
        self,
        workspace_id: int,
        number: int,
        decision: Decision,
        *,
        note: str = "",
        revision: int | None = None,
        platforms: list[str] | None = None,
        by: Actor | None = None,
    ) -> Video:
        """Deciding the same again changes nothing. An approval may name the `platforms` the video is for.

        Raises `NotFound`, `Invalid`; `Conflict` where the video is not at the gate, `ChangedMeanwhile` where
        `revision` is not the one it is at.
        """
        step, note = STEPS[decision], _note(note)
        wanted = known_platforms("platforms", platforms) if platforms else None
        async with self.shelf.writing(workspace_id) as session:
            video = await self.shelf.take(session, workspace_id, number)
            if revision is not None and revision != video.revision:
                raise ChangedMeanwhile(video.revision, revision)
            if video.status != step.end and (video.status not in step.start or video.file is None):
                raise Conflict(_not_now(video.status, step.start))
            if wanted:
                video.platforms = wanted
            if video.status != step.end:
                await self.apply(session, video, decision, note, by)
            return await written(session, video)

    async def apply(
        self, session: AsyncSession, video: Video, decision: Decision, note: str, by: Actor | None
    ) -> None:
        """Decides on a locked video that may be decided on, within the caller's transaction; an approval may
        have to wait for a second person. Raises `Conflict`."""
        at, step = self.shelf.clock.now(), STEPS[decision]
        if decision == "approve" and await waits_for_second(session, video, note, by, at):
            return
        if decision != "approve":
            await forget_first(session, video)
        taken = _taken(video, decision, note, at.isoformat(), by)
        video.status = step.end
        video.reviewed_at = None if decision == "reopen" else at
        video.checks = {**video.checks, DECIDED: taken}
        await booked(session, video, decision, by, at)
        await tell(session, video.workspace_id, [video.id])
        data = {**job(video.id, video.status, video.progress, video.title), **taken}
        happening = Happening("video_decided", _told(video, step, note, by), data=data)
        await write(session, video.workspace_id, [happening], at=at, site_id=video.site_id)


def _taken(video: Video, decision: str, note: str, at: str, by: Actor | None) -> dict[str, Any]:
    return {
        "decision": decision,
        "came_from": video.status,
        "revision": video.revision,
        "note": note,
        "person_id": by.person_id if by else None,
        "who": by.name if by else "",
        "at": at,
    }


def _told(video: Video, step: Step, note: str, by: Actor | None) -> str:
    who = f" by {by.name}" if by and by.name else ""
    return f"“{video.title or video.topic}” {step.told}{who}{': ' + note if note else '.'}"


def _not_now(status: str, start: tuple[str, ...]) -> str:
    if status not in ("review", "approved", "sent_back", "rejected", "cancelled", "publishing", "published"):
        return "This video is still being made; it comes to the gate when it is done."
    wanted = " or ".join("under review" if one == "review" else one.replace("_", " ") for one in start)
    return f"This video is {status.replace('_', ' ')}; that takes one that is {wanted}."


def _note(note: str) -> str:
    try:
        found = storable(note).strip()
    except ValueError as error:
        raise Invalid("note", f"{error}.".capitalize()) from error
    if len(found) > LONGEST_NOTE:
        raise Invalid("note", f"At most {LONGEST_NOTE:,} characters.")
    return found
