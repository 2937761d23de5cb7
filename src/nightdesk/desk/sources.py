"""The documents that a site's articles may cite: taken in from files and pages, listed, deleted."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from nightdesk.desk.errors import Invalid, NotFound, Unreadable
from nightdesk.desk.items import Filter, site_of
from nightdesk.desk.keeping import within_quota
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.planner.undoing import Notes
from nightdesk.kit.endings import Ending, Refused
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.quality import instructions
from nightdesk.sources import documents
from nightdesk.sources.pages import PageMeans, Pages, open_pages
from nightdesk.store.quota import Quota
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.tenancy import Site

LARGEST_FILE = 5_000_000
"""Bytes."""

ROWS_A_STATEMENT = 500


@dataclass(frozen=True)
class Added:
    """A document of the site; `duplicate` where the same text was there before, and nothing was added.

    `warnings` say where the text reads like orders to a machine: it stays content and has no authority.
    """

    document: Document
    passages: int
    duplicate: bool = False
    warnings: tuple[str, ...] = ()


class Sources:
    """Takes documents in, and tells of them. `NotFound` where a site or document is not the workspace's."""

    orders = orders(
        Order("newest", Document.id, Document.id),
        Order("oldest", Document.id, Document.id, descending=False),
        Order("title", Document.title, Document.id, descending=False),
    )

    def __init__(
        self, store: Store, fetcher: Fetcher, quota: Quota | None = None, pages: Pages | None = None
    ) -> None:
        """Without a quota any number of documents is taken in; without readers all pages are plain ones."""
        self.store, self._fetcher, self._quota = store, fetcher, quota or Quota(store)
        self._pages = pages or open_pages(PageMeans(fetcher), ())

    async def add_file(self, workspace_id: int, site_id: int, name: str, content: bytes) -> Added:
        """Takes in a file of text, Markdown or HTML. Raises `Unreadable`, `NotFound`, `Full`."""
        await self._check_site(workspace_id, site_id)
        try:
            found = await documents.read_file(name, content)
        except Refused as error:
            raise Unreadable(error.why) from error
        return await self._keep(workspace_id, site_id, found)

    async def add_page(self, workspace_id: int, site_id: int, url: str) -> Added:
        """Takes in a page, past the outbound guard. Raises `Invalid`, `Unreadable`, `NotFound`, `Full`."""
        await self._check_site(workspace_id, site_id)
        try:
            found = await self._pages.read(url)
        except documents.DocumentRefused as error:
            raise Unreadable(error.why) from error
        except Ending as error:
            raise Invalid("url", f"{error.why} Nothing was added.") from error
        return await self._keep(workspace_id, site_id, found)

    async def add_text(self, workspace_id: int, site_id: int, url: str, content: str) -> Added:
        """Takes in what somebody read at that address, text or HTML; the address is not fetched.

        Raises `Invalid`, `Unreadable`, `NotFound`.
        """
        await self._check_site(workspace_id, site_id)
        try:
            address = self._fetcher.inspect(url)
        except Refused as error:
            raise Invalid("url", f"{error.why} Nothing was added.") from error
        try:
            found = await documents.read_file(address, content.encode())
        except Refused as error:
            raise Unreadable(error.why) from error
        return await self._keep(workspace_id, site_id, replace(found, url=address))

    async def add_entry(self, workspace_id: int, site_id: int, title: str, text: str, url: str) -> Added:
        """Takes in what a feed itself said of a story. Raises `NotFound`, `Full`."""
        await self._check_site(workspace_id, site_id)
        found = documents.Document(title, text, url or None)
        return await self._keep(workspace_id, site_id, found, "entry")

    async def page(
        self, workspace_id: int, site_id: int | None, asked: Filter, paging: Paging
    ) -> Page[tuple[Document, int]]:
        """One page of the documents of a site or of all, each with the number of its passages."""
        async with self.store.workspace(workspace_id) as session:
            query = select(Document).where(Document.workspace_id == workspace_id)
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
                query = query.where(Document.site_id == site_id)
            else:
                listed = select(Site.id).where(Site.workspace_id == workspace_id, Site.archived_at.is_(None))
                query = query.where(Document.site_id.in_(listed))
            if asked.search:
                query = query.where(Document.title.icontains(asked.search, autoescape=True))
            if asked.status == "flagged":
                query = query.where(Document.flags != "")
            light = query.options(defer(Document.text, raiseload=True))
            found, following = await page_of(session, light, paging)
            counted = await _passages(session, workspace_id, [one.id for one in found])
            return Page([(one, counted.get(one.id, 0)) for one in found], following)

    async def get(self, workspace_id: int, number: int) -> tuple[Document, list[str]]:
        """A document and its passages in order."""
        async with self.store.workspace(workspace_id) as session:
            document = await _find(session, workspace_id, number)
            query = select(Passage.text).where(
                Passage.workspace_id == workspace_id, Passage.document_id == number
            )
            return document, list(await session.scalars(query.order_by(Passage.position)))

    async def delete(self, workspace_id: int, number: int) -> None:
        """Deletes it with its passages; articles that cite it keep their citation."""
        async with self.store.workspace(workspace_id) as session:
            document = await _find(session, workspace_id, number)
            await session.execute(
                delete(Document).where(Document.workspace_id == workspace_id, Document.id == document.id)
            )

    async def take_out(self, workspace_id: int, site_id: int, number: int) -> int | None:
        """Deletes it so that `desk.planner.undoing` can put it back; returns the number to do that by."""
        async with self.store.workspace(workspace_id) as session:
            document = await _find(session, workspace_id, number)
            if document.site_id != site_id:
                raise NotFound("document")
            query = select(Passage.id).where(
                Passage.workspace_id == workspace_id, Passage.document_id == number
            )
            notes = Notes(session, workspace_id, site_id)
            await notes.remove(Passage, list(await session.scalars(query)))
            await notes.remove(Document, [number])
            return await notes.keep()

    async def _check_site(self, workspace_id: int, site_id: int) -> None:
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)

    async def _keep(
        self, workspace_id: int, site_id: int, found: documents.Document, kind: str = ""
    ) -> Added:
        """Stores a document with its passages, once for each text of a site."""
        pieces, warnings = await asyncio.to_thread(_looked_through, found)
        values = _values(found, flagged=bool(warnings)) | {"workspace_id": workspace_id, "site_id": site_id}
        values |= {"kind": kind} if kind else {}
        async with self.store.workspace(workspace_id) as session:
            new = insert(Document).values(values).on_conflict_do_nothing().returning(Document.id)
            number = await session.scalar(new)
            if number is None:
                return await _there_already(session, workspace_id, site_id, found.content_hash)
            rows = [
                {
                    "workspace_id": workspace_id,
                    "site_id": site_id,
                    "document_id": number,
                    "position": position,
                    "text": text,
                }
                for position, text in enumerate(pieces)
            ]
            for start in range(0, len(rows), ROWS_A_STATEMENT):
                await session.execute(insert(Passage), rows[start : start + ROWS_A_STATEMENT])
            with within_quota():
                await self._quota.check(session, workspace_id, site_id)
            document = await session.get_one(Document, (workspace_id, number))
            return Added(document, len(rows), warnings=warnings)


