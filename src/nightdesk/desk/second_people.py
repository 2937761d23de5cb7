"""Two people for one piece: the first approval is kept, and another person's makes it count.

An approval is of a revision: one of an earlier revision says nothing of what the piece is now.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.decided import booked
from nightdesk.desk.errors import Conflict
from nightdesk.desk.people import Actor, Caller
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import FirstApproval
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content


async def waits_for_second(
    session: AsyncSession, piece: Content | Video, note: str, by: Actor | None, at: datetime
) -> bool:
    """Whether the approval of a locked piece is the first of two, which it is kept as then.

    Raises `Conflict` where the same person approved before, or nobody in particular approves.
    """
    site = await session.get_one(Site, (piece.workspace_id, piece.site_id))
    if not site.two_people:
        return False
    if not isinstance(by, Caller):
        raise Conflict(
            f"Pieces of {site.name} are approved by two people, each signed in as themselves; a key or "
            "a rule is none of them. Nothing was decided."
        )
    first = (await first_of(session, [piece])).get(piece.id)
    if first is None:
        await _keep(session, piece, note, by, at)
        return True
    if first.person_id == by.person_id:
        raise Conflict(
            "You approved this already. It needs a second person, who is not you; nothing was changed."
        )
    return False


async def first_of(session: AsyncSession, pieces: Sequence[Content | Video]) -> dict[int, FirstApproval]:
    """The first approvals that hold, by the number of the piece; all pieces of one kind."""
    if not pieces:
        return {}
    which = "content_id" if isinstance(pieces[0], Content) else "video_id"
    revisions = {piece.id: piece.revision for piece in pieces}
    column = getattr(FirstApproval, which)
    of_them = (FirstApproval.workspace_id == pieces[0].workspace_id, column.in_(revisions))
    found = await session.scalars(select(FirstApproval).where(*of_them))
    return {getattr(one, which): one for one in found if one.revision == revisions[getattr(one, which)]}


async def approved_first(store: Store, piece: Content | Video) -> FirstApproval | None:
    """The first approval of a piece that waits for a second person; None where none holds."""
    if piece.status != "review":
        return None
    async with store.workspace(piece.workspace_id) as session:
        return (await first_of(session, [piece])).get(piece.id)


async def _keep(session: AsyncSession, piece: Content | Video, note: str, by: Caller, at: datetime) -> None:
    which = "content_id" if isinstance(piece, Content) else "video_id"
    row = {which: piece.id, "revision": piece.revision, "note": note, "who": by.name, "at": at}
    session.add(FirstApproval(workspace_id=piece.workspace_id, person_id=by.person_id, **row))
    await session.flush()
    await booked(session, piece, "approve_first", by, at)
    title = piece.title or getattr(piece, "topic", "")
    message = f"“{title}” was approved by {by.name}, and waits for a second person."
    data: dict[str, Any] = {which: piece.id, "revision": piece.revision, "who": by.name}
    kind = "content_decided" if which == "content_id" else "video_decided"
    if which == "video_id":
        data["job_id"] = piece.id
    data["decision"] = "approve_first"
    await write(
        session, piece.workspace_id, [Happening(kind, message, data=data)], at=at, site_id=piece.site_id
    )


async def forget_first(session: AsyncSession, piece: Content | Video) -> None:
    """What was approved first is void: the piece was decided on otherwise."""
    which = FirstApproval.content_id if isinstance(piece, Content) else FirstApproval.video_id
    of_it = (FirstApproval.workspace_id == piece.workspace_id, which == piece.id)
    await session.execute(delete(FirstApproval).where(*of_it))
