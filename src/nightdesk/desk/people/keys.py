"""The API keys of a workspace. A key is shown once and kept as a hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select, update

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import Actor, Agent, Client, NotAllowed, Role, require
from nightdesk.kit import ids
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.access import ApiKey
from nightdesk.store.tables.people import Member, Person


@dataclass(frozen=True)
class NewKey:
    """A key just made: `token` is shown this once."""

    id: int
    name: str
    prefix: str
    token: str


@dataclass(frozen=True)
class KeyShown:
    """A key as a list shows it."""

    id: int
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Keys:
    """Makes, lists and revokes keys, and tells whose a key is."""

    store: Store
    clock: Clock

    async def create_key(self, workspace_id: int, name: str, by: Actor | None = None) -> NewKey:
        """Raises `Invalid` where the name is empty or longer than 100 characters; `NotAllowed`.

        `by` is who asks, and has to be an owner; None stands for a client with a key.
        """
        if by is not None:
            require(by, "owner")
        name = name.strip()
        if not 1 <= len(name) <= 100:
            raise Invalid("name", "A key's name has 1 to 100 characters.")
        made = ids.new_api_key()
        async with self.store.workspace(workspace_id) as session:
            row = ApiKey(
                workspace_id=workspace_id,
                name=name,
                prefix=made.prefix,
                hash=made.hashed,
                person_id=by.person_id if by is not None else None,
            )
            session.add(row)
            await session.flush()
            await note(session, workspace_id, by, "key_made", self.clock.now(), f"{name} ({made.prefix}…)")
            return NewKey(row.id, name, made.prefix, made.token)

    async def keys(self, workspace_id: int) -> list[KeyShown]:
        async with self.store.workspace(workspace_id) as session:
            rows = await session.scalars(
                select(ApiKey).where(ApiKey.workspace_id == workspace_id).order_by(ApiKey.id)
            )
            return [
                KeyShown(r.id, r.name, r.prefix, r.created_at, r.last_used_at, r.revoked_at) for r in rows
            ]

    async def revoke_key(self, workspace_id: int, key_id: int, by: Actor | None = None) -> None:
        """The key opens nothing from now on; `by` as in `create_key`. Raises `NotFound`, `NotAllowed`."""
        if by is not None:
            require(by, "owner")
        async with self.store.workspace(workspace_id) as session:
            done = await session.scalar(
                update(ApiKey)
                .where(ApiKey.workspace_id == workspace_id, ApiKey.id == key_id)
                .values(revoked_at=func.coalesce(ApiKey.revoked_at, self.clock.now()))
                .returning(ApiKey.prefix)
            )
            if done is None:
                raise NotFound("key")
            await note(session, workspace_id, by, "key_revoked", self.clock.now(), f"{done}…")

    async def workspace_of(self, token: str) -> int | None:
        """The workspace whose valid key this is, or None; anything that is no key costs no look-up."""
        if not ids.is_api_key(token):
            return None
        hashed = ids.hash_token(token)
        async with self.store.nobody() as session:
            workspace_id: int | None = await session.scalar(select(func.workspace_of_key(hashed)))
        if workspace_id is not None:
            await self._note_use(workspace_id, hashed)
        return workspace_id

    async def client(self, workspace_id: int, token: str) -> Client:
        """Who acts with that valid key of the workspace, named as people named the key."""
        mine = (ApiKey.workspace_id == workspace_id, ApiKey.hash == ids.hash_token(token))
        async with self.store.workspace(workspace_id) as session:
            name = (await session.scalars(select(ApiKey.name).where(*mine))).one()
        return Client(workspace_id, f"the key “{name}”")

    async def agent(self, workspace_id: int, token: str) -> Agent | Client:
        """Who works with that valid key by tools: the person who made it, as what they are there now.

        A key that the operator or a program made is of nobody. Raises `NotAllowed` where the person has left.
        """
        mine = (ApiKey.workspace_id == workspace_id, ApiKey.hash == ids.hash_token(token))
        of_person = (Member.workspace_id == ApiKey.workspace_id) & (Member.person_id == ApiKey.person_id)
        query = (
            select(ApiKey.name, ApiKey.person_id, Person.name, Member.role)
            .outerjoin(Member, of_person)
            .outerjoin(Person, Person.id == Member.person_id)
            .where(*mine)
        )
        async with self.store.workspace(workspace_id) as session:
            key, person_id, person, role = (await session.execute(query)).one()
        if person_id is None:
            return Client(workspace_id, f"the key “{key}”")
        if role is None:
            raise NotAllowed("viewer")
        return Agent(workspace_id, person_id, f"{person}, by the key “{key}”", cast(Role, role))

    async def _note_use(self, workspace_id: int, hashed: str) -> None:
        """Notes the last use, at most once a minute, so that reading does not become writing."""
        now = self.clock.now()
        async with self.store.workspace(workspace_id) as session:
            stale = func.coalesce(ApiKey.last_used_at, ApiKey.created_at) < func.now() - func.make_interval(
                0, 0, 0, 0, 0, 1
            )
            await session.execute(
                update(ApiKey)
                .where(ApiKey.workspace_id == workspace_id, ApiKey.hash == hashed, stale)
                .values(last_used_at=now)
            )
