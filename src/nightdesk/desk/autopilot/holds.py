"""What rules are about to let through, or did: shown to whoever can stop it, and stopped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.people import Actor, require
from nightdesk.desk.people.book import note
from nightdesk.desk.sites import Sites
from nightdesk.kit.clock import Clock
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import LetThrough, TrustRule
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

MOST = 200


@dataclass(frozen=True)
class Passage:
    """A piece that a rule lets through: `state` is `waiting` until `ends_at`, then `passed`, or `stopped`."""

    id: int
    site_id: int
    kind: str
    piece_id: int
    title: str
    revision: int
    state: str
    begun_at: datetime
    ends_at: datetime
    why: str
    signed_by: str
    words: str


@dataclass(frozen=True)
class Holds:
    """Reads them, and stops one."""

    store: Store
    clock: Clock
    sites: Sites

    async def of_site(self, workspace_id: int, key: int | str, state: str | None = None) -> list[Passage]:
        """Those of a site, the newest first. Raises `NotFound`."""
        site = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            narrowed = [LetThrough.site_id == site.id]
            if state is not None:
                narrowed.append(LetThrough.state == state)
            return await _found(session, workspace_id, *narrowed)

    async def waiting(self, workspace_id: int) -> list[Passage]:
        """Of all sites what can still be stopped, what goes out first at the head."""
        async with self.store.workspace(workspace_id) as session:
            found = await _found(session, workspace_id, LetThrough.state == "waiting")
        return sorted(found, key=lambda one: one.ends_at)

    async def of_piece(
        self, workspace_id: int, *, content_id: int | None = None, video_id: int | None = None
    ) -> Passage | None:
        """What a rule does or did with a piece; None where it did nothing."""
        which = LetThrough.content_id == content_id if content_id else LetThrough.video_id == video_id
        async with self.store.workspace(workspace_id) as session:
            found = await _found(session, workspace_id, which)
        return found[0] if found else None

    async def stop_piece(
        self, by: Actor, key: int | str, *, content_id: int | None = None, video_id: int | None = None
    ) -> Passage:
        """As `stop`, by the piece of a site; returns how it stands then."""
        require(by, "editor")
        site = await self.sites.get(by.workspace_id, key)
        found = await self.of_piece(by.workspace_id, content_id=content_id, video_id=video_id)
        if found is None or found.site_id != site.id:
            raise NotFound("piece that a rule lets through")
        await self.stop(by, found.id)
        return await self.of_piece(by.workspace_id, content_id=content_id, video_id=video_id) or found

    async def stop(self, by: Actor, number: int) -> None:
        """The piece waits for a person; again changes nothing.

        Raises `NotFound`, `NotAllowed`; `Conflict` where its time is over.
        """
        require(by, "editor")
        async with self.store.workspace(by.workspace_id) as session:
            row = await session.get(LetThrough, (by.workspace_id, number), with_for_update=True)
            if row is None:
                raise NotFound("piece that a rule lets through")
            if row.state == "passed":
                raise Conflict("It was let through already: reopen it, and take back what waits to go out.")
            if row.state == "stopped":
                return
            now = self.clock.now()
            row.state, row.ended_at, row.who = "stopped", now, by.name
            row.why = f"{by.name} stopped it."
            await session.flush()
            (passage,) = await _found(session, by.workspace_id, LetThrough.id == number)
            about = f"{passage.title} (revision {row.revision})"
            await note(session, by.workspace_id, by, "rule_stopped", now, about)
            which = {f"{'content' if row.content_id else 'video'}_id": passage.piece_id}
            says = f"“{passage.title}” does not go out by itself: {row.why}"
            data = {**which, "let_through": number, "state": "stopped", "why": row.why}
            happening = Happening("piece_let_through", says, data=data)
            await write(session, by.workspace_id, [happening], at=now, site_id=row.site_id)


async def _found(session: AsyncSession, workspace_id: int, *narrowed: object) -> list[Passage]:
    of_rule = (TrustRule.workspace_id == LetThrough.workspace_id) & (TrustRule.id == LetThrough.rule_id)
    content = (Content.workspace_id == LetThrough.workspace_id) & (Content.id == LetThrough.content_id)
    video = (Video.workspace_id == LetThrough.workspace_id) & (Video.id == LetThrough.video_id)
    query = (
        select(LetThrough, TrustRule, Content.title, Video.title, Video.topic)
        .join(TrustRule, of_rule)
        .outerjoin(Content, content)
        .outerjoin(Video, video)
        .where(LetThrough.workspace_id == workspace_id, *narrowed)  # type: ignore[arg-type]
        .order_by(LetThrough.id.desc())
        .limit(MOST)
    )
    return [
        _shown(row, rule, article or film or topic or "")
        for row, rule, article, film, topic in await session.execute(query)
    ]


def _shown(row: LetThrough, rule: TrustRule, title: str) -> Passage:
    same = {name: getattr(row, name) for name in ("id", "site_id", "revision", "state", "why")}
    kind, piece = ("article", row.content_id) if row.content_id is not None else ("video", row.video_id)
    return Passage(
        **same,
        kind=kind,
        piece_id=piece or 0,
        title=title,
        begun_at=row.begun_at,
        ends_at=row.ends_at,
        signed_by=rule.who,
        words=rule.words,
    )
