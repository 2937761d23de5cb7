"""The shapes of niches: a site as clients of the second original system know it (CONTRACT §2)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import AfterValidator, AliasChoices, BaseModel, Field, WithJsonSchema

from nightdesk.desk.inputs import KEPT, LARGEST, Input, Number, upto
from nightdesk.desk.niches.filming import Ordered
from nightdesk.desk.niches.seen import Niche
from nightdesk.desk.site_facts import HIGHEST_FLOOR, LARGEST_BUDGET, MOST_A_DAY, PLATFORMS
from nightdesk.desk.video_facts import (
    FAINTEST_MARK,
    LARGEST_MARK,
    MOST_SPOKEN,
    SHORTEST,
    SMALLEST_MARK,
)
from nightdesk.desk.video_facts import LONGEST as LONGEST_VIDEO
from nightdesk.faces.api.platform_shapes import Platform
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.shapes import Instant
from nightdesk.faces.api.sites import Audience, Brand, Language, Name, Prompts, Subject, Voice, Zone

Hour = Annotated[int, Field(ge=0, le=23)]
PostsPerDay = Annotated[int, Field(ge=1, le=MOST_A_DAY)]
VideoModel = Annotated[
    str,
    upto(120),
    KEPT,
    Field(
        description="Who films the video: a maker of clips that is set up here, by its name (`motion`, "
        "`pexels`, `pixabay`, `comfyui:WORKFLOW`, `ltx`). Empty: what the niche has chosen for `clips`. That "
        "does it as well where nobody by that name is set up here; the video's `notes` say so then."
    ),
]
Budget = Annotated[int, Field(ge=0, le=LARGEST_BUDGET, description="credits; 0 for any number")]
Mode = Literal["review_first", "auto_publish"]
RENAMED = {
    "posts_per_day": "posts_a_day",
    "videos_per_day": "videos_a_day",
    "budget_per_day": "day_budget",
    "budget_per_piece": "piece_budget",
}
"""Fields by the names that clients know, and what the desk calls them."""


def _day(text: str) -> str:
    date.fromisoformat(text[:10])
    return text


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(T[0-9:.+Z-]{1,30})?$"), AfterValidator(_day)]
"""A date; of a time its date alone counts."""


class VideoMark(Input):
    """The watermark over a niche's videos; `share` of the frame's width."""

    off: bool | None = None
    corner: Literal["top-left", "top-right", "bottom-left", "bottom-right"] | None = None
    share: Annotated[float, Field(ge=SMALLEST_MARK, le=LARGEST_MARK)] | None = None
    opacity: Annotated[float, Field(ge=FAINTEST_MARK, le=1)] | None = None


class VideoLook(Input):
    """What a niche's videos are like; what is left out is as the video line has it."""

    duration: Annotated[int, Field(ge=SHORTEST, le=LONGEST_VIDEO, description="seconds")] | None = None
    format: Literal["9:16", "16:9", "1:1"] | None = None
    voice: Annotated[str, upto(100), KEPT] | None = None
    captions: Literal["clean", "box", "pop", "sweep", "plain", "none"] | None = None
    watermark: VideoMark | None = None
    lexicon: (
        Annotated[dict[str, str], Field(max_length=MOST_SPOKEN, description="what is said for a word")] | None
    ) = None


class NicheChanges(Input):
    """`is_active` false archives the niche, true brings it back."""

    name: Name = Field(default_factory=str)
    subject: Subject = Field("", validation_alias=AliasChoices("subject", "description", "topic"))
    audience: Audience = Field(default_factory=str)
    language: Language = Field(default_factory=lambda: "en")
    timezone: Zone = Field(default_factory=lambda: "UTC")
    voice: Voice = Field("", validation_alias=AliasChoices("voice", "tone"))
    style: Voice = Field(default_factory=str)
    brand: Brand = Field(default_factory=Brand)
    prompts: Prompts = Field(default_factory=dict)
    posts_per_day: PostsPerDay = 2
    hours: Annotated[list[Hour], Field(max_length=24)] = Field(default_factory=list)
    platforms: Annotated[list[Platform], Field(max_length=10)] = Field(default_factory=list)
    video: VideoLook = Field(default_factory=VideoLook)
    floor: Annotated[int, Field(ge=0, le=HIGHEST_FLOOR)] = 10
    auto_mode: bool = False
    generation_mode: Mode = "review_first"
    videos_per_day: Annotated[int, Field(ge=0, le=MOST_A_DAY)] = 0
    budget_per_day: Budget = 0
    budget_per_piece: Budget = 0
    is_active: bool = True

    def facts(self) -> dict[str, Any]:
        """The fields that were given, as the desk calls them."""
        return {RENAMED.get(name, name): value for name, value in self.given().items()}


