"""The routes of the generator: the next topic of a niche, a script, a video and how it stands."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.videos import VideoWish
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.jobs import approve
from nightdesk.faces.api.parameters import BIGGEST, DeskHere, Number
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant
from nightdesk.faces.api.video_shapes import (
    Approved,
    PlatformsAsked,
    StatusShown,
    Topic,
    VideoAsked,
    VideosAccepted,
)
from nightdesk.faces.api.video_shapes import NicheId as InBody
from nightdesk.faces.api.videos import VIDEO_ANSWERS, sent

router = APIRouter(prefix="/api/v1/generator", tags=["generator"])

NicheId = Annotated[int, Query(ge=1, le=BIGGEST, description="The niche, one of the workspace's.")]
Source = Literal["auto", "rss", "list", "llm", "trending"]


class TopicFacts(Shown):
    """What is known of the topic; `reasons` add up to its score."""

    id: int
    url: str
    summary: str
    image: str
    score: float
    reasons: list[dict[str, Any]]
    published_at: Instant | None


class TopicPicked(BaseModel):
    topic: str
    source: str
    data: TopicFacts


class ScriptAsked(Input):
    """What a script is to be about, and who is to be seen in it."""

    niche_id: InBody
    topic: Topic
    character_description: Annotated[str, upto(1000), KEPT] = ""


class ScriptShown(BaseModel):
    """`estimated_duration` in seconds; `visual_cues` are what is seen, scene by scene."""

    topic: str
    hook: str
    body: str
    cta: str
    full_script: str
    estimated_duration: float
    visual_cues: list[str]


@router.post("/topic", response_model=TopicPicked, responses=problems(400, 402, 404, 409, 422))
async def topic(desk: DeskHere, workspace: WorkspaceId, niche_id: NicheId, source: Source = "auto") -> Any:
    """The best unused topic of the niche, marked as used: two callers never get the same.

    `auto` takes the best of all sources; `llm` has new ones proposed where none is left.
    """
    found = await desk.niches.proposals.next(workspace, niche_id, source)
    return TopicPicked(topic=found.title, source=found.source, data=TopicFacts.model_validate(found))


@router.post("/script", response_model=ScriptShown, responses=problems(402, 404, 409, 415, 422))
async def script(desk: DeskHere, workspace: WorkspaceId, body: ScriptAsked) -> Any:
    """Writes a script from what the niche may cite; no video is made of it."""
    wish = VideoWish(topic=body.topic, character=body.character_description)
    made = await desk.videos.writing.write(workspace, body.niche_id, wish)
    return ScriptShown(
        topic=body.topic,
        hook=made.hook,
        body="\n".join(scene.says for scene in made.scenes if scene.part == "body"),
        cta=made.cta,
        full_script=made.text,
        estimated_duration=made.seconds,
        visual_cues=[scene.prompt for scene in made.scenes],
    )


@router.post(
    "/video", status_code=202, response_model=VideosAccepted, responses=problems(402, 404, 409, 415, 422)
)
async def video(desk: DeskHere, workspace: WorkspaceId, body: VideoAsked) -> Any:
    """Asks for a video, or for variants of one; this answers at once, and workers make them."""
    ordered = await desk.videos.ordering.order(workspace, body.niche_id, body.wish(), "api")
    numbers = [one.id for one in ordered.videos]
    many = "The video is" if len(numbers) == 1 else f"{len(numbers)} videos are"
    said = [f"{many} on the way." if not ordered.waits else ordered.waits, *ordered.warnings]
    return VideosAccepted(
        job_id=numbers[0],
        job_ids=numbers,
        topic=ordered.videos[0].topic,
        count=len(numbers),
        message=" ".join(said),
    )


@router.get("/status/{job_id}", response_model=StatusShown, responses=problems(404))
async def status(desk: DeskHere, workspace: WorkspaceId, job_id: Number) -> Any:
    """How a video stands."""
    return StatusShown.of(await desk.videos.shelf.show(workspace, job_id))


@router.get("/preview/{job_id}", response_class=Response, responses=VIDEO_ANSWERS | problems(404))
async def preview(desk: DeskHere, workspace: WorkspaceId, job_id: Number, request: Request) -> Response:
    """The video itself (MP4), as a whole or in part."""
    return await sent(desk, workspace, job_id, request, "video")


@router.post("/approve/{job_id}", response_model=Approved, responses=problems(404, 409, 415, 422))
async def approve_video(
    desk: DeskHere, workspace: WorkspaceId, by: By, job_id: Number, body: PlatformsAsked | None = None
) -> Any:
    """Approves a finished video, for the platforms named or those that it was asked for."""
    return await approve(desk, workspace, by, job_id, body)
