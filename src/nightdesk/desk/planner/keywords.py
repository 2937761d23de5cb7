"""Keywords: added one by one or many at once, changed, moved between clusters, deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, Taken, Unreadable
from nightdesk.desk.items import Filter, Items, site_of, written
from nightdesk.desk.keeping import within_quota
from nightdesk.desk.paging import Page, Paging, orders
from nightdesk.desk.planner import keyword_lists, merging
from nightdesk.desk.planner.imports import Gathered, ImportReport, as_row
from nightdesk.desk.planner.inputs import KeywordChanges, NewKeyword
from nightdesk.desk.planner.keyword_lists import keywords_of
from nightdesk.desk.planner.volumes import add_up
from nightdesk.engine.control import Control
from nightdesk.kit.endings import Refused
from nightdesk.sources import keyword_files
from nightdesk.store.quota import Quota
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Keyword

MOST_AT_ONCE = 1000
"""Keywords of one list; a file may hold more."""


class Keywords(Items[Keyword]):
    """The keywords of a site; two spellings of one phrase are one keyword."""

    table, word, named = Keyword, "keyword", "normal"
    # The usual ones; `keyword_lists.ORDERS` has more.
    orders = orders(*(keyword_lists.ORDERS[name] for name in ("newest", "oldest", "volume", "phrase")))

    def __init__(self, store: Store, control: Control, quota: Quota) -> None:
        super().__init__(store, control)
        self._quota = quota

    async def page(self, workspace_id: int, site_id: int, asked: Filter, paging: Paging) -> Page[Keyword]:
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            counts = await self.counts(session, workspace_id, site_id)
            mine = (Keyword.workspace_id == workspace_id, Keyword.site_id == site_id)
            total = sum(counts.values())
            return Page(*await keywords_of(session, mine, asked, paging, total), counts)

    async def create(self, workspace_id: int, site_id: int, new: NewKeyword) -> Keyword:
        """Raises `Invalid`, `NotFound`, and `Taken` where the site has the phrase already."""
        row = _row(new)
        async with self.writing(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            before = await merging.known(session, workspace_id, site_id, [row.normal])
            if before or not await merging.put(session, workspace_id, site_id, [row], "by hand"):
                raise Taken(f"The site has the keyword “{row.phrase}” already.")
            return await _by_normal(session, workspace_id, site_id, row.normal)

    async def add_many(
        self, workspace_id: int, site_id: int, keywords: Sequence[NewKeyword], *, preview: bool = False
    ) -> ImportReport:
        """Adds a list; what cannot be taken is told by its line. Raises `NotFound` for the site, `Full`."""
        gathered = Gathered.of_list(keywords)
        await self._room(workspace_id, preview)
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            return await gathered.keep(session, workspace_id, site_id, preview=preview)

    async def import_file(
        self, workspace_id: int, site_id: int, name: str, content: bytes, *, preview: bool = False
    ) -> ImportReport:
        """Adds what a file holds.

        Raises `NotFound`, `Full`, and `Unreadable` where the whole file cannot be read.
        """
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
        await self._room(workspace_id, preview)
        try:
            read = await asyncio.to_thread(keyword_files.read, name, content)
        except Refused as error:
            raise Unreadable(error.why) from error
        async with self.store.workspace(workspace_id) as session:
            report = await Gathered.of_file(read).keep(session, workspace_id, site_id, preview=preview)
        recognised = read.recognised
        return replace(
            report,
            name=read.name,
            format=recognised.format,
            encoding=recognised.encoding,
            columns=recognised.columns,
        )

    async def change(self, workspace_id: int, number: int, changes: KeywordChanges) -> Keyword:
        """Changes what is given. Raises `Invalid`, `NotFound`, `Taken`; `Conflict` while it is in hand."""
        facts = changes.given()
        async with self.writing(workspace_id) as session:
            keyword = await self.take(session, workspace_id, number)
            before = keyword.cluster_id
            if "phrase" in facts:
                await self._rename(session, keyword, facts.pop("phrase"))
            if "cluster_id" in facts:
                await _move(session, keyword, facts.pop("cluster_id"))
            for name, value in facts.items():
                setattr(keyword, name, value)
            await session.flush()
            await add_up(session, workspace_id, [before, keyword.cluster_id])
            return await written(session, keyword)

    async def delete(self, workspace_id: int, number: int) -> None:
        """Raises `NotFound`, and `Conflict` while it is in hand."""
        async with self.writing(workspace_id) as session:
            keyword = await self.take(session, workspace_id, number)
            await session.delete(keyword)
            await session.flush()
            await add_up(session, workspace_id, [keyword.cluster_id])

    async def _room(self, workspace_id: int, preview: bool) -> None:
        if not preview:
            with within_quota():
                await self._quota.room(workspace_id)

    async def _rename(self, session: AsyncSession, keyword: Keyword, phrase: str) -> None:
        row = _row(NewKeyword(phrase=phrase))
        if row.normal != keyword.normal:
            if await merging.known(session, keyword.workspace_id, keyword.site_id, [row.normal]):
                raise Taken(f"The site has the keyword “{row.phrase}” already.")
            # Its group was found by the words that it no longer has.
            keyword.group_key = keyword.block = None
        keyword.phrase, keyword.normal = row.phrase, row.normal


def _row(new: NewKeyword) -> Any:
    try:
        return as_row(new)
    except Refused as error:
        raise Invalid("phrase", f"This cannot be a keyword: {error.why}.") from error


async def _by_normal(session: AsyncSession, workspace_id: int, site_id: int, normal: str) -> Keyword:
    query = select(Keyword).where(
        Keyword.workspace_id == workspace_id, Keyword.site_id == site_id, Keyword.normal == normal
    )
    return (await session.scalars(query)).one()


async def _move(session: AsyncSession, keyword: Keyword, cluster_id: int | None) -> None:
    """Puts a keyword into a cluster of its site, or back among the new ones."""
    if cluster_id is None:
        keyword.status, keyword.cluster_id = "new", None
        keyword.group_key = keyword.block = None
        return
    cluster = await session.get(Cluster, (keyword.workspace_id, cluster_id))
    if cluster is None or cluster.site_id != keyword.site_id:
        raise Invalid("cluster_id", "The site has no such cluster.")
    keyword.status, keyword.cluster_id = "mapped", cluster_id
