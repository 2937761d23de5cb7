"""The shapes of videos on their way, as clients of the second original system know them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, Field

from nightdesk.desk.inputs import KEPT, LARGEST, Input, Number, upto
from nightdesk.desk.video_facts import LONGEST, SHORTEST
from nightdesk.desk.videos import Shown, VideoWish, standing
from nightdesk.faces.api.niche_shapes import VideoModel
from nightdesk.faces.api.platform_shapes import Platform
from nightdesk.faces.api.row_shapes import Listed
from nightdesk.faces.api.shapes import Instant

NicheId = Annotated[int, Field(ge=1, le=LARGEST, description="The niche, one of the workspace's.")]
Topic = Annotated[str, upto(300, 3), KEPT]
JobStatus = standing.JobStatus
Shape = Literal["9:16", "16:9", "1:1", "vertical", "horizontal", "square"]
SHAPES = {"vertical": "9:16", "horizontal": "16:9", "square": "1:1"}
Kind = Literal["explainer", "list", "story", "dialogue"]
Captions = Literal["clean", "box", "pop", "sweep", "plain", "none"]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


class SceneAsked(Input):
    """A scene of a script of one's own."""

    says: Annotated[str, upto(1000, 1), KEPT] = Field(
        validation_alias=AliasChoices("says", "narration", "text")
    )
    heading: Annotated[str, upto(160), KEPT] = ""


class VideoAsked(Input):
    """What a video is to be; what is left out is as the niche has it.

    Without `topic`, `topic_id`, `custom_script` and `scenes` it is about the niche's best unused topic.
    """

    niche_id: NicheId
    topic: Topic | None = None
    topic_id: Number | None = None
    custom_script: Annotated[str, upto(20_000), KEPT] = ""
    scenes: Annotated[list[SceneAsked], Field(max_length=60)] | None = None
    video_name: Annotated[str, upto(160), KEPT] = ""
    platform_format: Shape | None = None
    kind: Kind = "explainer"
    language: LanguageTag | None = None
    voice_id: Annotated[str, upto(100), KEPT] = ""
    second_voice_id: Annotated[str, upto(100), KEPT] = ""
    captions: Captions | None = None
    character_description: Annotated[str, upto(1000), KEPT] = ""
    target_duration_seconds: Annotated[int, Field(ge=SHORTEST, le=LONGEST)] | None = None
    platforms: Annotated[list[Platform], Field(max_length=10)] = Field(default_factory=list)
    publish: bool = False
    video_model: VideoModel = ""
    count: Annotated[int, Field(ge=1, le=5)] = 1

    def wish(self) -> VideoWish:
        shape = self.platform_format or ""
        return VideoWish(
            topic=self.topic or "",
            topic_id=self.topic_id,
            custom_script=self.custom_script or _script(self.scenes or []),
            kind=self.kind,
            shape=SHAPES.get(shape, shape),
            seconds=self.target_duration_seconds,
            language=self.language or "",
            voice=self.voice_id,
            second_voice=self.second_voice_id,
            captions=self.captions or "",
            character=self.character_description,
            platforms=self.platforms,
            count=self.count,
            name=self.video_name,
            publish=self.publish,
            model=self.video_model,
        )


def _script(scenes: Sequence[SceneAsked]) -> str:
    return "\n\n".join(f"# {one.heading}\n{one.says}" if one.heading else one.says for one in scenes)


class JobShown(BaseModel):
    """A video on its way. `error` says why it failed, `note` what a person has to do for it to go on.

    `video_path` and `preview_url` are null until there is a file. `revision` rises with every change.
    `video_model` is who was asked to film it, empty for the niche's choice.
    """

    id: int
    job_id: int
    niche_id: int
    topic: str
    title: str
    status: JobStatus
    progress: int = Field(ge=0, le=100)
    stage: str
    error: str | None
    note: str
    variant: int
    revision: int
    platforms: list[str]
    publish: bool
    video_model: str
    scheduled_for: Instant | None
    created_at: Instant
    video_path: str | None
    preview_url: str | None

    @classmethod
    def of(cls, shown: Shown) -> "JobShown":
        return cls(**facts_of_job(shown))


class JobPage(Listed[JobShown]):
    """`next_cursor` is null on the last page."""


class JobsToday(BaseModel):
    items: list[JobShown]


class StatusShown(JobShown):
    """`script` is what is said, scene by scene, once it is written."""

    script: str | None

    @classmethod
    def of(cls, shown: Shown) -> "StatusShown":
        script = "\n".join(scene.says for scene in shown.scenes)
        return cls(**facts_of_job(shown), script=script or None)


class LogLine(BaseModel):
    at: Instant
    level: str
    message: str


class JobLogs(BaseModel):
    """The last lines about a job, oldest first."""

    job_id: int
    logs: list[LogLine]


class VideosAccepted(BaseModel):
    """`message` says what they wait for, where that is not a worker."""

    job_id: int
    job_ids: list[int]
    topic: str
    count: int
    message: str


class PlatformsAsked(Input):
    platforms: Annotated[list[Platform], Field(max_length=10)] = Field(default_factory=list)
    revision: Annotated[int, Field(ge=1, le=2**31)] | None = None


class Approved(BaseModel):
    message: str
    platforms: list[str]


def facts_of_job(shown: Shown) -> dict[str, Any]:
    video, standing = shown.video, shown.standing
    names = ("topic", "title", "variant", "revision", "publish", "scheduled_for", "created_at")
    made = video.file is not None
    return {
        "id": video.id,
        "job_id": video.id,
        "niche_id": video.site_id,
        "platforms": list(video.platforms),
        "video_model": video.model,
        "video_path": f"/api/v1/videos/{video.id}/stream" if made else None,
        "preview_url": f"/api/v1/generator/preview/{video.id}" if made else None,
        **{name: getattr(standing, name) for name in ("status", "progress", "stage", "error", "note")},
        **{name: getattr(video, name) for name in names},
    }
