"""Writes decisions at the gate into the book of who did what, where they outlive the piece."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.people import Actor, ByRule
from nightdesk.desk.people.book import What, note
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

DEEDS: Mapping[str, What] = {
    "approve_first": "piece_approved_first",
    "approve": "piece_approved",
    "send_back": "piece_sent_back",
    "reject": "piece_rejected",
    "reopen": "piece_reopened",
    "undo": "decision_undone",
}


async def booked(
    session: AsyncSession, piece: Content | Video, decision: str, by: Actor | None, at: datetime
) -> None:
    """In the transaction of the decision. What a rule lets through has a line of its own already."""
    if isinstance(by, ByRule):
        return
    kind = "article" if isinstance(piece, Content) else "video"
    title = piece.title or getattr(piece, "topic", "")
    about = f"{kind} {piece.id}, “{title}” (revision {piece.revision})"
    await note(session, piece.workspace_id, by, DEEDS[decision], at, about)
