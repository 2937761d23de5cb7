"""The routes of feeds: listed with their health, added by address or list, switched, taken out."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from nightdesk.desk.feeds import AddedFeeds, Feeds, Health, TakenList, health_of
from nightdesk.desk.feeds.feeds import LARGEST_LIST
from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.items import Filter
from nightdesk.desk.rows import Feed
from nightdesk.faces.api.answers import Answers, problems
from nightdesk.faces.api.forms import FILE_BODY, Upload, uploaded
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, ListingAsked, MaybeSiteId, Number, SiteId, site_of
from nightdesk.faces.api.row_bodies import OfSite
from nightdesk.faces.api.row_shapes import Counted, Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/feeds", tags=["feeds"])

Order = Literal["newest", "oldest", "title", "failures"]
Preview = Annotated[bool, Query(description="Write nothing; tell what would happen.")]
OPML = "text/x-opml"
LIST: Answers = {200: {"content": {OPML: {"schema": {"type": "string"}}}, "description": "The list."}}


class FeedToAdd(OfSite):
    """The address of a feed, or of a page that names its feeds."""

    url: Annotated[str, upto(2000, 1), KEPT, Field(examples=["https://example.org/feed.xml"])]


class FeedChanges(Input):
    enabled: bool


class FeedShown(Shown):
    """`code` and `error` say why the last try failed, `failures` how many did since one did not."""

    id: int
    site_id: int
    url: str
    title: str
    home: str
    kind: str
    is_default: bool
    enabled: bool
    health: Health
    failures: int
    code: str
    error: str
    entries: int
    new_entries: int
    due_at: Instant
    fetched_at: Instant | None
    worked_at: Instant | None
    created_at: Instant

    @classmethod
    def of(cls, feed: Feed) -> "FeedShown":
        facts = {name: getattr(feed, name) for name in cls.model_fields if name != "health"}
        return cls.model_validate(facts | {"health": health_of(feed)})


class LinkShown(Shown):
    url: str
    title: str


class FeedAdded(Shown):
    """`added` are new, `there` the site had; of `offered`, which the page names, none was added yet."""

    added: list[FeedShown]
    there: list[FeedShown]
    offered: list[LinkShown]

    @classmethod
    def of(cls, found: AddedFeeds) -> "FeedAdded":
        added, there = ([FeedShown.of(feed) for feed in feeds] for feeds in (found.added, found.there))
        offered = [LinkShown.model_validate(link) for link in found.offered]
        return cls(added=added, there=there, offered=offered)


class BrokenShown(Shown):
    url: str
    why: str


class ListTaken(Shown):
    """`kept` is false where it was only looked at."""

    new: list[LinkShown]
    already: list[LinkShown]
    broken: list[BrokenShown]
    kept: bool


class FeedPage(Counted[FeedShown]):
    pass


NOTHING_NEW: Answers = {
    200: {"model": FeedAdded, "description": "It was there already, or several are offered."}
}


@router.get("", response_model=FeedPage, responses=problems(400, 404))
async def feeds(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    health: Health | None = None,
    order: Order = "newest",
) -> Any:
    """A site's feeds, page by page, with the counts of all of them by health."""
    asked = Filter(health, listing.search)
    page = await desk.feeds.page(workspace, listing.site_id, asked, listing.page(Feeds.orders, order))
    items = [FeedShown.of(feed) for feed in page.items]
    return FeedPage(items=items, next_cursor=page.next_cursor, counts=dict(page.counts))


@router.post(
    "",
    status_code=201,
    response_model=FeedAdded,
    responses=problems(400, 404, 409, 415, 422) | NOTHING_NEW,
)
async def add_feed(
    desk: DeskHere,
    workspace: WorkspaceId,
    body: FeedToAdd,
    response: Response,
    site_id: MaybeSiteId = None,
) -> Any:
    """Fetches the address and adds its feed; where a page names several, they are offered."""
    found = await desk.feeds.add(workspace, site_of(site_id, body.site_id), body.url)
    response.status_code = 201 if found.added else 200
    return FeedAdded.of(found)


@router.get("/opml", response_class=Response, responses=problems(400, 404) | LIST)
async def list_out(desk: DeskHere, workspace: WorkspaceId, site_id: SiteId) -> Response:
    """The site's feeds as a list that other readers take (OPML 2)."""
    content = await desk.feeds.opml_out(workspace, site_id)
    named = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return Response(content, media_type=OPML, headers=named)


@router.post(
    "/opml",
    response_model=ListTaken,
    responses=problems(400, 404, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
async def list_in(
    desk: DeskHere,
    workspace: WorkspaceId,
    site_id: SiteId,
    file: Annotated[Upload, Depends(uploaded(LARGEST_LIST))],
    preview: Preview = False,
) -> Any:
    """Adds the feeds of a list (OPML) that the site has not; they are fetched in the background."""
    taken: TakenList = await desk.feeds.opml_in(workspace, site_id, file.content, keep=not preview)
    return taken


@router.get("/{number}", response_model=FeedShown, responses=problems(404))
async def feed(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One feed."""
    return FeedShown.of(await desk.feeds.get(workspace, number))


@router.patch("/{number}", response_model=FeedShown, responses=problems(404, 415, 422))
async def switch_feed(desk: DeskHere, workspace: WorkspaceId, number: Number, body: FeedChanges) -> Any:
    """Switches a feed on, and it is fetched soon, or off."""
    return FeedShown.of(await desk.feeds.switch(workspace, number, on=body.enabled))


@router.delete("/{number}", status_code=204, responses=problems(404))
async def delete_feed(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
    """Takes a feed out; the topics that it gave stay."""
    await desk.feeds.delete(workspace, number)
