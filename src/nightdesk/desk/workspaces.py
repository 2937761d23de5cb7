"""A workspace as its members see it: what it is called, and how much it keeps of what it may."""

from dataclasses import dataclass

from sqlalchemy import select

from nightdesk.desk.people.book import note
from nightdesk.desk.people.fields import name_of
from nightdesk.desk.people.roles import Actor, require
from nightdesk.kit.clock import Clock
from nightdesk.kit.sizes import spelled
from nightdesk.store.quota import Quota
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Workspace

LONGEST_NAME = 120


@dataclass(frozen=True)
class Storage:
    """What is kept; `most` is 0 where any amount may be."""

    files: int
    documents: int
    bytes: int
    most: int
    most_documents: int
    """Of one site; 0: any number."""

    @property
    def says(self) -> str:
        """`1.2 GB of 20 GB`."""
        return f"{spelled(self.bytes)} of {spelled(self.most)}" if self.most else spelled(self.bytes)

    @property
    def nearly_full(self) -> bool:
        return self.most > 0 and self.bytes >= self.most * 0.9


@dataclass(frozen=True)
class Workspaces:
    """Tells of the workspace that asks, and renames it."""

    store: Store
    clock: Clock
    quota: Quota

    async def name(self, workspace_id: int) -> str:
        async with self.store.workspace(workspace_id) as session:
            return (await session.scalars(select(Workspace.name))).one()

    async def rename(self, by: Actor, name: str) -> str:
        """The name as it is kept. Raises `NotAllowed` but for owners, and `Invalid`."""
        require(by, "owner")
        name = name_of(name, most=LONGEST_NAME)
        async with self.store.workspace(by.workspace_id) as session:
            workspace = await session.get_one(Workspace, by.workspace_id, with_for_update=True)
            if workspace.name != name:
                about = f"{workspace.name} → {name}"
                workspace.name = name
                await note(session, by.workspace_id, by, "workspace_renamed", self.clock.now(), about)
        return name

    async def storage(self, workspace_id: int) -> Storage:
        used, quota = await self.quota.used(workspace_id), self.quota
        return Storage(used.files, used.documents, used.bytes, quota.most_bytes, quota.most_documents)
