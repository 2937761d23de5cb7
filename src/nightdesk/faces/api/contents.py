"""The routes of articles: read with what they cost and cite, edited, decided on."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from nightdesk.desk import Desk
from nightdesk.desk.items import Filter
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.inputs import (
    ContentChanges,
    Decided,
    Decision,
    ManyDecided,
    NewContent,
    NewSection,
)
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.item_routes import add_retry
from nightdesk.faces.api.parameters import (
    ClusterId,
    DeskHere,
    ListingAsked,
    MaybeSiteId,
    Number,
    SiteId,
    site_of,
)
from nightdesk.faces.api.review_shapes import (
    ContentInList,
    ContentShown,
    Outcomes,
    SectionAsked,
    SectionsAsked,
)
from nightdesk.faces.api.row_bodies import OfSite, parted
from nightdesk.faces.api.row_shapes import Counted

router = APIRouter(prefix="/api/v1/contents", tags=["contents"])

Status = Literal[
    "draft",
    "illustrating",
    "review",
    "approved",
    "sent_back",
    "rejected",
    "published",
    "in_hand",
    "failed",
]
Order = Literal["newest", "oldest", "title", "words"]


class ContentToAdd(OfSite, NewContent):
    pass


class ContentPage(Counted[ContentInList]):
    pass


@router.get("", response_model=ContentPage, responses=problems(400, 404))
async def contents(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    status: Status | None = None,
    cluster_id: ClusterId = None,
    order: Order = "newest",
) -> Any:
    """A site's articles, page by page, without their texts."""
    page = listing.page(Contents.orders, order)
    return await desk.review.contents.page(
        workspace, listing.site_id, Filter(status, listing.search, cluster_id), page
    )


@router.post("", status_code=201, response_model=ContentShown, responses=problems(400, 404, 409, 415, 422))
async def add_content(
    desk: DeskHere, workspace: WorkspaceId, body: ContentToAdd, site_id: MaybeSiteId = None
) -> Any:
    """Keeps an article that was written by hand for a task."""
    site = site_of(site_id, body.site_id)
    made = await desk.review.contents.create(workspace, site, parted(body, NewContent))
    return await _shown(desk, workspace, made.id)


@router.post("/decide", response_model=Outcomes, responses=problems(400, 404, 415, 422))
async def decide_many(
    desk: DeskHere, workspace: WorkspaceId, by: By, site_id: SiteId, body: ManyDecided
) -> Any:
    """One decision on many of a site's articles; each says what became of it."""
    return {"outcomes": await desk.review.decisions.decide_many(workspace, site_id, body, by)}


add_retry(router, lambda desk: desk.review.contents)


@router.get("/{number}", response_model=ContentShown, responses=problems(404))
async def content(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """An article with its text, its pictures, its citations, its checks and its cost."""
    return await _shown(desk, workspace, number)


@router.patch("/{number}", response_model=ContentShown, responses=problems(404, 409, 415, 422))
async def change_content(desk: DeskHere, workspace: WorkspaceId, number: Number, body: ContentChanges) -> Any:
    """Edits an article: it is rendered and checked anew, its revision rises, its approval is void."""
    await desk.review.contents.change(workspace, number, body)
    return await _shown(desk, workspace, number)


@router.delete("/{number}", status_code=204, responses=problems(400, 404, 409))
async def delete_content(
    desk: DeskHere,
    workspace: WorkspaceId,
    number: Number,
    write_again: Annotated[bool, Query(description="Have its task written anew by the next run.")] = False,
) -> None:
    """Deletes an article with its pictures."""
    await desk.review.contents.delete(workspace, number, write_again=write_again)


@router.get("/{number}/sections", response_model=SectionsAsked, responses=problems(404))
async def sections(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """The sections of an article that are to be written again, or were."""
    items = await desk.review.sections.of_content(workspace, number)
    return SectionsAsked(items=[SectionAsked.model_validate(item) for item in items])


@router.post(
    "/{number}/sections",
    status_code=202,
    response_model=SectionAsked,
    responses=problems(404, 409, 415, 422),
)
async def write_section_again(
    desk: DeskHere, workspace: WorkspaceId, number: Number, body: NewSection
) -> Any:
    """Asks for a section anew, with what is to be different; the next run writes it, and charges for it.

    It makes a new revision, whose approval is yet to be given. Where the section is changed meanwhile,
    nothing is overwritten: it is `failed` then, and says so.
    """
    return await desk.review.sections.ask(workspace, number, body)


@router.post("/{number}/sections/{section}/retry", response_model=SectionAsked, responses=problems(404, 409))
async def try_section_again(desk: DeskHere, workspace: WorkspaceId, number: Number, section: Number) -> Any:
    """Has a failed one tried again, with the section as it stands now."""
    return await desk.review.sections.try_again(workspace, number, section)


@router.delete("/{number}/sections/{section}", status_code=204, responses=problems(404, 409))
async def take_section_back(desk: DeskHere, workspace: WorkspaceId, number: Number, section: Number) -> None:
    """Asks for it no more; not while a run works on it, and not once it is written."""
    await desk.review.sections.take_back(workspace, number, section)


@router.post("/{number}/{decision}", response_model=ContentInList, responses=problems(404, 409, 415, 422))
async def decide(
    desk: DeskHere,
    workspace: WorkspaceId,
    by: By,
    number: Number,
    decision: Annotated[Decision, Path()],
    body: Decided | None = None,
) -> Any:
    """Decides on an article at the gate; deciding the same again changes nothing."""
    return await desk.review.decisions.decide(workspace, number, decision, body or Decided(), by)


async def _shown(desk: Desk, workspace: int, number: int) -> ContentShown:
    return ContentShown.of(await desk.review.contents.piece(workspace, number))
