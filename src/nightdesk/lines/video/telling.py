"""Tells how far videos have come: as a share of the whole, and as events of their jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.stage import Stage
from nightdesk.store.events import Happening, write


@dataclass(frozen=True)
class Step:
    """A status of a video: what clients call it, the stage that it waits for or is in, and from which to
    which per cent of the whole it leads."""

    job: str
    stage: str
    begin: int
    end: int


STEPS: Mapping[str, Step] = {
    "wanted": Step("pending", "topics", 0, 0),
    "picked": Step("pending", "topics", 0, 0),
    "pending": Step("generating_script", "scripts", 0, 15),
    "scripted": Step("generating_audio", "narration", 15, 30),
    "narrated": Step("generating_subtitles", "captions", 30, 35),
    "captioned": Step("generating_clips", "clips", 35, 60),
    "filmed": Step("rendering", "renders", 60, 95),
    "rendered": Step("rendering", "checks", 95, 97),
    "checked": Step("rendering", "thumbnails", 97, 99),
    "finished": Step("rendering", "review", 99, 100),
    "review": Step("ready_for_review", "review", 100, 100),
    "sent_back": Step("pending", "review", 100, 100),
    "approved": Step("approved", "review", 100, 100),
    "publishing": Step("publishing", "publishing", 100, 100),
    "published": Step("published", "publishing", 100, 100),
    "rejected": Step("cancelled", "review", 100, 100),
    "cancelled": Step("cancelled", "", 0, 0),
}
"""In the order in which a video goes through them, as far as it goes by itself."""

ENDED = ("review", "approved", "published", "rejected", "cancelled")
"""In which there is nothing left to wait for: told as `job_completed`."""

_STANDING = text("""
    select v.id, v.site_id, v.status, v.topic, v.title, v.progress, v.batch_id, now() as at,
           count(s.id) as scenes,
           count(s.id) filter (where s.sound is not null) as spoken,
           count(s.id) filter (where s.picture is not null) as filmed
    from videos v left join scenes s on s.workspace_id = v.workspace_id and s.video_id = v.id
    where v.workspace_id = :workspace and v.id = any(:videos)
    group by v.workspace_id, v.id order by v.id
""")
_FAILED = {
    "videos": text("""
        select v.id, v.site_id, v.status, v.progress, coalesce(nullif(v.title, ''), v.topic) as topic,
               v.error, now() as at
        from videos v where v.workspace_id = :workspace and v.id = any(:items) order by v.id
    """),
    "scenes": text("""
        select distinct on (v.id) v.id, v.site_id, v.status, v.progress,
               coalesce(nullif(v.title, ''), v.topic) as topic,
               'Scene ' || s.position || ': ' || s.error as error, now() as at
        from scenes s join videos v on v.workspace_id = s.workspace_id and v.id = s.video_id
        where s.workspace_id = :workspace and s.id = any(:items) order by v.id, s.position
    """),
}
_FURTHER = text("""
    update videos set progress = :progress
    where workspace_id = :workspace and id = :video and progress < :progress
""")


async def tell_parked(
    session: AsyncSession, workspace_id: int, stage: Stage[Any], items: Sequence[int]
) -> None:
    """Tells of the videos that failed at a stage, by themselves or by a scene."""
    values = {"workspace": workspace_id, "items": list(items)}
    for row in (await session.execute(_FAILED[stage.table.__tablename__], values)).all():
        data = {**job(row.id, row.status, row.progress, row.topic), "status": "failed", "error": row.error}
        told = [
            Happening("job_log", row.error or "", "error", data=data),
            Happening("job_completed", data=data),
        ]
        await write(session, workspace_id, told, at=row.at, site_id=row.site_id)


async def tell(
    session: AsyncSession, workspace_id: int, videos: Collection[int], says: Mapping[int, str] | None = None
) -> None:
    """Writes down how far the videos have come, and tells of it with the caller's transaction.

    `says` are lines for the log of a video. Videos that the session has loaded are not refreshed.
    """
    await session.flush()
    values = {"workspace": workspace_id, "videos": list(videos)}
    for row in (await session.execute(_STANDING, values)).all():
        progress = max(row.progress, share(row.status, row.scenes, row.spoken, row.filmed))
        if progress > row.progress:
            further = {"workspace": workspace_id, "video": row.id, "progress": progress}
            await session.execute(_FURTHER, further)
        data = job(row.id, row.status, progress, row.title or row.topic)
        if row.status == "pending" and row.batch_id is None:
            data["status"] = "pending"
        told = [Happening("job_log", line, data=data) for line in [(says or {}).get(row.id)] if line]
        kind = "job_completed" if row.status in ENDED else "job_progress"
        told.append(Happening(kind, data=data))
        await write(session, workspace_id, told, at=row.at, site_id=row.site_id)


def share(status: str, scenes: int, spoken: int, filmed: int) -> int:
    """Per cent of the whole, counting the scenes that are done of the step that the video is in."""
    step = STEPS.get(status)
    if step is None:
        return 0
    done = {"scripted": spoken, "captioned": filmed}.get(status, 0)
    return step.begin + int((step.end - step.begin) * done / scenes) if scenes else step.begin


def job(video_id: int, status: str, progress: int, topic: str) -> dict[str, Any]:
    """What every event of a job says of it."""
    step = STEPS.get(status)
    return {
        "job_id": video_id,
        "status": step.job if step else status,
        "stage": step.stage if step else status,
        "progress": progress,
        "topic": topic,
    }
