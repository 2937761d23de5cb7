"""The story of an article: who changed and decided what, when, on which revision, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from nightdesk.desk.review.decisions import UNDO
from nightdesk.desk.rows import GateDecision, Revision

DECIDED = {
    "approve": "approved it",
    "send_back": "sent it back",
    "reject": "rejected it",
    "reopen": "put it back into the queue",
    UNDO: "took the last decision back",
}
CHANGED = {
    "written": "Written",
    "edited": "edited it",
    "brought_back": "brought back an earlier text",
    "picture_added": "asked for one more picture",
    "picture_described": "described a picture anew",
    "picture_again": "had a picture made again",
    "picture_replaced": "replaced a picture",
    "picture_put_back": "put an earlier picture back",
    "picture_removed": "took a picture out",
    "section_again": "had a section written again",
}
UNNAMED = "Somebody, by the API or the command,"
VOIDED = ("approve", "send_back", "reject")


@dataclass(frozen=True)
class Event:
    """One line of it; `compared` is the revision before, where there is one to compare with."""

    at: datetime
    who: str
    did: str
    revision: int
    note: str = ""
    compared: int | None = None
    icon: str = "pencil"


def story(revisions: Sequence[Revision], decisions: Sequence[GateDecision]) -> list[Event]:
    """Both in one. `revisions`: the newest first."""
    before = {newer.number: older.number for newer, older in pairwise(revisions)}
    changes = [_changed(one, before.get(one.number)) for one in revisions]
    taken = [
        Event(one.at, one.who or UNNAMED, DECIDED[one.decision], one.revision, one.note, icon=_icon(one))
        for one in decisions
    ]
    return sorted([*changes, *taken], key=lambda event: event.at, reverse=True)


def _changed(revision: Revision, before: int | None) -> Event:
    if revision.what == "written":
        return Event(
            revision.at, "", f"Written{f' ({revision.who})' if revision.who else ''}", 1, icon="robot"
        )
    did = CHANGED.get(revision.what, "changed it")
    about = revision.about if revision.what.startswith(("picture", "section")) else ""
    who = revision.who or UNNAMED
    return Event(revision.at, who, did, revision.number, about, before)


def _icon(decision: GateDecision) -> str:
    icons = {"approve": "circle-check", "reject": "ban"}
    return icons.get(decision.decision, "arrow-back-up")


def voided(status: str, revision: int, decisions: Sequence[GateDecision]) -> GateDecision | None:
    """The decision that a change after it made void, if the article waits again because of that."""
    last = next((one for one in decisions), None)
    if status == "review" and last and last.decision in VOIDED and last.revision < revision:
        return last
    return None
