"""Addresses that programs may call: made by an owner, who chooses what a call does; signed by the caller.

What is called for is never taken from what was sent: the site, and whether a topic is added or a line is
started, were chosen when the hook was made.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, DeskError, Invalid, NotFound, RunActive, Taken, Unreadable
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import What, note
from nightdesk.desk.people.roles import require
from nightdesk.desk.runs import Runs
from nightdesk.desk.topics import NewTopic, Topics
from nightdesk.desk.webhooks import secrets
from nightdesk.kit import ids, points, signatures
from nightdesk.kit.clock import Clock
from nightdesk.kit.sealing import Sealer
from nightdesk.kit.signatures import Given
from nightdesk.store.session import Store
from nightdesk.store.tables.webhooks import Hook, HookCall

Does = Literal["topic", "run"]
Line = Literal["article", "video"]

MOST_HOOKS = 50
TOKEN = 24
LARGEST_BODY = 64 << 10
"""Bytes of what is sent."""

WORKED_ON = timedelta(seconds=60)
"""After which a call that was begun and not ended may be taken up by its repeat."""

_log = logging.getLogger(__name__)


class NotBelieved(DeskError):
    """No such hook, or not signed as it should be: which of them is not told."""

    def __init__(self) -> None:
        super().__init__(
            "The signature does not hold, or there is no such hook; nothing was done. Sign "
            "`timestamp.body` with the hook's secret, within five minutes of now."
        )


class Replayed(Conflict):
    """The very same call was taken already."""

    def __init__(self) -> None:
        super().__init__("This call was taken already; nothing was done again.")


@dataclass(frozen=True)
class HookShown:
    """A hook as its owner sees it; `token` is its part of the address, which by itself opens nothing."""

    id: int
    token: str
    name: str
    site_id: int
    does: str
    line: str
    before_until: datetime | None
    used_at: datetime | None
    uses: int
    says: str
    who: str
    created_at: datetime


@dataclass(frozen=True)
class Done:
    """What a call came to."""

    says: str
    topic_id: int | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class Hooks:
    """Hooks of workspaces."""

    store: Store
    clock: Clock
    sealer: Sealer
    topics: Topics
    runs: Runs

    async def listed(self, workspace_id: int) -> list[HookShown]:
        """In the order in which they were made."""
        query = select(Hook).where(Hook.workspace_id == workspace_id).order_by(Hook.id)
        async with self.store.workspace(workspace_id) as session:
            return [_shown(row) for row in await session.scalars(query)]

    async def add(
        self, by: Actor, name: str, site_id: int, does: Does, line: Line = "article"
    ) -> tuple[HookShown, str]:
        """A new one with its secret, shown this once.

        Raises `Invalid`, `NotFound`, `NotAllowed`, `Conflict`.
        """
        require(by, "owner")
        name, secret = name.strip(), secrets.new_secret()
        if not 1 <= len(name) <= 100 or not name.isprintable():
            raise Invalid("name", "A hook's name has 1 to 100 characters.")
        if does not in ("topic", "run"):
            raise Invalid("does", "It may add a topic (`topic`) or start a line (`run`).")
        if line not in ("article", "video"):
            raise Invalid("line", "The lines are `article` and `video`.")
        async with self.store.workspace(by.workspace_id) as session:
            site = await site_of(session, by.workspace_id, site_id)
            if await _count(session, by.workspace_id) >= MOST_HOOKS:
                raise Conflict(f"There are {MOST_HOOKS} hooks already; remove one first.")
            row = Hook(
                workspace_id=by.workspace_id,
                token=ids.new_token(TOKEN),
                name=name,
                site_id=site.id,
                does=does,
                line=line,
                sealed="",
                who=by.name,
                created_at=self.clock.now(),
            )
            session.add(row)
            await session.flush()
            where = secrets.secret_place(row.__tablename__, by.workspace_id, row.id, "sealed")
            row.sealed = await secrets.seal(self.sealer, secret, where)
            await session.flush()
            await self._note(session, by, "hook_made", row)
            return _shown(row), secret

    async def rotate(self, by: Actor, number: int) -> str:
        """A new secret, shown this once; the one before is believed too for a day. Raises `NotFound`."""
        require(by, "owner")
        async with self.store.workspace(by.workspace_id) as session:
            row = await _hook(session, by.workspace_id, number)
            fresh = await secrets.change(self.sealer, row, self.clock.now())
            await self._note(session, by, "hook_secret_changed", row)
            return fresh

    async def remove(self, by: Actor, number: int) -> None:
        """Its address answers no more. Raises `NotFound`, `NotAllowed`."""
        require(by, "owner")
        async with self.store.workspace(by.workspace_id) as session:
            row = await _hook(session, by.workspace_id, number)
            await self._note(session, by, "hook_removed", row)
            await session.execute(delete(Hook).where(Hook.workspace_id == by.workspace_id, Hook.id == number))

    async def call(self, token: str, given: Given) -> Done:
        """What a call of a program does.

        Raises `NotBelieved`, `Replayed`; `Unreadable` or `Invalid` where what was signed cannot be used; what
        adding a topic or starting a run raises.
        """
        found = await self._known(token)
        believed = await self._secrets(found) if found else []
        why = signatures.fault(given, believed, self.clock.now().timestamp())
        if found is None or why:
            facts = {"action": "hook_refused", "why": why, "hook": found.id if found else None}
            _log.warning("hook refused", extra=facts)
            raise NotBelieved
        digest = signatures.digest(given)
        await self._take(found, digest)
        points.reach("webhooks.hook.taken")
        try:
            done = await self._do(found, given.body)
        except (Taken, RunActive) as error:
            done = Done(str(error))
        except DeskError as error:
            await self._ended(found, digest, str(error), done=False)
            raise
        await self._ended(found, digest, done.says, done=True)
        return done

    async def _known(self, token: str) -> Hook | None:
        if len(token) != TOKEN or not token.isascii() or not token.isalnum():
            return None
        async with self.store.nobody() as session:
            workspace_id = await session.scalar(select(func.workspace_of_hook(token)))
        if workspace_id is None:
            return None
        async with self.store.workspace(workspace_id) as session:
            mine = (Hook.workspace_id == workspace_id, Hook.token == token)
            found: Hook | None = await session.scalar(select(Hook).where(*mine))
            return found

    async def _secrets(self, hook: Hook) -> list[str]:
        opened = []
        for column, sealed in secrets.held(hook, self.clock.now()):
            where = secrets.secret_place(hook.__tablename__, hook.workspace_id, hook.id, column)
            opened.append(await asyncio.to_thread(self.sealer.open, sealed, where))
        return opened

    async def _take(self, hook: Hook, digest: str) -> None:
        """Writes the call down before anything is done for it. Raises `Replayed`."""
        now = self.clock.now()
        row = {"workspace_id": hook.workspace_id, "hook_id": hook.id, "digest": digest, "taken_at": now}
        again = (HookCall.done_at.is_(None)) & (HookCall.taken_at < now - WORKED_ON)
        written = (
            insert(HookCall)
            .values(**row)
            .on_conflict_do_update(
                index_elements=["workspace_id", "hook_id", "digest"], set_={"taken_at": now}, where=again
            )
            .returning(HookCall.id)
        )
        async with self.store.workspace(hook.workspace_id) as session:
            if await session.scalar(written) is None:
                raise Replayed

    async def _ended(self, hook: Hook, digest: str, says: str, *, done: bool) -> None:
        """Notes what came of it; a call that could not be done may be made again as it is."""
        mine = (HookCall.workspace_id == hook.workspace_id, HookCall.hook_id == hook.id)
        async with self.store.workspace(hook.workspace_id) as session:
            of_call = (*mine, HookCall.digest == digest)
            now = self.clock.now()
            if done:
                await session.execute(update(HookCall).where(*of_call).values(done_at=now))
            else:
                await session.execute(delete(HookCall).where(*of_call))
            of_hook = (Hook.workspace_id == hook.workspace_id, Hook.id == hook.id)
            facts: dict[str, Any] = {"used_at": now, "says": says[:400]}
            if done:
                facts["uses"] = Hook.uses + 1
            await session.execute(update(Hook).where(*of_hook).values(**facts))

    async def _do(self, hook: Hook, body: bytes) -> Done:
        said = _read(body)
        if hook.does == "run":
            run = await self.runs.run_now(hook.workspace_id, hook.site_id, hook.line)
            return Done(f"A run of the {hook.line} line has begun.", run_id=str(run.id))
        topic = await self.topics.add(hook.workspace_id, hook.site_id, _topic(said))
        return Done(f"The topic “{topic.title}” is added.", topic_id=topic.id)

    async def _note(self, session: AsyncSession, by: Actor, what: What, row: Hook) -> None:
        does = "adds topics" if row.does == "topic" else f"starts the {row.line} line"
        about = f"{row.name}, which {does} of site {row.site_id}"
        await note(session, by.workspace_id, by, what, self.clock.now(), about)


def _read(body: bytes) -> dict[str, Any]:
    """Raises `Unreadable`; a body may be left out where nothing need be said."""
    try:
        found = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is no JSON; nothing was done.") from error
    if not isinstance(found, dict):
        raise Unreadable("The body is no JSON object; nothing was done.")
    return found


def _topic(said: dict[str, Any]) -> NewTopic:
    """Raises `Invalid`; what is no field of a topic is not looked at."""
    facts = {name: said[name] for name in ("title", "summary", "url") if name in said}
    try:
        return NewTopic.model_validate(facts)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Invalid(str(fault["loc"][0] if fault["loc"] else "body"), fault["msg"]) from error


def _shown(row: Hook) -> HookShown:
    facts = {name: getattr(row, name) for name in HookShown.__dataclass_fields__}
    return HookShown(**facts)


async def _hook(session: AsyncSession, workspace_id: int, number: int) -> Hook:
    """The hook, locked. Raises `NotFound`."""
    row = await session.get(Hook, (workspace_id, number), with_for_update=True)
    if row is None:
        raise NotFound("hook")
    return row


async def _count(session: AsyncSession, workspace_id: int) -> int:
    query = select(func.count()).where(Hook.workspace_id == workspace_id)
    return int(await session.scalar(query) or 0)
