"""What a person decides at the gate: approve, send back, reject, reopen; one article or many."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, DeskError
from nightdesk.desk.items import in_hand, site_of, written
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.inputs import Decided, Decision, ManyDecided
from nightdesk.kit.clock import Clock
from nightdesk.store.events import Happening, write
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


@dataclass(frozen=True)
class Outcome:
    """What became of one article of many; `why` where nothing did."""

    id: int
    done: bool
    status: str | None = None
    why: str = ""


class Decisions:
    """Takes decisions; each is written down with its note, its time and its revision."""

    def __init__(self, contents: Contents, clock: Clock) -> None:
        self._contents, self._clock = contents, clock

    async def decide(self, workspace_id: int, number: int, decision: Decision, asked: Decided) -> Content:
        """Deciding the same again changes nothing. Raises `NotFound`, and `Conflict` where it cannot be."""
        async with self._contents.writing(workspace_id) as session:
            content = await self._contents.take(session, workspace_id, number)
            if asked.revision is not None and asked.revision != content.revision:
                raise Conflict(
                    f"This article is at revision {content.revision} by now, and revision {asked.revision} "
                    "was read. Nothing was decided; read it again."
                )
            await self._apply(session, content, decision, asked.note)
            return await written(session, content)

    async def decide_many(self, workspace_id: int, site_id: int, asked: ManyDecided) -> list[Outcome]:
        """One decision on many of a site's articles, in one transaction; what cannot be says why."""
        numbers = list(dict.fromkeys(asked.ids))
        async with self._contents.writing(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            query = (
                select(Content)
                .where(
                    Content.workspace_id == workspace_id,
                    Content.site_id == site_id,
                    Content.id.in_(numbers),
                )
                .order_by(Content.id)
                .with_for_update()
            )
            found = {content.id: content for content in await session.scalars(query)}
            return [await self._outcome(session, number, found.get(number), asked) for number in numbers]

    async def _outcome(
        self, session: AsyncSession, number: int, content: Content | None, asked: ManyDecided
    ) -> Outcome:
        if content is None:
            return Outcome(number, False, why="There is no such content.")
        try:
            if content.batch_id is not None:
                raise in_hand("content")
            await self._apply(session, content, asked.decision, asked.note)
        except DeskError as error:
            return Outcome(number, False, content.status, str(error))
        return Outcome(number, True, content.status)

    async def _apply(self, session: AsyncSession, content: Content, decision: Decision, note: str) -> None:
        step, now = STEPS[decision], self._clock.now()
        if content.status == step.end:
            return
        if content.status not in step.start:
            raise Conflict(_not_now(content.status, step.start))
        content.status = step.end
        content.reviewed_at = None if decision == "reopen" else now
        decided = {"decision": decision, "note": note, "at": now.isoformat(), "revision": content.revision}
        content.checks = {**content.checks, NOTE: decided}
        message = f"“{content.title}” {step.told}{': ' + note if note else '.'}"
        happening = Happening("content_decided", message, data={"content_id": content.id, **decided})
        await write(session, content.workspace_id, [happening], at=now, site_id=content.site_id)


def _not_now(status: str, start: Sequence[str]) -> str:
    if status == "draft":
        return "This article is still being made; it comes to the gate when its pictures are done."
    return f"This article is {status.replace('_', ' ')}; that takes one that is {' or '.join(start)}."
