"""The shapes of finished videos: in the library, with what is known of one, and what platforms say of it."""

from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field

from nightdesk.desk.videos import Exported, Shown, Verdict
from nightdesk.faces.api.publishing_shapes import PublicationShown
from nightdesk.faces.api.row_shapes import Listed
from nightdesk.faces.api.row_shapes import Shown as Row
from nightdesk.faces.api.shapes import Instant
from nightdesk.faces.api.video_shapes import JobStatus


class VideoInLibrary(BaseModel):
    """A finished video; `duration` in seconds."""

    id: int
    niche_id: int
    title: str
    topic: str
    status: JobStatus
    kind: str
    format: str
    language: str
    duration: float | None
    width: int | None
    height: int | None
    platforms: list[str]
    variant: int
    revision: int
    created_at: Instant
    reviewed_at: Instant | None
    stream_url: str
    thumbnail_url: str

    @classmethod
    def of(cls, shown: Shown) -> "VideoInLibrary":
        return cls(**_of_library(shown))


class LibraryPage(Listed[VideoInLibrary]):
    pass


class SourceShown(BaseModel):
    """What a scene goes back to: a passage of a document of the site, as the script was written from it.

    `document` is its number, though it may be deleted since; `edited` says that a person changed the scene's
    words afterwards.
    """

    number: int
    document: int
    title: str
    url: str
    author: str
    published: str
    passage: str
    edited: bool = False


class SceneShown(Row):
    """`says` is read aloud by the first voice (`speaker` 0) or the second.

    `cites` are the numbers of its `sources` in the script's own list of passages. `footage` names the footage
    that it shows where others may show it too (`pexels:856946`); whose it is stands in `note`.
    """

    position: int
    heading: str
    says: str
    speaker: int
    prompt: str
    cites: list[int]
    sources: list[SourceShown]
    footage: str = Field(validation_alias="source")
    status: str = Field(validation_alias="state")
    seconds: float | None
    label: str
    note: str
    error: str | None


class ThumbnailShown(BaseModel):
    """One of the thumbnails to choose from, to be had at `url`."""

    variant: str
    chosen: bool
    url: str


class VideoWhole(VideoInLibrary):
    """A video with its scenes; `checks` are what was found of it, by name.

    `captions` is their style, empty for none; a voice that is empty is as the niche has it, and so is
    `video_model`, who was asked to film it.
    """

    scenes: list[SceneShown]
    description: str
    hashtags: list[str]
    captions: str
    voice: str
    second_voice: str
    video_model: str
    thumbnails: list[ThumbnailShown]
    checks: dict[str, Any]
    notes: list[str]

    @classmethod
    def of(cls, shown: Shown) -> "VideoWhole":
        return cls(**facts_of_whole(shown))


class Metadata(BaseModel):
    """What goes with a video where it is shown: its words, its voices, who made it and of what.

    `marks` tell where it comes from, `label` what made its words, `documents` what it cites.
    """

    id: int
    title: str
    description: str
    hashtags: list[str]
    language: str
    duration: float | None
    width: int | None
    height: int | None
    captions: str
    voice: str
    second_voice: str
    platforms: list[str]
    label: str
    marks: dict[str, Any]
    documents: list[int]
    checks: dict[str, Any]
    notes: list[str]

    @classmethod
    def of(cls, shown: Shown) -> "Metadata":
        video, script = shown.video, shown.video.script
        names = ("id", "title", "language", "width", "height", "captions", "voice", "second_voice", "label")
        return cls(
            **{name: getattr(video, name) for name in (*names, "marks", "checks")},
            description=str(script.get("description") or ""),
            hashtags=list(script.get("hashtags") or []),
            duration=video.seconds,
            platforms=list(video.platforms),
            documents=list(script.get("documents") or []),
            notes=list(video.notes),
        )


class Publishes(BaseModel):
    """Where a video was published; nowhere yet where the list is empty."""

    publishes: list[PublicationShown]


class PlatformsKnown(BaseModel):
    """What each platform takes, by its name."""

    platforms: dict[str, dict[str, Any]]


class BreakShown(Row):
    """One limit that is broken; an export mends those that are `mendable`."""

    code: str
    message: str
    mendable: bool


class VerdictShown(BaseModel):
    platform: str
    name: str
    valid: bool
    errors: list[BreakShown]

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictShown":
        errors = [BreakShown.model_validate(one) for one in verdict.breaks]
        return cls(platform=verdict.platform, name=verdict.name, valid=not errors, errors=errors)


class Validated(BaseModel):
    video_id: int
    platforms: list[VerdictShown]


class Optimized(BaseModel):
    """A file that the platform takes, to be had at `url` for a day; `same` where the video's own will do.

    `changes` says what was done to it, `loses` what viewers will not see, `left` what a person has to mend.
    """

    video_id: int
    platform: str
    same: bool
    changes: list[str]
    loses: list[str]
    left: list[BreakShown]
    width: int
    height: int
    size: int
    sha256: str
    url: str

    @classmethod
    def of(cls, video_id: int, made: Exported) -> "Optimized":
        plan = made.plan
        return cls(
            video_id=video_id,
            platform=made.platform,
            same=plan.same,
            changes=list(plan.changes),
            loses=list(plan.loses),
            left=[BreakShown.model_validate(one) for one in plan.left],
            width=plan.width,
            height=plan.height,
            size=made.file.size,
            sha256=made.file.sha256,
            url=f"/api/v1/export/files/{made.file.sha256}",
        )


def _of_library(shown: Shown) -> dict[str, Any]:
    video = shown.video
    names = ("id", "title", "topic", "kind", "language", "width", "height", "variant", "revision")
    return {
        "niche_id": video.site_id,
        "status": shown.standing.status,
        "format": video.shape,
        "duration": video.seconds,
        "platforms": list(video.platforms),
        "stream_url": f"/api/v1/videos/{video.id}/stream",
        "thumbnail_url": f"/api/v1/videos/{video.id}/thumbnail",
        **{name: getattr(video, name) for name in (*names, "created_at", "reviewed_at")},
    }


def facts_of_whole(shown: Shown) -> dict[str, Any]:
    video = shown.video
    return {
        **_of_library(shown),
        "scenes": [SceneShown.model_validate(scene) for scene in shown.scenes],
        "description": str(video.script.get("description") or ""),
        "hashtags": list(video.script.get("hashtags") or []),
        "thumbnails": [_thumbnail(video.id, one) for one in video.thumbnails],
        "notes": list(video.notes),
        "video_model": video.model,
        **{name: getattr(video, name) for name in ("captions", "voice", "second_voice", "checks")},
    }


def _thumbnail(video: int, one: dict[str, Any]) -> ThumbnailShown:
    variant = str(one.get("variant", ""))
    url = f"/api/v1/videos/{video}/thumbnail?variant={quote(variant)}"
    return ThumbnailShown(variant=variant, chosen=bool(one.get("chosen")), url=url)
