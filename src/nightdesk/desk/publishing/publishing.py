"""What a person may do with publications: ask, move, cancel, decide on a held one, stop everything."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import require
from nightdesk.desk.publishing.asking import Asked, Wish, ask, planned
from nightdesk.desk.publishing.calendar import Calendar
from nightdesk.desk.publishing.places import alone, place
from nightdesk.desk.publishing.standing import stands
from nightdesk.desk.publishing.stories import Stories
from nightdesk.engine.outgoing.claims import step
from nightdesk.kit.clock import Clock
from nightdesk.kit.http.addresses import apart
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.tenancy import Workspace

MOVABLE = ("queued",)
LONGEST_URL = 2000


@dataclass(frozen=True)
class Publishing:
    """Publications of workspaces."""

    store: Store
    clock: Clock
    stories: Stories
    calendar: Calendar

    async def publish(self, by: Actor, wish: Wish) -> list[Asked]:
        """Asks for a piece to go out; what was asked for before stays one publication.

        Raises `NotFound`, `Invalid`, `NotAllowed`, `Conflict` where the piece is not approved.
        """
        require(by, "editor")
        async with self.store.workspace(by.workspace_id) as session:
            asked = await ask(session, by.workspace_id, wish, by, self.clock.now())
            for one in asked:
                if one.new:
                    row = await session.get_one(Publication, (by.workspace_id, one.id))
                    await self._changed(session, row, "waits to go out")
            await note(session, by.workspace_id, by, "publishing_asked", self.clock.now(), _about(wish))
            return asked

    async def again(self, by: Actor, number: int) -> Publication:
        """Asks anew for one that was not taken: at once, with the options it had.

        Raises `NotFound`, `NotAllowed`; `Conflict` in another state, or where its piece is not approved.
        """
        row = (await self.stories.show(by.workspace_id, number)).publication
        if row.state != "rejected":
            raise Conflict("Something else became of it meanwhile. Look again.")
        if row.content_id is None and row.video_id is None:
            raise Conflict("Its piece was removed, so there is nothing to publish.")
        await self.publish(by, Wish(row.content_id, row.video_id, [row.account_id], options=row.options))
        return row

    async def move(self, by: Actor, number: int, at: datetime) -> Publication:
        """Plans it for another time, or for the next day on which its account has room; `moved` says so then.

        Raises `NotFound`, `Invalid`, `NotAllowed`, `Conflict`.
        """
        require(by, "editor")
        at, now = planned(at), self.clock.now()
        async with self.store.workspace(by.workspace_id) as session:
            account = await _account(session, by.workspace_id, number)
            await alone(session, [account])
            row = await _row(session, by.workspace_id, number)
            if row.state not in MOVABLE:
                raise Conflict(f"It is {row.state} by now, so it cannot be moved.")
            found = await place(session, account, row.site_id, at, now, but=row.id)
            row.planned_at, row.due_at, row.moved = found.at, max(found.at, now), found.moved
            says = f"Planned for {found.at.isoformat()}. {found.moved}".strip()
            self._step(session, row, "moved", says, by)
            await self._changed(session, row, "was moved")
            return row

    async def cancel(self, by: Actor, number: int) -> Publication:
        """Takes it back while nothing can be out; again changes nothing. Raises `NotFound`, `Conflict`."""
        require(by, "editor")
        async with self.store.workspace(by.workspace_id) as session:
            row = await _row(session, by.workspace_id, number)
            if row.state == "cancelled":
                return row
            if row.state not in ("queued", "rejected"):
                raise Conflict(_why_not(row.state))
            row.state, row.code, row.error = "cancelled", "cancelled", ""
            self._step(session, row, "cancelled", "Taken back before it went out.", by)
            await note(session, by.workspace_id, by, "publishing_cancelled", self.clock.now(), row.title)
            await self._changed(session, row, "was cancelled")
            return row

    async def confirm(self, by: Actor, number: int, *, live: bool, url: str = "") -> Publication:
        """A person says of a held one whether it is out. If it is not, it is sent again.

        Raises `NotFound`, `Invalid`, `NotAllowed`; `Conflict` where it is not held.
        """
        require(by, "editor")
        address = _address(url) if url else ""
        async with self.store.workspace(by.workspace_id) as session:
            row, now = await _row(session, by.workspace_id, number), self.clock.now()
            if row.state != "held":
                raise Conflict(f"It is {row.state}; only one that is held is decided on.")
            says = "It is out." if live else "It is not out, and is sent again."
            if live:
                row.state, row.url, row.live_at = "live", address or row.url, now
            else:
                row.state, row.due_at, row.sent_at = "queued", now, None
                row.tries = row.looks = 0
            row.evidence = [*row.evidence, {"at": now.isoformat(), "code": "person", "says": says}]
            row.code = row.error = ""
            self._step(session, row, "decided", says, by)
            about = f"{row.title}: {says}"
            await note(session, by.workspace_id, by, "publishing_confirmed", now, about)
            await self._changed(session, row, "was decided on")
            return row

    async def stop(self, by: Actor) -> None:
        """The kill switch: nothing of the workspace goes out until `resume`."""
        await self._switch(by, self.clock.now())

    async def resume(self, by: Actor) -> None:
        """Lets publications go out again; those whose time came meanwhile go now."""
        await self._switch(by, None)

    async def stopped(self, workspace_id: int) -> datetime | None:
        """Since when nothing goes out."""
        async with self.store.workspace(workspace_id) as session:
            return (await session.get_one(Workspace, workspace_id)).publishing_paused_at

    async def _switch(self, by: Actor, at: datetime | None) -> None:
        require(by, "owner")
        async with self.store.workspace(by.workspace_id) as session:
            workspace = await session.get_one(Workspace, by.workspace_id, with_for_update=True)
            if (workspace.publishing_paused_at is None) == (at is None):
                return
            workspace.publishing_paused_at = at
            what = "publishing_resumed" if at is None else "publishing_stopped"
            await note(session, by.workspace_id, by, what, self.clock.now(), "")  # type: ignore[arg-type]
            told = "Publishing goes on." if at is None else "All publishing is stopped."
            happening = Happening("publication_resumed" if at is None else "publication_stopped", told)
            await write(session, by.workspace_id, [happening], at=self.clock.now())

    def _step(self, session: AsyncSession, row: Publication, what: str, says: str, by: Actor) -> None:
        session.add(step(row.workspace_id, row.id, self.clock.now(), what, says, by.name))

    async def _changed(self, session: AsyncSession, row: Publication, told: str) -> None:
        data = {"publication_id": row.id, "account_id": row.account_id, "state": row.state, "url": row.url}
        happening = Happening("publication_changed", f"“{row.title}” {told}.", data=data)
        await session.flush()
        await write(session, row.workspace_id, [happening], at=self.clock.now(), site_id=row.site_id)
        await stands(session, row)


async def _row(session: AsyncSession, workspace_id: int, number: int) -> Publication:
    row = await session.get(Publication, (workspace_id, number), with_for_update=True)
    if row is None:
        raise NotFound("publication")
    return row


async def _account(session: AsyncSession, workspace_id: int, number: int) -> Account:
    """The one that a publication goes to. Raises `NotFound` for the publication."""
    of_it = (Account.workspace_id == Publication.workspace_id) & (Account.id == Publication.account_id)
    mine = (Publication.workspace_id == workspace_id, Publication.id == number)
    account = await session.scalar(select(Account).join(Publication, of_it).where(*mine))
    if account is None:
        raise NotFound("publication")
    return account


def _about(wish: Wish) -> str:
    return f"article {wish.content_id}" if wish.content_id is not None else f"video {wish.video_id}"


def _address(url: str) -> str:
    """Raises `Invalid`."""
    parts = apart(url.strip())
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc or len(url) > LONGEST_URL:
        raise Invalid("url", "Give the address at which it is out, beginning with https://.")
    return url.strip()


def _why_not(state: str) -> str:
    return {
        "live": "It is out already; take it down on the platform itself.",
        "held": "It may be out. Decide on it first: is it there, or not?",
    }.get(state, "It is on its way just now; a moment later it can be seen what became of it.")
