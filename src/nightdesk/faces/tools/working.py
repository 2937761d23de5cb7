"""Tools that work: start and follow runs, start videos, edit an article, send a piece back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from nightdesk.desk.errors import Invalid
from nightdesk.desk.review.inputs import ContentChanges, Decided
from nightdesk.desk.videos import VideoWish
from nightdesk.faces.tools.lists import Line, RunTold, of_run
from nightdesk.faces.tools.tool import Asked, Call, Number, SiteKey, Told, Tool, brief

LOOK = 1.0
"""Seconds between two looks at a run that is followed."""

OVER = ("completed", "cancelled", "failed", "paused")


class StartAsked(Asked):
    site: SiteKey
    line: Line = "article"


class FollowAsked(Asked):
    """`wait`: seconds to wait for news at most; it answers at once where the run is over."""

    run_id: UUID
    lines: Annotated[int, Field(ge=1, le=200, description="Of its log, the last ones.")] = 20
    wait: Annotated[int, Field(ge=0, le=25)] = 0


class LogLine(Told):
    at: datetime
    level: str
    message: str


class FollowTold(RunTold):
    log: list[LogLine]


class SteerAsked(Asked):
    run_id: UUID
    what: Literal["pause", "resume", "cancel"]


class VideoWanted(Asked):
    """About `topic`, or the site's topic `topic_id`; with neither about the site's best topic."""

    site: SiteKey
    topic: Annotated[str, Field(max_length=300)] = ""
    topic_id: Number | None = None
    seconds: Annotated[int, Field(ge=5, le=600)] | None = None
    shape: Literal["", "9:16", "16:9", "1:1"] = ""


class VideoStarted(Told):
    """`waits` says what has to be done before it is made; empty where a run takes it up by itself."""

    video_id: int
    topic: str
    waits: str


class EditAsked(Asked):
    """What is left out stays. `revision` is the one that was read."""

    id: Number
    revision: Annotated[int, Field(ge=1, le=2**31)]
    title: str | None = None
    markdown: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None


class EditTold(Told):
    id: int
    revision: int
    status: str
    words: int


class SendBackAsked(Asked):
    kind: Literal["article", "video"]
    id: Number
    revision: Annotated[int, Field(ge=1, le=2**31)]
    reason: Annotated[str, Field(min_length=3, max_length=2000, description="What is to be different.")]


class DecidedTold(Told):
    kind: str
    id: int
    revision: int
    status: str


async def start_run(call: Call, asked: StartAsked) -> RunTold:
    site = await call.desk.sites.get(call.workspace, asked.site)
    return of_run(await call.desk.runs.run_now(call.workspace, site.id, asked.line))


async def follow_run(call: Call, asked: FollowAsked) -> FollowTold:
    run = await call.desk.runs.get(call.workspace, asked.run_id)
    before = (run.status, run.current_stage, run.total_credits_used)
    for _ in range(asked.wait):
        if run.status in OVER or (run.status, run.current_stage, run.total_credits_used) != before:
            break
        await call.desk.health.clock.sleep(LOOK)
        run = await call.desk.runs.get(call.workspace, asked.run_id)
    log = await call.desk.runs.log(call.workspace, asked.run_id, asked.lines)
    lines = [LogLine(at=one.at, level=one.level, message=brief(one.message)) for one in log]
    return FollowTold(**of_run(run).model_dump(), log=lines)


async def steer_run(call: Call, asked: SteerAsked) -> RunTold:
    runs = call.desk.runs
    steer: Callable[[int, UUID], Awaitable[Any]] = getattr(runs, asked.what)
    return of_run(await steer(call.workspace, asked.run_id))


async def start_video(call: Call, asked: VideoWanted) -> VideoStarted:
    site = await call.desk.sites.get(call.workspace, asked.site)
    wish = VideoWish(topic=asked.topic, topic_id=asked.topic_id, seconds=asked.seconds, shape=asked.shape)
    ordered = await call.desk.videos.ordering.order(call.workspace, site.id, wish, "api")
    video = ordered.videos[0]
    return VideoStarted(video_id=video.id, topic=brief(video.topic, 300), waits=ordered.waits)


async def edit_article(call: Call, asked: EditAsked) -> EditTold:
    given = asked.model_dump(exclude={"id"}, exclude_none=True)
    try:
        changes = ContentChanges.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Invalid(str(fault["loc"][0]), fault["msg"]) from error
    row = await call.desk.review.contents.change(call.workspace, asked.id, changes, call.by)
    return EditTold.model_validate(row)


async def send_back(call: Call, asked: SendBackAsked) -> DecidedTold:
    return await decided(call, asked.kind, asked.id, "send_back", asked.revision, asked.reason)


async def decided(
    call: Call,
    kind: Literal["article", "video"],
    number: int,
    decision: Literal["approve", "send_back"],
    revision: int,
    note: str,
) -> DecidedTold:
    """Decides on a piece as the one who calls."""
    row: Any
    if kind == "article":
        said = Decided(note=note, revision=revision)
        row = await call.desk.review.decisions.decide(call.workspace, number, decision, said, call.by)
    else:
        row = await call.desk.videos.decisions.decide(
            call.workspace, number, decision, note=note, revision=revision, by=call.by
        )
    return DecidedTold(kind=kind, id=row.id, revision=row.revision, status=row.status)


TOOLS = (
    Tool(
        "start_run",
        "Start a run",
        "Starts a run of a site's line; refused while one is active, or where credits do not cover it.",
        StartAsked,
        RunTold,
        start_run,
        needs="editor",
        changes=True,
    ),
    Tool(
        "follow_run",
        "Follow a run",
        "How a run stands, with the last lines of its log; `wait` holds the answer back until there is news.",
        FollowAsked,
        FollowTold,
        follow_run,
    ),
    Tool(
        "steer_run",
        "Pause, resume or cancel a run",
        "Takes effect at the end of what is in hand; what was finished is kept.",
        SteerAsked,
        RunTold,
        steer_run,
        needs="editor",
        changes=True,
    ),
    Tool(
        "start_video",
        "Start a video",
        "Asks for a video; it is made by a run and comes to the review gate.",
        VideoWanted,
        VideoStarted,
        start_video,
        needs="editor",
        changes=True,
    ),
    Tool(
        "edit_article",
        "Edit an article",
        "Changes an article: it is checked anew, its revision rises, and an approval is void.",
        EditAsked,
        EditTold,
        edit_article,
        needs="editor",
        changes=True,
    ),
    Tool(
        "send_back",
        "Send a piece back",
        "Sends an article or a video back from the review gate, with a reason.",
        SendBackAsked,
        DecidedTold,
        send_back,
        needs="editor",
        changes=True,
    ),
)
