"""The routes of a site's documents, which its articles may cite."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import HTTPException, RequestValidationError
from pydantic import Field, ValidationError

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.items import Filter
from nightdesk.desk.rows import Document
from nightdesk.desk.sources import LARGEST_FILE, Added, Sources
from nightdesk.faces.api.answers import Answers, problems
from nightdesk.faces.api.forms import FILE, read_upload
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.intake import FORM, is_json, kind_of
from nightdesk.faces.api.parameters import (
    DeskHere,
    ListingAsked,
    Number,
    SiteId,
)
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

Order = Literal["newest", "oldest", "title"]


class PageToAdd(Input):
    """A page of the web, or of another server that anyone can reach."""

    url: Annotated[str, upto(2000, 1), KEPT, Field(examples=["https://example.org/report"])]


class DocumentInList(Shown):
    """`flags` says where a text reads in part like orders to a machine."""

    id: int
    site_id: int
    title: str
    url: str
    author: str
    published: str
    language: str
    flags: str
    content_hash: str
    added_at: Instant
    passages: int = 0

    @classmethod
    def of(cls, document: Document, passages: int) -> "DocumentInList":
        return cls.model_validate(document).model_copy(update={"passages": passages})


class DocumentShown(DocumentInList):
    """`pieces` are the passages that are cited one by one."""

    text: str
    pieces: list[str] = Field(default_factory=list)


class DocumentAdded(DocumentInList):
    """`duplicate` where the site had this text already; `warnings` are for whoever added it."""

    duplicate: bool
    warnings: list[str]

    @classmethod
    def made(cls, added: Added) -> "DocumentAdded":
        shown = DocumentInList.of(added.document, added.passages)
        return cls(**shown.model_dump(), duplicate=added.duplicate, warnings=list(added.warnings))


class DocumentPage(Listed[DocumentInList]):
    pass


THERE_ALREADY: Answers = {200: {"model": DocumentAdded, "description": "The site has this text already."}}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": PageToAdd.model_json_schema()},
            FORM: {"schema": FILE},
        },
    }
}


@router.get("", response_model=DocumentPage, responses=problems(400, 404))
async def documents(
    desk: DeskHere,
    workspace: WorkspaceId,
    listing: ListingAsked,
    flagged: Annotated[bool, Query(description="Only those that read like orders to a machine.")] = False,
    order: Order = "newest",
) -> Any:
    """A site's documents, page by page, without their texts."""
    asked = Filter("flagged" if flagged else None, listing.search)
    page = await desk.sources.page(workspace, listing.site_id, asked, listing.page(Sources.orders, order))
    items = [DocumentInList.of(document, passages) for document, passages in page.items]
    return DocumentPage(items=items, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    response_model=DocumentAdded,
    responses=problems(400, 404, 413, 415, 422) | THERE_ALREADY,
    openapi_extra=BODY,
)
async def add_document(
    desk: DeskHere, workspace: WorkspaceId, site_id: SiteId, request: Request, response: Response
) -> Any:
    """Takes in a page by its address, or a file of text, Markdown or HTML (`file` of a form)."""
    kind = kind_of(request.headers)
    if kind == FORM:
        file = await read_upload(request, LARGEST_FILE)
        added = await desk.sources.add_file(workspace, site_id, file.name or "file", file.content)
    elif is_json(kind):
        added = await desk.sources.add_page(workspace, site_id, (await _page_of(request)).url)
    else:
        raise HTTPException(415, f"Send `{{url}}` as JSON, or the file as `{FORM}`.")
    response.status_code = 200 if added.duplicate else 201
    return DocumentAdded.made(added)


@router.get("/{number}", response_model=DocumentShown, responses=problems(404))
async def document(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """A document with its text and its passages."""
    found, pieces = await desk.sources.get(workspace, number)
    shown = DocumentShown.model_validate(found)
    return shown.model_copy(update={"passages": len(pieces), "pieces": pieces})


@router.delete("/{number}", status_code=204, responses=problems(404))
async def delete_document(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
    """Deletes a document; articles that cite it keep their citation."""
    await desk.sources.delete(workspace, number)


async def _page_of(request: Request) -> PageToAdd:
    try:
        return PageToAdd.model_validate(await request.json())
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error
