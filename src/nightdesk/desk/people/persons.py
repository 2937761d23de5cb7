"""The people of a workspace: listed, given roles, removed; and what each of them sets for themselves."""

from dataclasses import dataclass
from datetime import datetime

from nightdesk.desk.people.roles import Actor, Caller, Role
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store


@dataclass(frozen=True)
class MemberShown:
    """A person of the workspace; `seen_at` is the last sign of life of a session there."""

    person_id: int
    name: str
    email: str
    role: Role
    joined_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class DeedShown:
    """One line of the book of who did what: `who` is the name borne then, `about` is to whom or what."""

    id: int
    at: datetime
    who: str
    person_id: int | None
    deed: str
    about: str
    address: str


@dataclass(frozen=True)
class Persons:
    """Lists and changes who belongs to a workspace."""

    store: Store
    clock: Clock

    async def members(self, workspace_id: int) -> list[MemberShown]:
        """Everybody, by name."""
        raise NotImplementedError

    async def change_role(self, actor: Actor, person_id: int, role: Role) -> None:
        """Raises `NotAllowed`, `NotFound`, `Invalid`, or `Conflict` where no owner would be left."""
        raise NotImplementedError

    async def remove(self, actor: Actor, person_id: int) -> None:
        """Ends the membership and its sessions. Raises as `change_role` does."""
        raise NotImplementedError

    async def change_profile(
        self, caller: Caller, name: str, timezone: str, language: str, theme: str
    ) -> None:
        """What the caller goes by, and how times and pages are shown to them. Raises `Invalid`."""
        raise NotImplementedError

    async def deeds(self, actor: Actor, *, before: int | None = None, limit: int = 100) -> list[DeedShown]:
        """Who did what, the newest first, before the deed `before`; for owners. Raises `NotAllowed`."""
        raise NotImplementedError
