"""Decides on a piece and goes on to the next one of the queue."""

from pydantic import ValidationError
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.review.inputs import Decided, Decision
from nightdesk.faces.web.piece import back_to
from nightdesk.faces.web.review_asked import BIGGEST, looked_at, number_of
from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Visit

DECISIONS: dict[str, Decision] = {
    "approve": "approve",
    "send_back": "send_back",
    "reject": "reject",
    "reopen": "reopen",
}


async def decide(visit: Visit) -> Response:
    """Refused where the article is at another revision than the one that was read."""
    number, form = number_of(visit), await visit.form()
    review = visit.desk.review
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    decision = DECISIONS.get(str(form.get("decision", "")))
    if decision is None:
        raise Invalid("decision", "Choose what is to be done with the piece.")
    try:
        asked = Decided(note=str(form.get("note", "")), revision=revision_of(str(form.get("revision", ""))))
    except ValidationError as error:
        raise Invalid("note", "A note has 2,000 characters at most.") from error
    near = await review.queue.neighbours(
        visit.workspace, await review.contents.get(visit.workspace, number), looked.asked, looked.order
    )
    await review.decisions.decide(visit.workspace, number, decision, asked, visit.caller)
    taken = await review.decisions.of_content(visit.workspace, number)
    told = str(taken[0].id) if taken else ""
    onward = number if decision == "reopen" else near.after
    return visit.go(back_to(onward, looked, decided=told) if onward else f"/review{looked.but(decided=told)}")


def revision_of(given: str) -> int | None:
    """The revision that a form names, or None."""
    return int(given) if given.isdecimal() and 1 <= int(given[:20]) <= min(BIGGEST, 2**31) else None


ROUTES = (act("/review/{number:int}/decide", decide),)
