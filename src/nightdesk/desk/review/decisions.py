"""What a person decides at the gate: approve, send back, reject, reopen, undo; one article or many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.decided import booked
from nightdesk.desk.errors import Conflict, DeskError
from nightdesk.desk.items import in_hand, site_of, written
from nightdesk.desk.people import Actor
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.inputs import Decided, Decision, ManyDecided
from nightdesk.desk.second_people import approved_first, forget_first, waits_for_second
from nightdesk.kit.clock import Clock
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.autopilot import FirstApproval
from nightdesk.store.tables.gate import GateDecision
from nightdesk.store.tables.writer import Content

NOTE = "review"
"""Under which a content's checks keep the last decision."""


@dataclass(frozen=True)
class Step:
    """A decision: from which states it leads to which, and how it is told."""

    start: tuple[str, ...]
    end: str
    told: str


STEPS: dict[Decision, Step] = {
    "approve": Step(("review",), "approved", "was approved"),
    "send_back": Step(("review", "approved"), "sent_back", "was sent back"),
    "reject": Step(("review", "approved", "sent_back"), "rejected", "was rejected"),
    "reopen": Step(("approved", "sent_back", "rejected"), "review", "is under review again"),
}


UNDO = "undo"
"""What a decision is called that takes another one back."""


@dataclass(frozen=True)
class Outcome:
    """What became of one article of many; `why` where nothing did, `decision` the number of what was done."""

    id: int
    done: bool
    status: str | None = None
    why: str = ""
    decision: int | None = None


class Decisions:
    """Takes decisions; each is written down with its note, its time and its revision."""

    def __init__(self, contents: Contents, clock: Clock) -> None:
        self._contents, self._clock = contents, clock

    async def first(self, content: Content) -> FirstApproval | None:
        """Who approved it where it waits for a second person."""
        return await approved_first(self._contents.store, content)

    async def decide(
        self, workspace_id: int, number: int, decision: Decision, asked: Decided, by: Actor | None = None
    ) -> Content:
        """Deciding the same again changes nothing. Raises `NotFound`, and `Conflict` where it cannot be."""
        async with self._contents.writing(workspace_id) as session:
            content = await self._contents.take(session, workspace_id, number)
            if asked.revision is not None and asked.revision != content.revision:
                raise Conflict(
                    f"This article is at revision {content.revision} by now, and revision {asked.revision} "
                    "was read. Nothing was decided; read it again."
                )
            await self.apply(session, content, decision, asked.note, by)
            return await written(session, content)

    async def decide_many(
        self, workspace_id: int, site_id: int | None, asked: ManyDecided, by: Actor | None = None
    ) -> list[Outcome]:
        """One decision on many articles, of a site or of all, in one transaction; what cannot be says why."""
        numbers = list(dict.fromkeys(asked.ids))
        async with self._contents.writing(workspace_id) as session:
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
            query = select(Content).where(Content.workspace_id == workspace_id, Content.id.in_(numbers))
            if site_id is not None:
                query = query.where(Content.site_id == site_id)
            locked = query.order_by(Content.id).with_for_update()
            found = {content.id: content for content in await session.scalars(locked)}
            return [await self._outcome(session, number, found.get(number), asked, by) for number in numbers]

    async def undo(
        self, workspace_id: int, decisions: Sequence[int], by: Actor | None = None
    ) -> list[Outcome]:
        """Takes decisions back, each while it is the last word on its article; what cannot be says why."""
        async with self._contents.writing(workspace_id) as session:
            kept = await session.scalars(
                select(GateDecision)
                .where(GateDecision.workspace_id == workspace_id, GateDecision.id.in_(decisions))
                .order_by(GateDecision.content_id)
            )
            return [await self._taken_back(session, decision, by) for decision in kept]

    async def listed(self, workspace_id: int, decisions: Sequence[int]) -> list[GateDecision]:
        """Those of the workspace among the numbers given."""
        async with self._contents.store.workspace(workspace_id) as session:
            mine = (GateDecision.workspace_id == workspace_id, GateDecision.id.in_(decisions))
            return list(await session.scalars(select(GateDecision).where(*mine)))

    async def of_content(self, workspace_id: int, number: int) -> list[GateDecision]:
        """All on an article, the newest first."""
        async with self._contents.store.workspace(workspace_id) as session:
            return await _on(session, workspace_id, number)

    async def _outcome(
        self,
        session: AsyncSession,
        number: int,
        content: Content | None,
        asked: ManyDecided,
        by: Actor | None,
    ) -> Outcome:
        if content is None:
            return Outcome(number, False, why="There is no such content.")
        try:
            if content.batch_id is not None:
                raise in_hand("content")
            decision = await self.apply(session, content, asked.decision, asked.note, by)
        except DeskError as error:
            return Outcome(number, False, content.status, str(error))
        return Outcome(number, True, content.status, decision=decision)

    async def apply(
        self, session: AsyncSession, content: Content, decision: Decision, note: str, by: Actor | None
    ) -> int | None:
        """Decides on a locked article within the caller's transaction.

        Returns the number under which it is kept; None where that was decided already, or where a second
        person has to approve as well. Raises `Conflict`.
        """
        step, now = STEPS[decision], self._clock.now()
        if content.status == step.end:
            return None
        if content.status not in step.start:
            raise Conflict(_not_now(content.status, step.start))
        if decision == "approve" and await waits_for_second(session, content, note, by, now):
            return None
        if decision != "approve":
            await forget_first(session, content)
        taken = _row(content, decision, note, by, now)
        session.add(taken)
        content.status = step.end
        content.reviewed_at = None if decision == "reopen" else now
        content.checks = {**content.checks, NOTE: _told(taken)}
        await booked(session, content, decision, by, now)
        await self._tell(session, taken, content, step.told)
        return taken.id

    async def _taken_back(self, session: AsyncSession, decision: GateDecision, by: Actor | None) -> Outcome:
        number = decision.content_id
        try:
            content = await self._contents.take(session, decision.workspace_id, number)
        except DeskError as error:
            return Outcome(number, False, why=str(error))
        last, *before = await _on(session, decision.workspace_id, number)
        if last.id != decision.id or content.revision != decision.revision or decision.undoes is not None:
            why = f"“{content.title}” was changed or decided on since; see its page for what happened."
            return Outcome(number, False, content.status, why)
        taken = _row(content, UNDO, "", by, self._clock.now(), undoes=decision.id)
        session.add(taken)
        await booked(session, content, UNDO, by, taken.at)
        holds = _that_holds(before) if decision.came_from != "review" else None
        content.status = decision.came_from
        content.reviewed_at = holds.at if holds else None
        others = {name: check for name, check in content.checks.items() if name != NOTE}
        content.checks = others | ({NOTE: _told(holds)} if holds else {})
        await self._tell(session, taken, content, "is where it was before the last decision")
        return Outcome(number, True, content.status, decision=taken.id)

    async def _tell(self, session: AsyncSession, taken: GateDecision, content: Content, told: str) -> None:
        await session.flush()
        who = f" by {taken.who}" if taken.who else ""
        message = f"“{content.title}” {told}{who}{': ' + taken.note if taken.note else '.'}"
        data = {"content_id": content.id, **_told(taken)}
        happening = Happening("content_decided", message, data=data)
        await write(session, content.workspace_id, [happening], at=taken.at, site_id=content.site_id)


