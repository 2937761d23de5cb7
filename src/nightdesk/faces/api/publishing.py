"""The routes of publications: asked for, followed, moved, cancelled, decided on, all of them stopped."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from nightdesk.desk.publishing import Stories, Wish
from nightdesk.desk.publishing.stories import ORDERS, PublicationFilter
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import (
    BIGGEST,
    CursorText,
    DeskHere,
    Limit,
    Number,
    paging,
    wrong_parameter,
)
from nightdesk.faces.api.publishing_shapes import (
    AskedShown,
    Confirmed,
    Moved,
    PublicationPage,
    PublicationShown,
    PublicationStory,
    PublishAnswer,
    PublishAsked,
    PublishingSeen,
    PublishingState,
    State,
)

router = APIRouter(prefix="/api/v1/publishing", tags=["publishing"])

Maybe = Annotated[int | None, Query(ge=1, le=BIGGEST)]
MaybeAt = Annotated[AwareDatetime | None, Query(description="RFC 3339, with its zone.")]


@router.post("/publish", response_model=PublishAnswer, responses=problems(403, 404, 409, 415, 422))
async def publish(desk: DeskHere, by: By, body: PublishAsked) -> Any:
    """Has an approved piece go out; asking again for the same account changes nothing."""
    wish = Wish(body.content_id, body.video_id, body.accounts, body.scheduled_for, body.options)
    asked = await desk.publishing.publish(by, wish)
    new = sum(one.new for one in asked)
    said = f"{new} of {len(asked)} publications are new." if new < len(asked) else f"{new} will go out."
    said = " ".join([said, *(one.moved for one in asked if one.new and one.moved)])
    return PublishAnswer(message=said, jobs=[AskedShown.model_validate(one) for one in asked])


@router.get("/jobs", response_model=PublicationPage, responses=problems(400))
async def jobs(
    desk: DeskHere,
    workspace: WorkspaceId,
    niche_id: Maybe = None,
    account_id: Maybe = None,
    content_id: Maybe = None,
    video_id: Maybe = None,
    state: State | None = None,
    planned_from: MaybeAt = None,
    planned_before: MaybeAt = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Any:
    """The publications, the newest first."""
    span = (_within("planned_from", planned_from), _within("planned_before", planned_before))
    asked = PublicationFilter(niche_id, account_id, state, content_id, video_id, *span)
    page = await _stories(desk).listed(workspace, asked, paging(ORDERS, "newest", limit, cursor))
    return PublicationPage(
        items=[PublicationShown.of(one) for one in page.items], next_cursor=page.next_cursor
    )


@router.get("/jobs/{number}", response_model=PublicationStory, responses=problems(404))
async def job(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One publication with its whole story."""
    return PublicationStory.of(await _stories(desk).show(workspace, number))


@router.post(
    "/jobs/{number}/confirm", response_model=PublicationStory, responses=problems(403, 404, 409, 415, 422)
)
async def confirm(desk: DeskHere, by: By, number: Number, body: Confirmed) -> Any:
    """Says of one that is held whether it is out; if it is not, it is sent again."""
    await desk.publishing.confirm(by, number, live=body.live, url=body.url)
    return PublicationStory.of(await _stories(desk).show(by.workspace_id, number))


@router.post("/jobs/{number}/cancel", response_model=PublicationStory, responses=problems(403, 404, 409))
async def cancel(desk: DeskHere, by: By, number: Number) -> Any:
    """Takes one back while nothing of it can be out; again changes nothing."""
    await desk.publishing.cancel(by, number)
    return PublicationStory.of(await _stories(desk).show(by.workspace_id, number))


@router.post(
    "/jobs/{number}/move", response_model=PublicationStory, responses=problems(403, 404, 409, 415, 422)
)
async def move(desk: DeskHere, by: By, number: Number, body: Moved) -> Any:
    """Plans one that waits for another time."""
    await desk.publishing.move(by, number, body.scheduled_for)
    return PublicationStory.of(await _stories(desk).show(by.workspace_id, number))


@router.get("/state", response_model=PublishingSeen, responses=problems())
async def state_of(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """Whether anything goes out, and how many are held, unclear, planned or on their way."""
    since = await desk.publishing.stopped(workspace)
    states = await _stories(desk).counted(workspace)
    return PublishingSeen(stopped=since is not None, stopped_at=since, states=dict(states))


@router.post("/stop", response_model=PublishingState, responses=problems(403))
async def stop(desk: DeskHere, by: By) -> Any:
    """The kill switch: nothing of the workspace goes out until it is resumed."""
    await desk.publishing.stop(by)
    return PublishingState.of(await desk.publishing.stopped(by.workspace_id))


@router.post("/resume", response_model=PublishingState, responses=problems(403))
async def resume(desk: DeskHere, by: By) -> Any:
    """Lets publications go out again."""
    await desk.publishing.resume(by)
    return PublishingState.of(await desk.publishing.stopped(by.workspace_id))


def _within(name: str, at: datetime | None) -> datetime | None:
    """Raises where it lies so far away that its zone takes it out of all calendars."""
    if at is not None and not 1900 <= at.year <= 9000:
        raise wrong_parameter(name, "Give a time between the years 1900 and 9000.")
    return at


def _stories(desk: DeskHere) -> Stories:
    return desk.publishing.stories
