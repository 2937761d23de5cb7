"""The routes of niches: sites as the second original system's clients know them, by number or slug."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from nightdesk.desk.inputs import Input
from nightdesk.desk.niches.document import PortableSite, understood
from nightdesk.desk.niches.filming import Ordered, Wish
from nightdesk.desk.people import allows
from nightdesk.desk.sites import Sites
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.niche_shapes import (
    AutomateAsked,
    AutomateBody,
    Automated,
    BulkAsked,
    BulkAutomated,
    BulkBody,
    Day,
    Job,
    NewNiche,
    NicheChanges,
    NicheImported,
    NichePage,
    NicheShown,
    OnPlatform,
    PostsPerDay,
    ScheduleAsked,
    ScheduleBody,
    SmartlyScheduled,
    Toggled,
    TopicProposed,
    TopicsProposed,
    TriggerAsked,
    TriggerBody,
    Triggered,
    jobs_of,
    named,
)
from nightdesk.faces.api.parameters import (
    BIGGEST,
    CursorText,
    DeskHere,
    Limit,
    Number,
    paging,
    wrong_parameter,
)
from nightdesk.faces.api.platform_shapes import Platform

router = APIRouter(prefix="/api/v1/niches", tags=["niches"])

NicheKey = Annotated[str, Path(max_length=120, description="The niche's number or its slug.")]
Count = Annotated[int, Query(ge=1, le=25)]
Ids = Annotated[list[Number] | None, Query(max_length=200)]
MaybeCount = Annotated[int | None, Query(ge=1, le=50)]
I = TypeVar("I", bound=Input)  # noqa: E741


@router.get("", response_model=NichePage, responses=problems(400))
async def niches(
    desk: DeskHere,
    workspace: WorkspaceId,
    skip: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
    limit: Limit = 100,
    active_only: Annotated[bool, Query(description="False: those that were archived too.")] = True,
    cursor: CursorText = None,
) -> Any:
    """The niches, oldest first; of `skip` and `cursor` either leads on."""
    asked = paging(Sites.orders, "oldest", limit, cursor)
    page = await desk.niches.shelf.page(workspace, asked, skip=skip, archived=not active_only)
    return NichePage(items=[NicheShown.of(one) for one in page.items], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=NicheShown, responses=problems(409, 415, 422))
async def add_niche(desk: DeskHere, by: By, body: NewNiche) -> Any:
    """Makes a niche with feeds for its subject, which are scraped in the background."""
    facts = body.facts()
    facts.pop("is_active", None)
    made = await desk.niches.shelf.create(by.workspace_id, facts.pop("name"), by=by, **facts)
    return NicheShown.of(made)


@router.get("/platforms/stats", response_model=dict[str, OnPlatform])
async def platform_stats(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """How many niches go to each platform, and with how many posts a day."""
    found = await desk.niches.shelf.platforms(workspace)
    return {
        platform: OnPlatform(
            total_niches=there.total,
            active_niches=len(there.active),
            total_posts_per_day=there.posts_a_day,
            niches=[named(site) for site in there.active],
        )
        for platform, there in found.items()
    }


@router.post("/bulk-automate", response_model=BulkAutomated, responses=problems(400, 402, 404, 409, 415, 422))
async def bulk_automate(
    desk: DeskHere,
    workspace: WorkspaceId,
    body: BulkBody = None,
    niche_ids: Ids = None,
    videos_per_niche: MaybeCount = None,
    publish: bool | None = None,
) -> Any:
    """Asks for videos of several niches at once; one without topics gets none."""
    given = {"niche_ids": niche_ids, "videos_per_niche": videos_per_niche, "publish": publish}
    asked = _asked(BulkAsked, body, given, "niche_ids")
    wish = Wish(publish=asked.publish)
    ordered = await desk.niches.filming.bulk(workspace, asked.niche_ids, asked.videos_per_niche, wish)
    jobs = jobs_of(ordered)
    return BulkAutomated(
        message=_told(ordered, publish=asked.publish),
        total_jobs=len(jobs),
        niches=len(ordered),
        jobs=jobs,
        auto_publish=asked.publish,
    )


@router.post(
    "/trigger-generation", response_model=Triggered, responses=problems(400, 402, 404, 409, 415, 422)
)
async def trigger_generation(
    desk: DeskHere,
    workspace: WorkspaceId,
    body: TriggerBody = None,
    niche_ids: Ids = None,
) -> Any:
    """Asks for one video of each niche named, or of all."""
    asked = _asked(TriggerAsked, body, {"niche_ids": niche_ids}, "niche_ids")
    ordered = await desk.niches.filming.bulk(workspace, asked.niche_ids or None, 1, Wish())
    return Triggered(message=_told(ordered), jobs=jobs_of(ordered))


@router.post("/import", status_code=201, response_model=NicheImported, responses=problems(409, 413, 415, 422))
async def import_niche(
    desk: DeskHere, by: By, request: Request, body: Annotated[dict[str, Any], Body()]
) -> Any:
    """Makes a niche of a document that an export gave, under another slug where its own is taken."""
    person = request.state.person
    may_choose = person is None or allows(person.role, "owner")
    document = understood(body)
    site, notes = await desk.niches.portable.take(by.workspace_id, document, models=may_choose, by=by)
    return NicheImported.of(await desk.niches.shelf.get(by.workspace_id, site.id), notes=list(notes))


@router.post("/automate/{key}", response_model=Automated, responses=problems(400, 402, 404, 409, 415, 422))
async def automate(
    desk: DeskHere,
    workspace: WorkspaceId,
    key: NicheKey,
    body: AutomateBody = None,
    video_count: MaybeCount = None,
    publish: bool | None = None,
    video_model: Annotated[str | None, Query(max_length=120)] = None,
) -> Any:
    """Asks for videos of a niche, each about a topic that nothing else gets, filmed by `video_model`."""
    given = {"video_count": video_count, "publish": publish, "video_model": video_model}
    asked = _asked(AutomateAsked, body, given)
    wish = Wish(publish=asked.publish, model=asked.video_model)
    ordered = await desk.niches.filming.automate(workspace, key, asked.video_count, wish)
    return Automated(
        message=_told([ordered], publish=asked.publish),
        jobs=[Job.model_validate(video) for video in ordered.videos],
        niche_id=ordered.site.id,
        auto_publish=asked.publish,
    )


@router.post(
    "/smart-schedule/{key}", response_model=SmartlyScheduled, responses=problems(400, 402, 404, 409, 415, 422)
)
async def smart_schedule(
    desk: DeskHere,
    workspace: WorkspaceId,
    key: NicheKey,
    body: ScheduleBody = None,
    platforms: Annotated[list[Platform] | None, Query(max_length=10)] = None,
    scheduled_date: Annotated[Day | None, Query()] = None,
) -> Any:
    """Asks for a video for each platform, at the hour of that date in the niche's zone that suits it best."""
    given = {"platforms": platforms, "scheduled_date": scheduled_date}
    asked = _asked(ScheduleAsked, body, given, "platforms")
    made = await desk.niches.filming.schedule(workspace, key, asked.platforms, asked.day)
    return SmartlyScheduled(
        message=_waiting(len(made.videos), "planned"),
        scheduled_date=made.day,
        jobs_created=len(made.videos),
        platforms=list(made.instants),
        optimal_times=dict(made.instants),
    )