def _row(
    content: Content,
    decision: str,
    note: str,
    by: Actor | None,
    at: datetime,
    undoes: int | None = None,
) -> GateDecision:
    return GateDecision(
        workspace_id=content.workspace_id,
        content_id=content.id,
        decision=decision,
        came_from=content.status,
        revision=content.revision,
        note=note,
        undoes=undoes,
        person_id=by.person_id if by else None,
        who=by.name if by else "",
        at=at,
    )


def _told(taken: GateDecision) -> dict[str, Any]:
    """As it stands beside the checks, and in the event."""
    names = ("decision", "note", "revision", "who")
    return {"at": taken.at.isoformat()} | {name: getattr(taken, name) for name in names}


async def _on(session: AsyncSession, workspace_id: int, number: int) -> list[GateDecision]:
    query = select(GateDecision).where(
        GateDecision.workspace_id == workspace_id, GateDecision.content_id == number
    )
    return list(await session.scalars(query.order_by(GateDecision.id.desc())))


def _that_holds(taken: Sequence[GateDecision]) -> GateDecision | None:
    """The last decision, the newest first, that was not taken back."""
    undone: set[int | None] = {one.undoes for one in taken}
    return next((one for one in taken if one.undoes is None and one.id not in undone), None)


def _not_now(status: str, start: Sequence[str]) -> str:
    if status == "draft":
        return "This article is still being made; it comes to the gate when its pictures are done."
    return f"This article is {status.replace('_', ' ')}; that takes one that is {' or '.join(start)}."
