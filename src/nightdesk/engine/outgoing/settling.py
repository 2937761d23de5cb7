"""What becomes of a publication after a step: one transaction each, and only where it is still ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.engine.outgoing.claims import Taken, ours, step, stopped
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused, Waits
from nightdesk.kit.points import reach
from nightdesk.publisher import Absent, Coming, Found, Live, Repeats, Token, Unclear, Unknown
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account, Publication

FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds before it is tried again, doubled each time."""

MOST_TRIES = 14
"""Sendings that certainly took no effect, over about nine hours, before a person is asked."""

MOST_LOOKS = 6
"""Looks in a row that settle nothing before a person is asked, over about a quarter of an hour."""

MOST_SURE_LOOKS = 14
"""The same where a platform can settle it for certain once it answers: over about eight hours."""

LONGEST_COMING = 24 * 3600.0
"""Seconds since it was sent in which a platform may say that it still works on it."""

COMING_SHARE = 20
"""Of how long it works on it already: waited for before it is asked again, so that few looks do for long."""

Standing = Callable[[AsyncSession, Publication], Awaitable[None]]
"""Told, in the transaction, of a publication whose state has changed."""

Approved = Callable[[AsyncSession, Publication], Awaitable[None]]
"""Looks, just before a piece becomes public, whether it may still. Raises `Refused`."""

LEVELS = {"held": "warning", "rejected": "warning"}


async def _always(session: AsyncSession, publication: Publication) -> None:
    """Nothing is asked."""