@router.get("/{key}", response_model=NicheShown, responses=problems(404))
async def niche(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """One niche."""
    return NicheShown.of(await desk.niches.shelf.get(workspace, key))


@router.patch("/{key}", response_model=NicheShown, responses=problems(404, 415, 422))
async def change_niche(desk: DeskHere, by: By, key: NicheKey, body: NicheChanges) -> Any:
    """Changes the fields given."""
    return NicheShown.of(await desk.niches.shelf.change(by.workspace_id, key, body.facts(), by=by))


@router.delete("/{key}", response_model=NicheShown, responses=problems(404))
async def archive_niche(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """Archives a niche with all that is in it; it can be restored for 30 days."""
    return NicheShown.of(await desk.niches.shelf.archive(workspace, key))


@router.post("/{key}/restore", response_model=NicheShown, responses=problems(404))
async def restore_niche(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """Brings an archived niche back with all that is in it."""
    return NicheShown.of(await desk.niches.shelf.restore(workspace, key))


@router.get("/{key}/config", response_model=PortableSite, responses=problems(404))
async def export_niche(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """The niche as a document that an import makes the same niche of; no secret is in it."""
    return await desk.niches.portable.export(workspace, key)


@router.post(
    "/{key}/generate-topics", response_model=TopicsProposed, responses=problems(400, 402, 404, 409, 422)
)
async def generate_topics(desk: DeskHere, workspace: WorkspaceId, key: NicheKey, count: Count = 5) -> Any:
    """Has the niche's text provider propose topics, checked against what the niche has or had."""
    found = await desk.niches.proposals.propose(workspace, key, count)
    return TopicsProposed(topics=[TopicProposed.model_validate(topic) for topic in found])


@router.post("/{key}/toggle-auto-mode", response_model=Toggled, responses=problems(400, 404, 422))
async def toggle_auto_mode(
    desk: DeskHere,
    by: By,
    key: NicheKey,
    enabled: bool,
    posts_per_day: Annotated[PostsPerDay, Query()] = 2,
) -> Any:
    """Switches auto mode on or off, with the schedule of the article line."""
    made = await desk.niches.auto.toggle(by.workspace_id, key, enabled, posts_per_day, by)
    return Toggled(message=made.message, auto_mode=made.site.auto_mode, posts_per_day=made.site.posts_a_day)


def _asked(kind: type[I], body: Any, query: dict[str, Any], listed: str = "") -> I:
    """What the body and the query ask for together: clients send either, and some a bare list of `listed`."""
    in_body = {listed: body} if listed and isinstance(body, list) else body or {}
    if not isinstance(in_body, dict):
        raise RequestValidationError([{"type": "dict_type", "loc": ("body",), "msg": "Send an object."}])
    given = {name: value for name, value in query.items() if value is not None}
    for name, value in given.items():
        if name in in_body and in_body[name] != value:
            raise wrong_parameter(name, "The parameter and the body differ.")
    try:
        return kind.model_validate(in_body | given)
    except ValidationError as error:
        where = "body" if in_body else "query"
        wrong = [{**one, "loc": (where, *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from error


def _told(ordered: list[Ordered], *, publish: bool = False) -> str:
    """How many videos wait, and which niches had too few topics."""
    made = sum(len(one.videos) for one in ordered)
    short = [one.site.name for one in ordered if len(one.videos) < one.wanted]
    says = _waiting(made, "asked for") if made else "No video was asked for."
    if short:
        says += f" Too few unused topics: {', '.join(short[:5])}{' and others' if len(short) > 5 else ''}."
    if made and publish:
        says += " Once approved they go out by themselves, at the next good hours of each account."
    return says


def _waiting(count: int, how: str) -> str:
    if count == 1:
        return f"1 video is {how} and waits for the video line."
    return f"{count} videos are {how} and wait for the video line."
