"""Sources: the documents that a site's articles may cite, taken in from files and pages, read, deleted."""

from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk.errors import DeskError, Invalid, NotFound
from nightdesk.desk.items import Filter
from nightdesk.desk.rows import Site
from nightdesk.desk.sources import LARGEST_FILE, Added
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.planner_site import changed, many, searched, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.site_sources import around, shown
from nightdesk.faces.web.visit import Visit

MOST_FILES = 20
"""Of one form."""

ORDERS = {"newest": "Newest first", "oldest": "Oldest first", "title": "A to Z"}


async def show(visit: Visit) -> Response:
    return await shown(visit, "documents.html", await documents_context(visit, await site_of(visit)))


async def documents_context(visit: Visit, site: Site) -> dict[str, Any]:
    facts = await around(visit, site, "sources")
    given = {
        "search": searched(visit, "search"),
        "order": visit.query.get("order", "") if visit.query.get("order") in ORDERS else "",
        "flagged": "yes" if visit.query.get("flagged") == "yes" else "",
    }
    sources = visit.desk.sources
    asked = paging(visit, sources.orders[given["order"] or "newest"])
    narrowed = Filter(search=given["search"] or None, status="flagged" if given["flagged"] else None)
    found = await sources.page(visit.workspace, site.id, narrowed, asked)
    parts = {name: value for name, value in given.items() if value}
    at = f"/sites/{site.slug}/sources"
    return facts | {
        "documents": found.items,
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "given": given,
        "orders": ORDERS,
        "list_at": at,
        "address": f"{at}?{urlencode(parts)}" + ("&" if parts else ""),
    }


async def read(visit: Visit) -> Response:
    """One document with its passages as articles cite them."""
    site = await site_of(visit)
    document, passages = await visit.desk.sources.get(visit.workspace, visit.path["number"])
    if document.site_id != site.id:
        raise NotFound("document")
    facts = await around(visit, site, "sources")
    return await shown(visit, "document.html", facts | {"document": document, "passages": passages})


async def add_files(visit: Visit) -> Response:
    """Takes files in one by one; what cannot be read keeps no other out."""
    site = await site_of(visit)
    form = await visit.form()
    files = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
    if not files:
        raise Invalid("file", "Choose a file first. Nothing was added.")
    toasts = [await _take_in(visit, site, one) for one in files[:MOST_FILES]]
    return await anew(visit, site, *toasts)


async def _take_in(visit: Visit, site: Site, file: UploadFile) -> str:
    name = (file.filename or "")[:200]
    content = await file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        says = f"{name} was not added: at most {LARGEST_FILE // 1_000_000} MB are taken."
        return visit.toast(says, kind="danger")
    try:
        added = await visit.desk.sources.add_file(visit.workspace, site.id, name, content)
    except DeskError as error:
        return visit.toast(f"{name} was not added. {error}", kind="danger")
    return _told(visit, added)


async def add_page(visit: Visit) -> Response:
    """Takes in the page at an address. Raises `Invalid` where it cannot be had."""
    site = await site_of(visit)
    url = str((await visit.form()).get("url", "")).strip()
    if not url:
        raise Invalid("url", "Write the address of a page, with https:// before it.")
    added = await visit.desk.sources.add_page(visit.workspace, site.id, url)
    return await anew(visit, site, _told(visit, added))


def _told(visit: Visit, added: Added) -> str:
    title = added.document.title
    if added.duplicate:
        return visit.toast(f"“{title}” was there already; nothing was added.", kind="info")
    says = f"“{title}” was added, with {many(added.passages, 'passage')} that articles can cite."
    if added.warnings:
        warns = "Part of it reads like orders to a machine. It stays text, and nobody obeys it."
        return visit.toast(f"{says} {warns}", kind="info")
    return visit.toast(says)


async def delete(visit: Visit) -> Response:
    site = await site_of(visit)
    number = visit.path["number"]
    document, _ = await visit.desk.sources.get(visit.workspace, number)
    undo = await visit.desk.sources.take_out(visit.workspace, site.id, number)
    if visit.query.get("then") == "list":
        return visit.go(f"/sites/{site.slug}/sources")
    says = f"“{document.title}” is deleted. Articles that cite it keep their citation."
    return await anew(visit, site, changed(visit, site, says, undo))


async def anew(visit: Visit, site: Site, *toasts: str) -> Response:
    """The list as it is after a change."""
    facts = await documents_context(visit, site)
    return visit.fragments(visit.part("documents.html", "documents", facts), *toasts)


_AT = "/sites/{slug}/sources"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/{{number:int}}", read),
    act(f"{_AT}/files", add_files),
    act(f"{_AT}/page", add_page),
    act(f"{_AT}/{{number:int}}/delete", delete),
)
