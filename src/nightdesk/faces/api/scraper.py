"""The routes of scraping: a site's feeds as one list, a scrape when somebody asks, pages taken in."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from nightdesk.desk import Desk
from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.items import Filter
from nightdesk.desk.scraping import Scraped
from nightdesk.desk.sources import LARGEST_FILE, Sources
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.documents import DocumentAdded, DocumentInList, DocumentPage
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import CursorText, DeskHere, Limit, paging
from nightdesk.faces.api.row_shapes import Shown

router = APIRouter(prefix="/api/v1/scraper", tags=["scraper"])

MOST_ITEMS = 500
Slug = Annotated[str, Path(max_length=120, description="The site's slug or its number.")]
MaybeSlug = Annotated[str, upto(120, 1), KEPT]
Items = Annotated[int, Field(ge=1, le=MOST_ITEMS, description="entries that are taken of each feed")]
Address = Annotated[str, upto(2000, 1), KEPT]


class Scrape(Input):
    """`force` has feeds read anew that are not due or did not change. Without a site all are meant."""

    niche_slug: MaybeSlug | None = None
    force: bool = False
    max_items: Items | None = None


class FeedList(Input):
    feeds: Annotated[list[Address], Field(max_length=1000)]


class Ingest(Input):
    """With `content`, text or HTML, the address is not fetched. The oldest site where none is named."""

    url: Annotated[Address, Field(examples=["https://example.org/report"])]
    content: Annotated[str, upto(LARGEST_FILE, 1), KEPT] | None = None
    niche_slug: MaybeSlug | None = None


class FeedErrorShown(Shown):
    feed: str
    error: str


class ScrapeShown(Shown):
    """`niche` is null where all sites were meant. What a minute was too short for goes on by itself."""

    niche: str | None
    feeds: int
    fetched: int
    new_topics: int
    errors: list[FeedErrorShown]


class FeedListShown(Shown):
    """`is_default`: all of them come from the catalogue."""

    niche: str
    feeds: list[str]
    is_default: bool


class FeedListUpdated(Shown):
    status: str = "updated"
    niche: str
    feeds_count: int


class Seeded(Shown):
    status: str = "seeded"
    niche: str


@router.post("/scrape", response_model=ScrapeShown, responses=problems(404, 415, 422))
async def scrape(desk: DeskHere, workspace: WorkspaceId, body: Scrape | None = None) -> Any:
    """Fetches the feeds of a site, or of all, that are due; waits for it at most a minute."""
    asked = body or Scrape()
    return await _scrape(desk, workspace, asked.niche_slug, force=asked.force, max_items=asked.max_items)


@router.post("/scrape/{slug}", response_model=ScrapeShown, responses=problems(400, 404))
async def scrape_site(
    desk: DeskHere,
    workspace: WorkspaceId,
    slug: Slug,
    force: bool = False,
    max_items: Annotated[int | None, Query(ge=1, le=MOST_ITEMS)] = None,
) -> Any:
    """Fetches the feeds of a site that are due; waits for it at most a minute."""
    return await _scrape(desk, workspace, slug, force=force, max_items=max_items)


@router.post("/run", response_model=ScrapeShown, responses=problems())
async def run(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """Fetches all feeds of the workspace that are due; waits for it at most a minute."""
    return await _scrape(desk, workspace, None)


@router.get("/feeds/{slug}", response_model=FeedListShown, responses=problems(404))
async def feeds(desk: DeskHere, workspace: WorkspaceId, slug: Slug) -> Any:
    """The addresses of a site's feeds."""
    site = await desk.sites.get(workspace, slug)
    found = await desk.feeds.listed(workspace, site.id)
    is_default = bool(found) and all(feed.is_default for feed in found)
    return FeedListShown(niche=site.slug, feeds=[feed.url for feed in found], is_default=is_default)


@router.put("/feeds/{slug}", response_model=FeedListUpdated, responses=problems(404, 415, 422))
async def set_feeds(desk: DeskHere, workspace: WorkspaceId, slug: Slug, body: FeedList) -> Any:
    """Has the site have these feeds and no others; they are fetched in the background."""
    site = await desk.sites.get(workspace, slug)
    replaced = await desk.feeds.set_all(workspace, site.id, body.feeds)
    return FeedListUpdated(niche=site.slug, feeds_count=replaced.feeds)


@router.post("/seed-feeds/{slug}", response_model=Seeded, responses=problems(404, 422))
async def seed_feeds(desk: DeskHere, workspace: WorkspaceId, slug: Slug) -> Any:
    """Adds the feeds that the catalogue has for the site's subject and language."""
    site = await desk.sites.get(workspace, slug)
    await desk.feeds.seed(workspace, site.id)
    return Seeded(niche=site.slug)


@router.post("/ingest", response_model=DocumentAdded, responses=problems(404, 415, 422))
async def ingest(desk: DeskHere, workspace: WorkspaceId, body: Ingest) -> Any:
    """Keeps a page as a document of a site."""
    site_id = await _site_for(desk, workspace, body.niche_slug)
    if body.content is None:
        added = await desk.sources.add_page(workspace, site_id, body.url)
    else:
        added = await desk.sources.add_text(workspace, site_id, body.url, body.content)
    return DocumentAdded.made(added)


@router.get("/items", response_model=DocumentPage, responses=problems(400, 404))
async def items(
    desk: DeskHere,
    workspace: WorkspaceId,
    niche_slug: Annotated[str | None, Query(max_length=120, description="Only this site's.")] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Any:
    """The documents of a site, or of all, the newest first."""
    site_id = (await desk.sites.get(workspace, niche_slug)).id if niche_slug else None
    page = await desk.sources.page(
        workspace, site_id, Filter(), paging(Sources.orders, "newest", limit, cursor)
    )
    found = [DocumentInList.of(document, passages) for document, passages in page.items]
    return DocumentPage(items=found, next_cursor=page.next_cursor)


async def _scrape(
    desk: Desk, workspace: int, slug: str | None, *, force: bool = False, max_items: int | None = None
) -> ScrapeShown:
    site = await desk.sites.get(workspace, slug) if slug is not None else None
    scraped: Scraped = await desk.scraping.scrape(
        workspace, site.id if site else None, force=force, max_items=max_items
    )
    errors = [FeedErrorShown.model_validate(error) for error in scraped.errors]
    return ScrapeShown(
        niche=site.slug if site else None,
        feeds=scraped.feeds,
        fetched=scraped.fetched,
        new_topics=scraped.new_topics,
        errors=errors,
    )


async def _site_for(desk: Desk, workspace: int, slug: str | None) -> int:
    """The site that is named, else the oldest. Raises `NotFound`."""
    if slug is None:
        sites = await desk.sites.listed(workspace)
        slug = str(sites[0].id) if sites else ""
    return (await desk.sites.get(workspace, slug)).id
