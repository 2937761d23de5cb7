"""Lets pieces through by rules that an owner signed: judged, held for a person to stop them, approved.

A piece is let through once, at the revision that was judged. What is edited meanwhile, or decided on by a
person, is not let through any more: it waits at the gate as any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.passing import keeps_back
from nightdesk.desk.people import ByRule
from nightdesk.desk.people.book import note
from nightdesk.desk.review.decisions import Decisions as OfArticles
from nightdesk.desk.review.film_queue import SERIOUS as SERIOUS_IN_VIDEO
from nightdesk.desk.review.queue import SERIOUS as SERIOUS_IN_ARTICLE
from nightdesk.desk.videos.decisions import Decisions as OfVideos
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import LetThrough, TrustRule
from nightdesk.store.tables.gate import GateDecision
from nightdesk.store.tables.people import Member
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

P = TypeVar("P", Content, Video)

AT_ONCE = 20
"""Pieces that one round judges, and as many whose time to be stopped is over."""

_DECIDED = "review"
"""Under which a video's checks keep what a person decided."""


@dataclass(frozen=True)
class Letting:
    """Lets pieces through; any number of processes may, a piece's row is written once."""

    store: Store
    clock: Clock
    articles: OfArticles
    videos: OfVideos

    async def begin(self, workspace_id: int, site_id: int) -> int:
        """Has pieces at the gate that a rule lets through wait for their time; returns how many."""
        async with self.store.workspace(workspace_id) as session:
            site = await session.get_one(Site, (workspace_id, site_id))
            if site.generation_mode != "auto_publish" or site.two_people:
                return 0
            rules = {rule.kind: rule for rule in await rules_in_force(session, site)}
            found = [
                (rule, piece) for kind, rule in rules.items() for piece in await _at_gate(session, site, kind)
            ]
            begun = 0
            for rule, piece in found:
                if not await keeps_back(session, site, piece):
                    begun += await self._begin(session, rule, piece)
            points.reach("autopilot.letting.written")
        points.reach("autopilot.letting.begun")
        return begun

    async def _begin(self, session: AsyncSession, rule: TrustRule, piece: Content | Video) -> int:
        now = self.clock.now()
        ends = now + timedelta(minutes=rule.hold)
        new = insert(LetThrough).values(
            workspace_id=rule.workspace_id,
            site_id=rule.site_id,
            rule_id=rule.id,
            revision=piece.revision,
            begun_at=now,
            ends_at=ends,
            **{_which(piece): piece.id},
        )
        number = await session.scalar(new.on_conflict_do_nothing().returning(LetThrough.id))
        if number is None:
            return 0
        says = f"“{_title(piece)}” passed all checks; it goes out by itself unless somebody stops it."
        await self._tell(session, piece, says, number, "waiting", {"ends_at": ends.isoformat()})
        return 1

    async def end(self, workspace_id: int, site_id: int) -> int:
        """Approves what nobody stopped in time; returns how many pieces."""
        now = self.clock.now()
        of_site = (LetThrough.workspace_id == workspace_id, LetThrough.site_id == site_id)
        due = (LetThrough.state == "waiting", LetThrough.ends_at <= now)
        async with self.store.workspace(workspace_id) as session:
            query = select(LetThrough.id).where(*of_site, *due).order_by(LetThrough.id).limit(AT_ONCE)
            numbers = list(await session.scalars(query))
        passed = 0
        for number in numbers:
            async with self.store.workspace(workspace_id) as session:
                passed += await self._end(session, workspace_id, number)
                points.reach("autopilot.letting.approved")
            points.reach("autopilot.letting.ended")
        return passed

    async def _end(self, session: AsyncSession, workspace_id: int, number: int) -> int:
        mine = (LetThrough.workspace_id == workspace_id, LetThrough.id == number)
        waiting = select(LetThrough).where(*mine, LetThrough.state == "waiting")
        row = await session.scalar(waiting.with_for_update(skip_locked=True))
        if row is None:
            return 0
        site = await session.get_one(Site, (workspace_id, row.site_id))
        piece = await _piece(session, row)
        rule = next((one for one in await rules_in_force(session, site) if one.id == row.rule_id), None)
        now = self.clock.now()
        row.ended_at = now
        why = await self._why_not(session, site, row, rule, piece)
        if why or rule is None or piece is None:
            row.state, row.why = "stopped", why
            if piece is not None:
                says = f"“{_title(piece)}” does not go out by itself: {why}"
                await self._tell(session, piece, says, row.id, "stopped", {"why": why})
            return 0
        by = ByRule(workspace_id, f"a rule of {rule.who}", rule.person_id)
        told = "Passed all checks; nobody stopped it in time."
        if isinstance(piece, Content):
            await self.articles.apply(session, piece, "approve", told, by)
        else:
            await self.videos.apply(session, piece, "approve", told, by)
        row.state = "passed"
        about = f"{_title(piece)} (revision {row.revision}, signed by {rule.who}, owner)"
        await note(session, workspace_id, by, "rule_let_through", now, about)
        return 1

    async def _why_not(
        self,
        session: AsyncSession,
        site: Site,
        row: LetThrough,
        rule: TrustRule | None,
        piece: Content | Video | None,
    ) -> str:
        if rule is None:
            return "The rule was withdrawn, or its owner is none any more."
        if site.generation_mode != "auto_publish":
            return "The site's pieces wait for a person again."
        if site.two_people:
            return "The site's pieces are approved by two people now."
        if piece is None:
            return "It was removed."
        if piece.revision != row.revision:
            return "It was edited meanwhile; a person approves it."
        if piece.status != "review":
            return "A person decided on it."
        return " ".join(await keeps_back(session, site, piece))

    async def _tell(
        self,
        session: AsyncSession,
        piece: Content | Video,
        says: str,
        number: int,
        state: str,
        more: dict[str, Any],
    ) -> None:
        data = {_which(piece): piece.id, "let_through": number, "state": state, **more}
        happening = Happening("piece_let_through", says, data=data)
        await session.flush()
        await write(session, piece.workspace_id, [happening], at=self.clock.now(), site_id=piece.site_id)


