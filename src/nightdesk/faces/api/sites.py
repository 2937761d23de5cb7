"""The routes of sites, each addressed by its number or its slug."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.sites import Sites
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import CursorText, DeskHere, Limit, paging
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/sites", tags=["sites"])

SiteKey = Annotated[str, Path(max_length=120, description="The site's number or its slug.")]
Order = Literal["oldest", "newest", "name"]
Name = Annotated[str, upto(120, 1), KEPT]
Subject = Annotated[str, upto(300), KEPT]
Audience = Annotated[str, upto(500), KEPT]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", examples=["en"])]
Zone = Annotated[str, upto(64, 1), KEPT, Field(examples=["Europe/Berlin"])]
Voice = Annotated[str, upto(2000), KEPT]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Prompts = Annotated[
    dict[Annotated[str, upto(40, 1), KEPT], Annotated[str, upto(20_000), KEPT]], Field(max_length=20)
]


class Brand(Input):
    """The colours of a site's pictures."""

    primary: Colour | None = None
    accent: Colour | None = None
    background: Colour | None = None
    text: Colour | None = None


class SiteChanges(Input):
    name: Name = Field(default_factory=str)
    subject: Subject = Field(default_factory=str)
    audience: Audience = Field(default_factory=str)
    language: Language = Field(default_factory=lambda: "en")
    timezone: Zone = Field(default_factory=lambda: "UTC")
    voice: Voice = Field(default_factory=str)
    brand: Brand = Field(default_factory=Brand)
    prompts: Prompts = Field(default_factory=dict, description="instructions of a stage, by its name")


class NewSite(SiteChanges):
    name: Name
    slug: Annotated[str, upto(80), KEPT] | None = None


class SiteShown(Shown):
    id: int
    slug: str
    name: str
    subject: str
    audience: str
    language: str
    timezone: str
    voice: str
    brand: dict[str, Any]
    choices: dict[str, Any]
    prompts: dict[str, Any]
    created_at: Instant
    archived_at: Instant | None


class SitePage(Listed[SiteShown]):
    pass


@router.get("", response_model=SitePage, responses=problems(400))
async def sites(
    desk: DeskHere,
    workspace: WorkspaceId,
    order: Order = "oldest",
    limit: Limit = 50,
    cursor: CursorText = None,
    archived: Annotated[bool, Query(description="Those that were archived too.")] = False,
) -> Any:
    """The workspace's sites, page by page."""
    asked = paging(Sites.orders, order, limit, cursor)
    return await desk.sites.page(workspace, asked, archived=archived)


@router.post("", status_code=201, response_model=SiteShown, responses=problems(409, 415, 422))
async def add_site(desk: DeskHere, workspace: WorkspaceId, body: NewSite) -> Any:
    """Makes a site; its slug is made of its name where none is given."""
    facts = body.given()
    return await desk.sites.create(workspace, facts.pop("name"), slug=facts.pop("slug", None), **facts)


@router.get("/{key}", response_model=SiteShown, responses=problems(404))
async def site(desk: DeskHere, workspace: WorkspaceId, key: SiteKey) -> Any:
    """One site."""
    return await desk.sites.get(workspace, key)


@router.patch("/{key}", response_model=SiteShown, responses=problems(404, 415, 422))
async def change_site(desk: DeskHere, by: By, key: SiteKey, body: SiteChanges) -> Any:
    """Changes the fields given."""
    return await desk.sites.change(by.workspace_id, key, by=by, **body.given())


@router.delete("/{key}", status_code=204, responses=problems(404))
async def archive_site(desk: DeskHere, workspace: WorkspaceId, key: SiteKey) -> None:
    """Archives a site with all that is in it; it can be restored for 30 days."""
    await desk.sites.archive(workspace, key)


@router.post("/{key}/restore", response_model=SiteShown, responses=problems(404))
async def restore_site(desk: DeskHere, workspace: WorkspaceId, key: SiteKey) -> Any:
    """Brings an archived site back with all that is in it, and plans its next runs anew."""
    return await desk.sites.restore(workspace, key)