@dataclass(frozen=True)
class Settling:
    """Writes down outcomes."""

    store: Store
    clock: Clock
    told: Standing
    announce: Callable[[], None]
    approved: Approved = _always

    async def committing(self, taken: Taken, token: Token | None) -> bool:
        """Says, before anything can become public, that it may from now on. Raises `NotOurs`.

        False where it may not, for it was stopped or is not approved any more since it was taken: then it is
        settled, with what was prepared kept.
        """
        reach("outgoing.committing.before")
        async with self.store.workspace(taken.publication.workspace_id) as session:
            row, now = await ours(session, taken), self.clock.now()
            row.token = dict(token) if token is not None else None
            if goes := await self._may(session, row):
                row.state, row.sent_at = "committing", now
                session.add(step(row.workspace_id, row.id, now, "commits", "From here on it may be public."))
            else:
                await self._end(session, row)
        reach("outgoing.committing.after")
        return goes

    async def _may(self, session: AsyncSession, row: Publication) -> bool:
        account = await session.get_one(
            Account, (row.workspace_id, row.account_id), with_for_update={"read": True}
        )
        if why := await stopped(session, account):
            self._put(row, "queued", "stopped", why)
            return False
        try:
            await self.approved(session, row)
        except Refused as ending:
            self._put(row, "rejected", "rejected", ending.why)
            return False
        return True

    async def given_up(self, taken: Taken) -> None:
        """Whoever took it was lost at it every time: a person is asked."""
        async with self._settled(taken) as (row, _):
            code = "cannot_know" if taken.looking else "cannot_send"
            self._hold(row, code, f"{row.error} Its sender was lost at it, {row.tries} times.".strip())

    async def unsent(self, taken: Taken, ending: Later | Refused | NeedsPerson) -> None:
        """Nothing went out, and that is certain."""
        async with self._settled(taken) as (row, account):
            row.sent_at = None
            if isinstance(ending, Refused):
                self._put(row, "rejected", "rejected", ending.why)
            elif isinstance(ending, NeedsPerson):
                self._put(row, "queued", "account_disconnected", ending.why)
                account.status, account.says = "expired", ending.why
            elif isinstance(ending, Waits):
                # A quarter of what it waits already, so that what waits for days is looked at hourly.
                self._put(row, "queued", "waits", ending.why)
                so_far = (self.clock.now() - row.planned_at).total_seconds() / 4
                seconds = min(max(so_far, ending.seconds or FIRST_WAIT), LONGEST_WAIT)
                row.due_at = self.clock.now() + timedelta(seconds=seconds)
            else:
                self._again(row, "later", ending.why, ending.seconds)

    async def unclear(self, taken: Taken, ending: Unclear) -> None:
        """It may be out: the platform is asked, soon and then ever more seldom."""
        async with self._settled(taken) as (row, _):
            self._put(row, "ambiguous", f"unclear_{ending.phase}", ending.why)
            row.looks = 0
            row.due_at = self.clock.now() + timedelta(seconds=5)

    async def found(self, taken: Taken, found: Found, repeats: Repeats) -> None:
        """What the platform says of it, by its answer or when it was asked."""
        async with self._settled(taken) as (row, _):
            now = self.clock.now()
            if isinstance(found, Live):
                self._put(row, "live", "", "")
                row.remote_id, row.url, row.live_at = found.remote_id, found.url, now
                row.sent_at = row.sent_at or now
                return
            if isinstance(found, Coming) and (so_far := _since_sent(row, now)) < LONGEST_COMING:
                # It answered: looks that reached nobody before are no part of those that are in a row now.
                row.looks = 0
                self._put(row, "ambiguous", "coming", found.says or "The platform still works on it.")
                pause = max(found.seconds, min(so_far / COMING_SHARE, LONGEST_WAIT))
                row.due_at = now + timedelta(seconds=pause)
                return
            row.looks += 1
            if isinstance(found, Absent) and repeats != "blind":
                self._again(row, "not_there", found.says or "The platform does not have it.", None)
            elif isinstance(found, Coming) or row.looks >= _most_looks(repeats):
                self._hold(row, "cannot_know", _unknown(found), type(found).__name__.lower())
            else:
                self._put(row, "ambiguous", row.code, row.error)
                row.due_at = now + timedelta(seconds=_wait(row.looks))

    def _again(self, row: Publication, code: str, why: str, seconds: float | None) -> None:
        """Back into the queue, while nothing is out; a person is asked where that went on for long."""
        row.tries += 1
        if row.tries >= MOST_TRIES:
            self._hold(row, "cannot_send", f"{why} It was tried {row.tries} times.")
            return
        self._put(row, "queued", code, why)
        # What the platform asks for is the least: many short waits would call a person after a minute.
        row.due_at = self.clock.now() + timedelta(seconds=max(_wait(row.tries), seconds or 0.0))

    def _put(self, row: Publication, state: str, code: str, why: str) -> None:
        row.state, row.code, row.error = state, code, why

    def _hold(self, row: Publication, code: str, why: str, found: str = "") -> None:
        """`found` is what the platform said when it was asked last: `absent`, `unknown` or `coming`."""
        self._put(row, "held", code, why)
        at = self.clock.now().isoformat()
        told = {"at": at, "code": code, "says": why, "token": bool(row.token), "found": found}
        row.evidence = [*row.evidence, told]

    @asynccontextmanager
    async def _settled(self, taken: Taken) -> AsyncIterator[tuple[Publication, Account]]:
        """The transaction that ends a taking. Raises `NotOurs`."""
        reach("outgoing.settle.before")
        async with self.store.workspace(taken.publication.workspace_id) as session:
            row = await ours(session, taken)
            of_it = (row.workspace_id, row.account_id)
            yield row, await session.get_one(Account, of_it, with_for_update=True)
            await self._end(session, row)
        reach("outgoing.settle.after")
        self.announce()

    async def _end(self, session: AsyncSession, row: Publication) -> None:
        now = self.clock.now()
        row.owner, row.until = "", None
        data = {"state": row.state, "code": row.code, "url": row.url}
        session.add(step(row.workspace_id, row.id, now, row.state, row.error, **data))
        facts = {"publication_id": row.id, "account_id": row.account_id, **data}
        level = LEVELS.get(row.state, "info")
        happening = Happening("publication_changed", _sentence(row), level=level, data=facts)
        await session.flush()
        await write(session, row.workspace_id, [happening], at=now, site_id=row.site_id)
        await self.told(session, row)


def _since_sent(row: Publication, now: datetime) -> float:
    return 0.0 if row.sent_at is None else (now - row.sent_at).total_seconds()


def _most_looks(repeats: Repeats) -> int:
    return MOST_LOOKS if repeats == "blind" else MOST_SURE_LOOKS


def _wait(tries: int) -> float:
    return float(min(FIRST_WAIT * 2 ** min(tries - 1, 12), LONGEST_WAIT))


def _unknown(found: Found) -> str:
    said = found.says if isinstance(found, Absent | Unknown | Coming) else ""
    known = "The platform shows nothing of it, which proves nothing." if isinstance(found, Absent) else said
    return f"It cannot be known whether it went out. {known or 'The platform could not be asked.'}".strip()


def _sentence(row: Publication) -> str:
    what = f"“{row.title}”"
    if row.state == "live":
        return f"{what} is out{': ' + row.url if row.url else '.'}"
    if row.state == "held":
        return f"{what} is held until a person has looked: {row.error}"
    if row.state == "rejected":
        return f"{what} was not taken: {row.error}"
    return f"{what} waits: {row.error}" if row.error else f"{what} waits to go out."