async def rules_in_force(session: AsyncSession, site: Site) -> Sequence[TrustRule]:
    """The site's rules that hold: not withdrawn, and their signer is an owner still."""
    query = select(TrustRule).where(
        TrustRule.workspace_id == site.workspace_id,
        TrustRule.site_id == site.id,
        TrustRule.withdrawn_at.is_(None),
    )
    rules = list(await session.scalars(query.order_by(TrustRule.kind)))
    owners = set(
        await session.scalars(
            select(Member.person_id).where(Member.workspace_id == site.workspace_id, Member.role == "owner")
        )
    )
    return [rule for rule in rules if rule.person_id is None or rule.person_id in owners]


async def _at_gate(session: AsyncSession, site: Site, kind: str) -> list[Content] | list[Video]:
    """Pieces under review that nobody has decided on and no rule has let through, locked."""
    if kind == "article":
        decided = select(GateDecision.id).where(
            GateDecision.workspace_id == Content.workspace_id, GateDecision.content_id == Content.id
        )
        return await _untouched(session, site, Content, LetThrough.content_id, ~decided.exists())
    return await _untouched(session, site, Video, LetThrough.video_id, ~Video.checks.has_key(_DECIDED))


async def _untouched(
    session: AsyncSession, site: Site, table: type[P], which: Any, undecided: ColumnElement[bool]
) -> list[P]:
    let = select(LetThrough.id).where(LetThrough.workspace_id == table.workspace_id, which == table.id)
    worry = SERIOUS_IN_VIDEO if table is Video else SERIOUS_IN_ARTICLE
    query = (
        select(table)
        .where(
            table.workspace_id == site.workspace_id,
            table.site_id == site.id,
            table.state == "review",
            table.may_publish_itself,
            undecided,
            ~let.exists(),
            ~worry,
        )
        .order_by(table.id.desc())
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))


async def _piece(session: AsyncSession, row: LetThrough) -> Content | Video | None:
    lock: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
    if row.content_id is not None:
        return await session.get(Content, (row.workspace_id, row.content_id), **lock)
    return await session.get(Video, (row.workspace_id, row.video_id), **lock)


def _which(piece: Content | Video) -> str:
    return "content_id" if isinstance(piece, Content) else "video_id"


def _title(piece: Content | Video) -> str:
    return piece.title or getattr(piece, "topic", "")