def _looked_through(found: documents.Document) -> tuple[list[str], tuple[str, ...]]:
    """The passages, and what in the text reads like orders to a machine."""
    report = instructions.check(f"{found.title}\n\n{found.author or ''}\n\n{found.text}")
    warnings = tuple(f"{finding.message} “{finding.where}”" for finding in report.findings)
    return documents.split_passages(found), warnings


def _values(found: documents.Document, *, flagged: bool) -> dict[str, Any]:
    return {
        "title": found.title,
        "text": found.text,
        "url": found.url or "",
        "kind": found.kind or ("page" if found.url else "file"),
        "image": found.image or "",
        "author": found.author or "",
        "published": found.published.isoformat() if found.published else "",
        "language": found.language or "",
        "content_hash": found.content_hash,
        "flags": instructions.CODE if flagged else "",
    }


async def _there_already(session: AsyncSession, workspace_id: int, site_id: int, content_hash: str) -> Added:
    query = select(Document).where(
        Document.workspace_id == workspace_id,
        Document.site_id == site_id,
        Document.content_hash == content_hash,
    )
    document = (await session.scalars(query)).one()
    counted = await _passages(session, workspace_id, [document.id])
    return Added(document, counted.get(document.id, 0), duplicate=True)


async def _passages(session: AsyncSession, workspace_id: int, numbers: list[int]) -> dict[int, int]:
    """How many passages each document has."""
    query = (
        select(Passage.document_id, func.count())
        .where(Passage.workspace_id == workspace_id, Passage.document_id.in_(numbers))
        .group_by(Passage.document_id)
    )
    return dict((await session.execute(query)).all())


async def _find(session: AsyncSession, workspace_id: int, number: int) -> Document:
    query = (
        select(Document)
        .join(Site, (Site.workspace_id == Document.workspace_id) & (Site.id == Document.site_id))
        .where(Document.workspace_id == workspace_id, Document.id == number, Site.archived_at.is_(None))
    )
    document = (await session.scalars(query)).one_or_none()
    if document is None:
        raise NotFound("document")
    return document
