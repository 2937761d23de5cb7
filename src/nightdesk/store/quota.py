"""How much a workspace may keep, and how much it keeps, which tallies tell at next to no cost.

What is being stored at the same moment is not seen before it is kept: a workspace may come to lie over its
quota by what was in hand then, and by no more.
"""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.sizes import spelled
from nightdesk.store.session import Store
from nightdesk.store.tables.storage import Kept

SHARE = 16
"""Of what is free, a process may fill one in so many parts before it looks again."""


class StorageFull(NeedsPerson):
    """The workspace keeps as much as it may."""


@dataclass(frozen=True)
class Used:
    """What a workspace keeps."""

    files: int
    documents: int
    bytes: int


@dataclass(frozen=True)
class Quota:
    """The limits of every workspace; one of 0 is none."""

    store: Store
    most_bytes: int = 0
    most_documents: int = 0
    """Of one site."""

    granted: dict[int, int] = field(default_factory=dict)
    """Bytes that this process may still store for a workspace without looking."""

    async def used(self, workspace_id: int) -> Used:
        async with self.store.workspace(workspace_id) as session:
            return await self._used(session, workspace_id)

    async def room(self, workspace_id: int, more: int = 0) -> None:
        """Raises `StorageFull` where so many bytes more are too many, or not even one is left."""
        more = max(more, 1)
        if not self.most_bytes:
            return
        if more > self.granted.get(workspace_id, 0):
            used = await self.used(workspace_id)
            if used.bytes + more > self.most_bytes:
                self.granted.pop(workspace_id, None)
                raise self._full(used)
            self.granted[workspace_id] = more + (self.most_bytes - used.bytes - more) // SHARE
        self.granted[workspace_id] -= more

    async def check(self, session: AsyncSession, workspace_id: int, site_id: int) -> None:
        """Raises `StorageFull` where what this transaction has added to the site is too much."""
        if self.most_bytes:
            used = await self._used(session, workspace_id)
            if used.bytes > self.most_bytes:
                raise self._full(used)
        if self.most_documents:
            mine = (Kept.workspace_id == workspace_id, Kept.kind == "documents", Kept.site_id == site_id)
            found = await session.scalar(select(func.sum(Kept.n)).where(*mine))
            if found and found > self.most_documents:
                raise StorageFull(
                    f"A site may have {self.most_documents:,} documents, and this one has them. Delete some "
                    "that are not needed, or ask the operator to raise NIGHTDESK_SITE_DOCUMENTS."
                )

    async def _used(self, session: AsyncSession, workspace_id: int) -> Used:
        query = (
            select(Kept.kind, func.sum(Kept.n), func.sum(Kept.bytes))
            .where(Kept.workspace_id == workspace_id)
            .group_by(Kept.kind)
        )
        found = {kind: (int(n), int(size)) for kind, n, size in await session.execute(query)}
        files, documents = found.get("assets", (0, 0)), found.get("documents", (0, 0))
        return Used(files[0], documents[0], files[1] + documents[1])

    def _full(self, used: Used) -> StorageFull:
        return StorageFull(
            f"The workspace is full: {spelled(used.bytes)} of {spelled(self.most_bytes)} are used. Delete "
            "articles and documents that are not needed, or ask the operator to raise "
            "NIGHTDESK_WORKSPACE_STORAGE_MB."
        )
