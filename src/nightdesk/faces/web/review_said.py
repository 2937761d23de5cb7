"""What a page says first of what was just done: a toast, with the way to take it back."""

from typing import Any

from nightdesk.desk.errors import NotFound
from nightdesk.desk.review.decisions import UNDO
from nightdesk.desk.rows import GateDecision, Revision
from nightdesk.faces.web.review_asked import BIGGEST, Looked
from nightdesk.faces.web.visit import Undo, Visit

DECIDED = {
    "approve": "approved",
    "send_back": "sent back",
    "reject": "rejected",
    "reopen": "put back into the queue",
}
CHANGED = {
    "edited": "Saved as revision {}. It was checked anew.",
    "brought_back": "Brought back, as revision {}.",
    "picture_added": "One more picture is asked for; the next run makes it.",
    "picture_described": "The picture's words are saved, as revision {}.",
    "picture_again": "The picture will be made again by the next run.",
    "picture_replaced": "The picture is replaced, as revision {}.",
    "picture_put_back": "The earlier picture is back, as revision {}.",
    "picture_removed": "The picture is gone from the article, as revision {}.",
    "section_again": "The section was written again, as revision {}.",
}
MOST = 200


async def said_of_decisions(visit: Visit, looked: Looked) -> dict[str, Any] | None:
    """The toast for the decisions that `decided` names, if they are the workspace's."""
    numbers = [int(one) for one in visit.query.get("decided", "").split(",")[:MOST] if _fits(one)]
    taken = await visit.desk.review.decisions.listed(visit.workspace, numbers) if numbers else []
    if not taken:
        return None
    if taken[0].decision == UNDO:
        as_before = "is as it was" if len(taken) == 1 else "are as they were"
        return {"says": f"{await _what(visit, taken)} {as_before} before.", "kind": "success", "undo": None}
    says = f"{await _what(visit, taken)} {'was' if len(taken) == 1 else 'were'} {DECIDED[taken[0].decision]}."
    named = ",".join(str(one.id) for one in taken)
    undo = Undo(f"/review/undo{looked.but(decisions=named)}") if visit.may("editor") else None
    return {"says": says, "kind": "success", "undo": undo}


def said_of_change(visit: Visit, newest: Revision, looked: Looked) -> dict[str, Any] | None:
    """The toast for the revision that `changed` names, if it is the newest."""
    if visit.query.get("changed") != str(newest.number) or newest.what not in CHANGED:
        return None
    undo = None
    if newest.what in ("edited", "brought_back", "section_again") and visit.may("editor"):
        before = looked.but(revision=str(newest.number - 1), seen=str(newest.number))
        undo = Undo(f"/review/{newest.content_id}/bring-back{before}")
    return {"says": CHANGED[newest.what].format(newest.number), "kind": "success", "undo": undo}


async def _what(visit: Visit, taken: list[GateDecision]) -> str:
    if len(taken) > 1:
        return f"{len(taken)} pieces"
    try:
        content = await visit.desk.review.contents.get(visit.workspace, taken[0].content_id)
    except NotFound:
        return "The piece"
    return f"“{content.title}”"


def _fits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BIGGEST
