"""The routes of topics: listed with what their score rests on, typed, imported, proposed, used, dismissed."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from nightdesk.desk.inputs import Input, upto
from nightdesk.desk.topics import NewTopic, TopicChanges, TopicFilter, Topics
from nightdesk.desk.topics.inputs import Source, Status
from nightdesk.desk.topics.lists import LARGEST_LIST
from nightdesk.desk.videos import VideoWish
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.forms import FILE_BODY, Upload, uploaded
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, ListingAsked, MaybeSiteId, Number, SiteId, site_of
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import Counted, Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/topics", tags=["topics"])

Order = Literal["score", "newest", "told", "title"]


class TopicToAdd(OfSite, NewTopic):
    pass


class Proposal(OfSite):
    count: Annotated[int, Field(ge=1, le=25)] = 5


class Use(Input):
    what: Literal["article", "video"]


class UseToUndo(Input):
    undo: Annotated[int, Field(ge=1, le=2**63 - 1, description="as `use` answered it")]


class Places(Input):
    """`none` alone for nowhere; an empty list for what the site's subject suggests."""

    places: Annotated[list[Annotated[str, upto(80, 1)]], Field(max_length=10)]


class ReasonShown(Shown):
    code: str
    points: float
    says: str


class TopicShown(Shown):
    """`reasons` add up to `score`; `flags` says where the text reads in part like orders to a machine."""

    id: int
    site_id: int
    title: str
    summary: str
    url: str
    image: str
    language: str
    source: Source
    flags: str
    told_by: int
    trend: float
    score: float
    reasons: list[ReasonShown]
    status: Status
    used_for: str
    used_at: Instant | None
    idea_id: int | None
    published_at: Instant | None
    first_seen_at: Instant
    last_seen_at: Instant


class TopicPage(Counted[TopicShown]):
    pass


class ImportedShown(Shown):
    new_topics: int
    known: int


class Proposed(Shown):
    topics: list[TopicShown]


class PlaceErrorShown(Shown):
    name: str
    why: str


class TrendingShown(Shown):
    """`fitting` of `told` trends have to do with the site's subject."""

    new_topics: int
    fitting: int
    told: int
    errors: list[PlaceErrorShown]


class PlacesShown(Shown):
    places: list[str]


class Made(Shown):
    """What was made of a topic; `undo` is what takes an article's plan back."""

    topic_id: int
    cluster_id: int | None = None
    idea_id: int | None = None
    task_id: int | None = None
    video_id: int | None = None
    undo: int | None = None
    documents: list[int] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)


@router.get("", response_model=TopicPage, responses=problems(400, 404))
async def topics(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    source: Source | None = None,
    order: Order = "score",
) -> Any:
    """A site's topics, page by page, the best first; with the counts of all of them by status."""
    asked = TopicFilter(status, source, listing.search)
    return await desk.topics.page(workspace, listing.site_id, asked, listing.page(Topics.orders, order))


@router.post("", status_code=201, response_model=TopicShown, responses=problems(400, 404, 409, 415, 422))
async def add_topic(
    desk: DeskHere, workspace: WorkspaceId, body: TopicToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Adds a topic by hand; 409 where the site knows the story already."""
    return await desk.topics.add(workspace, site_of(site_id, body.site_id), parted(body, NewTopic))


@router.post(
    "/import",
    response_model=ImportedShown,
    responses=problems(400, 404, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
async def import_topics(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    file: Annotated[Upload, Depends(uploaded(LARGEST_LIST))],
) -> Any:
    """Takes in a list: one topic a line, or a table with a column `title`."""
    return await desk.topics.import_list(workspace, site_id, file.content)


@router.post("/propose", response_model=Proposed, responses=problems(400, 402, 404, 409, 415, 422))
async def propose(desk: DeskHere, workspace: WorkspaceId, body: Proposal, site_id: MaybeSiteId = None) -> Any:
    """Has the site's text model propose topics; one credit for each five that are new."""
    site = site_of(site_id, body.site_id)
    return {"topics": await desk.topics.suggest(workspace, site, body.count)}


@router.post("/plan", response_model=ImportedShown, responses=problems(400, 404))
async def plan(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId) -> Any:
    """Makes topics of the planner's ideas that wait and of its clusters without ideas."""
    return {"new_topics": await desk.topics.plan(workspace, site_id), "known": 0}


@router.post("/trending", response_model=TrendingShown, responses=problems(400, 404))
async def trending(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId) -> Any:
    """Looks at what is talked of where the site looks for trends."""
    return await desk.topics.trending(workspace, site_id)


@router.get("/places", response_model=PlacesShown, responses=problems(400, 404))
async def places(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId) -> Any:
    """Where the site looks for trends."""
    site = await desk.sites.get(workspace, site_id)
    return {"places": desk.topics.trends.places(site)}


@router.put("/places", response_model=PlacesShown, responses=problems(400, 404, 415, 422))
async def set_places(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, body: Places) -> Any:
    """Keeps where the site looks: `hackernews`, `google:DE`, `reddit:gardening`, `mcp:NAME`."""
    return {"places": await desk.topics.trends.choose(workspace, site_id, body.places)}


@router.post("/undo", status_code=204, responses=problems(400, 404, 409, 415, 422))
async def undo(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, body: UseToUndo) -> None:
    """Takes the plan of an article back; its topic is new again."""
    await desk.topics.undo_use(workspace, site_id, body.undo)


@router.get("/{number}", response_model=TopicShown, responses=problems(404))
async def one(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One topic."""
    return await desk.topics.get(workspace, number)


@router.patch("/{number}", response_model=TopicShown, responses=problems(404, 409, 415, 422))
async def change(desk: DeskHere, workspace: WorkspaceId, number: Number, body: TopicChanges) -> Any:
    """Dismisses it or brings it back; marks it as used or gives it back."""
    if body.dismissed is not None:
        turn = desk.topics.dismiss if body.dismissed else desk.topics.restore
        await turn(workspace, number)
    if body.used is not None:
        turn = desk.topics.mark_used if body.used else desk.topics.give_back
        await turn(workspace, number)
    return await desk.topics.get(workspace, number)


@router.post(
    "/{number}/use", status_code=201, response_model=Made, responses=problems(402, 404, 409, 415, 422)
)
async def use(desk: DeskHere, workspace: WorkspaceId, number: Number, body: Use) -> Any:
    """Plans an article about the topic with its sources, or asks for a video."""
    topic = await desk.topics.get(workspace, number)
    if body.what == "video":
        wish = VideoWish(topic_id=number)
        ordered = await desk.videos.ordering.order(workspace, topic.site_id, wish, "topic")
        return Made(topic_id=number, video_id=ordered.videos[0].id, warnings=list(ordered.warnings))
    planned = await desk.topics.use_for_article(workspace, topic.site_id, number)
    return Made(
        topic_id=number,
        cluster_id=planned.cluster_id,
        idea_id=planned.idea_id,
        task_id=planned.task_id,
        undo=planned.undo,
        documents=list(planned.documents),
        warnings=list(planned.warnings),
    )