class NewNiche(NicheChanges):
    name: Name
    slug: Annotated[str, upto(80), KEPT] | None = None
    is_active: Literal[True] = True


class NicheShown(BaseModel):
    """`description` is the subject and `tone` the voice, by the names that some clients know."""

    id: int
    slug: str
    name: str
    subject: str
    description: str
    audience: str
    language: str
    timezone: str
    voice: str
    tone: str
    style: str
    brand: dict[str, Any]
    prompts: dict[str, Any]
    video: dict[str, Any]
    platforms: list[str]
    hours: list[int]
    posts_per_day: int
    auto_mode: bool
    generation_mode: Mode
    videos_per_day: int
    budget_per_day: int
    budget_per_piece: int
    floor: int
    feeds: int
    topics: dict[str, int]
    is_active: bool
    created_at: Instant

    @classmethod
    def of(cls, niche: Niche, **more: Any) -> "NicheShown":
        site = niche.site
        same = {name: getattr(site, name) for name in cls.model_fields if hasattr(site, name)}
        facts = {
            "description": site.subject,
            "tone": site.voice,
            **{told: getattr(site, name) for told, name in RENAMED.items()},
            "feeds": niche.feeds,
            "topics": dict(niche.topics),
            "is_active": site.archived_at is None,
        }
        return cls(**(same | facts | more))


class NicheImported(NicheShown):
    """`notes` tell what of the document could not be taken."""

    notes: list[str]


class NichePage(Listed[NicheShown]):
    pass


class Job(Shown):
    """A video that waits."""

    id: int
    topic: str


class JobOfNiche(Job):
    niche_id: int


class Toggled(BaseModel):
    message: str
    auto_mode: bool
    posts_per_day: int


class Automated(BaseModel):
    message: str
    jobs: list[Job]
    niche_id: int
    auto_publish: bool


class BulkAutomated(BaseModel):
    message: str
    total_jobs: int
    niches: int
    jobs: list[JobOfNiche]
    auto_publish: bool


class SmartlyScheduled(BaseModel):
    """`optimal_times`: the instant of each platform."""

    message: str
    scheduled_date: date
    jobs_created: int
    platforms: list[str]
    optimal_times: dict[str, Instant]


class Triggered(BaseModel):
    message: str
    jobs: list[JobOfNiche]


class NicheNamed(BaseModel):
    id: int
    slug: str
    name: str
    posts_per_day: int
    auto_mode: bool


class OnPlatform(BaseModel):
    total_niches: int
    active_niches: int
    total_posts_per_day: int
    niches: list[NicheNamed]


class AutomateAsked(Input):
    video_count: Annotated[int, Field(ge=1, le=50)] = 1
    publish: bool = False
    video_model: VideoModel = ""


class BulkAsked(Input):
    niche_ids: Annotated[list[Number], Field(min_length=1, max_length=200)]
    videos_per_niche: Annotated[int, Field(ge=1, le=50)] = 1
    publish: bool = False


class ScheduleAsked(Input):
    platforms: Annotated[list[Platform], Field(max_length=10)] = Field(default_factory=list)
    scheduled_date: Day | None = None

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.scheduled_date[:10]) if self.scheduled_date else None


class TopicProposed(Shown):
    id: int
    title: str
    summary: str
    source: str
    score: float


class TopicsProposed(Shown):
    topics: list[TopicProposed]


class TriggerAsked(Input):
    niche_ids: Annotated[list[Number], Field(max_length=200)] | None = None


def _written(kind: type[Input], *lists: dict[str, Any]) -> WithJsonSchema:
    """How a body is described that is read together with the query: an object, a bare list, or nothing."""
    bare: list[dict[str, Any]] = [{"type": "array", "items": one} for one in lists]
    loose = kind.model_json_schema() | {"required": []}
    return WithJsonSchema({"anyOf": [loose, *bare, {"type": "null"}]})


_ID: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LARGEST}
AutomateBody = Annotated[Any, Body(), _written(AutomateAsked)]
BulkBody = Annotated[Any, Body(), _written(BulkAsked, _ID)]
ScheduleBody = Annotated[Any, Body(), _written(ScheduleAsked, {"enum": list(PLATFORMS)})]
TriggerBody = Annotated[Any, Body(), _written(TriggerAsked, _ID)]


def jobs_of(ordered: Iterable[Ordered]) -> list[JobOfNiche]:
    """The videos of several niches."""
    return [
        JobOfNiche(id=video.id, topic=video.topic, niche_id=video.site_id)
        for one in ordered
        for video in one.videos
    ]


def named(site: Any) -> NicheNamed:
    facts: Mapping[str, Any] = {name: getattr(site, name) for name in ("id", "slug", "name", "auto_mode")}
    return NicheNamed(**facts, posts_per_day=site.posts_a_day)
