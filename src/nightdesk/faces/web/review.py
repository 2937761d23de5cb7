"""Review: the queue of articles and videos that wait at the gate, worked through by mouse or by keyboard."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.paging import Cursor, Order, Page, Paging, read_cursor
from nightdesk.desk.review.decisions import Outcome
from nightdesk.desk.review.inputs import ManyDecided
from nightdesk.desk.review.queue import Mark, Waiting
from nightdesk.desk.videos.deciding_many import Outcome as FilmOutcome
from nightdesk.faces.web.review_asked import KINDS, ORDERS, STATES, Looked, looked_at
from nightdesk.faces.web.review_films import chosen_films, decide_films, listed_films, numbers_in, put_back
from nightdesk.faces.web.review_said import DECIDED, said_of_decisions
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Undo, Visit

A_PAGE = 25
SHOWN_CHECKS = (
    ("grounding", "Facts"),
    ("seo", "Search"),
    ("readability", "Reading"),
    ("originality", "Own words"),
    ("sources", "Sources"),
    ("instructions", "Orders"),
)
SCORED = ("Facts", "Search", "Reading", "Own words")
"""Shown with their scores; the others only where they found something."""


async def show(visit: Visit) -> Response:
    return await visit.answer("review.html", await review_context(visit))


async def review_context(visit: Visit) -> dict[str, Any]:
    """What the page shows, or the list or the tabs alone."""
    sites = await visit.desk.sites.listed(visit.workspace)
    looked = looked_at(visit, sites)
    counts = await _counts(visit, looked)
    facts = {
        "looked": looked,
        "states": [(name, says, _of_state(counts, name, looked)) for name, says in STATES.items()],
    }
    if visit.block == "review_tabs":
        return facts
    return facts | {
        **await _listed(visit, looked),
        "total": _total(counts, looked),
        "sites": [(site, counts.get(site.id, {}).get(looked.asked.state, 0)) for site in sites],
        "orders": list(ORDERS.items()),
        "kinds": list(KINDS.items()),
        "said": await said_of_decisions(visit, looked) if visit.block is None else None,
    }


async def _counts(visit: Visit, looked: Looked) -> Mapping[int, Mapping[str, int]]:
    """How many articles and videos, or of the kind looked at, each site has in each state."""
    review = visit.desk.review
    found: dict[int, Counter[str]] = {}
    for kind, counts in (("article", review.queue.counts), ("video", review.films.counts)):
        if looked.kind in ("", kind):
            for site, states in (await counts(visit.workspace)).items():
                found.setdefault(site, Counter()).update(states)
    return found


async def _listed(visit: Visit, looked: Looked) -> dict[str, Any]:
    films = await listed_films(visit, looked, A_PAGE)
    found: Page[Waiting] = Page([], films["next_film"])
    if looked.kind != "video":
        after = _cursor(visit.query.get("after", ""), looked.order)
        paging = Paging(looked.order, A_PAGE, after)
        found = await visit.desk.review.queue.page(visit.workspace, looked.asked, paging)
    return films | {
        "rows": [{"one": one, "marks": _marks(one.marks)} for one in found.items],
        "grouped": looked.order.name == "site",
        "next_cursor": found.next_cursor,
        "narrowed": bool(looked.asked.search or looked.asked.worry),
    }


async def decide(visit: Visit) -> Response:
    """One decision on all that are selected, articles and videos, with one note."""
    form = await visit.form()
    films = chosen_films(form)
    ids = [int(str(one)) for one in form.getlist("ids") if str(one).isdecimal()]
    given = {
        "decision": form.get("decision"),
        "ids": ids or films,
        "note": str(form.get("note", "")),
    }
    try:
        asked = ManyDecided.model_validate(given)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        says = {
            "ids": "Select at least one piece, and 200 at most.",
            "note": "A note has 2,000 characters at most.",
        }
        raise Invalid(field, says.get(field, "Choose what is to be done.")) from error
    many = visit.desk.review.decisions.decide_many
    outcomes = await many(visit.workspace, None, asked, visit.caller) if ids else []
    filmed = await decide_films(visit, films, asked) if films else []
    facts = await review_context(visit)
    toasts = _toasts(visit, asked.decision, outcomes, filmed, facts["looked"])
    return visit.fragments(visit.part("review.html", "queue", facts), *toasts)


def _toasts(
    visit: Visit,
    decision: str,
    outcomes: Sequence[Outcome],
    filmed: Sequence[FilmOutcome],
    looked: Looked,
) -> list[str]:
    done, films = [one for one in outcomes if one.done], [one.id for one in filmed if one.done]
    toasts = []
    if done or films:
        named = ",".join(str(one.decision) for one in done if one.decision)
        of_films = ",".join(map(str, films))
        way = looked.but(decisions=named, films=of_films)
        undo = Undo(f"/review/undo{way}") if named or of_films else None
        says = f"{counted(len(done), len(films))} {DECIDED[decision]}."
        toasts.append(visit.toast(says, undo=undo))
    failed = [one.why for one in outcomes if not one.done] + [one.why for one in filmed if not one.done]
    for why in dict.fromkeys(failed):
        toasts.append(visit.toast(why, kind="danger"))
    return toasts


def counted(pieces: int, films: int) -> str:
    """`1 piece was`, `2 videos were`; of both together `3 pieces were`."""
    what = "video" if films and not pieces else "piece"
    return f"1 {what} was" if pieces + films == 1 else f"{pieces + films} {what}s were"


async def undo(visit: Visit) -> Response:
    """Takes back what a toast told of, and goes to where it can be seen; videos are seen in the queue."""
    named = [int(one) for one in visit.query.get("decisions", "").split(",")[:200] if one.isdecimal()]
    sites = await visit.desk.sites.listed(visit.workspace)
    looked = looked_at(visit, sites)
    outcomes = await visit.desk.review.decisions.undo(visit.workspace, named, visit.caller)
    filmed = await put_back(visit, numbers_in(visit.query.get("films", "")))
    done, films = [one for one in outcomes if one.done], [one for one in filmed if one.done]
    if films:
        both = counted(len(done), len(films))
        return _back(visit, f"{both} put back where {'it' if both.endswith('was') else 'they'} stood before.")
    if not done:
        failed = [*(one.why for one in outcomes), *(one.why for one in filmed)]
        why = failed[0] if failed else "There is nothing left to take back."
        return visit.fragments(visit.toast(why, kind="danger"))
    told = looked.but(decided=",".join(str(one.decision) for one in done))
    return visit.go(f"/review/{done[0].id}{told}" if len(done) == 1 else f"/review{told}")


def _back(visit: Visit, says: str) -> Response:
    answer = visit.fragments(visit.toast(says))
    # The toast that was clicked is gone by the time of the answer: the list hears of it by this alone.
    answer.headers["HX-Trigger"] = '{"changed": {"target": "#queue"}}'
    return answer


def _cursor(spelled: str, order: Order) -> Cursor | None:
    """None for one that is none: the list begins anew."""
    try:
        return read_cursor(spelled, order) if spelled else None
    except ValueError:
        return None


def _marks(marks: Mapping[str, Mark]) -> list[tuple[str, Mark]]:
    """The checks as small marks."""
    found = [(says, marks[name]) for name, says in SHOWN_CHECKS if name in marks]
    return [(says, mark) for says, mark in found if mark.worst or (says in SCORED and mark.score is not None)]


def _of_state(counts: Mapping[int, Mapping[str, int]], state: str, looked: Looked) -> int:
    if looked.site is not None:
        return counts.get(looked.site.id, {}).get(state, 0)
    return sum(found.get(state, 0) for found in counts.values())


def _total(counts: Mapping[int, Mapping[str, int]], looked: Looked) -> int | None:
    """How many there are; None where a filter is set that nobody counts by."""
    return (
        None if looked.asked.search or looked.asked.worry else _of_state(counts, looked.asked.state, looked)
    )


ROUTES = (
    page("/review", show),
    act("/review/decide", decide),
    act("/review/undo", undo),
)
