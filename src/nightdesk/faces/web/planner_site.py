"""What all pages of a site's planner share: the site, its tabs with their counts, and taking changes back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, Response

from nightdesk.desk.errors import DeskError, Invalid
from nightdesk.desk.rows import Site
from nightdesk.faces.web.visit import Undo, Visit

COOKIE = "nightdesk_planner"
"""Which planner somebody was at last: `SLUG/TAB`."""

KEPT_SECONDS = 180 * 24 * 3600
INTENTS = ("informational", "commercial", "transactional", "navigational")
STRUCTURES = ("guide", "comparison", "list", "how_to", "review", "faq")
MOST_NUMBERS = 1000
"""Rows that one form can name: more than a page shows."""


@dataclass(frozen=True)
class Tab:
    """One of the planner's pages; `count` None where nothing is counted."""

    name: str
    title: str
    icon: str
    count: int | None


async def site_of(visit: Visit) -> Site:
    """The site that the address names. Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"])


Totals = Mapping[str, Mapping[str, int]]
"""How many of each kind of row are in each state."""


async def around(visit: Visit, site: Site, tab: str, totals: Totals | None = None) -> dict[str, Any]:
    """What every page of the planner needs around its own; the tabs only where a whole page is asked for.

    `totals` where the page has them already.
    """
    facts: dict[str, Any] = {"site": site, "base": f"/sites/{site.slug}/planner", "tab": tab}
    facts["elsewhere"] = False
    if visit.block is not None:
        return facts
    return facts | {"tabs": _tabs(totals or await _totals(visit, site))}


async def _totals(visit: Visit, site: Site) -> Totals:
    return await visit.desk.planner.board.totals(visit.workspace, site.id)


async def tabs_anew(visit: Visit, site: Site, tab: str, *, elsewhere: bool = True) -> str:
    """The tabs as text with their counts after a change; `elsewhere` they go to their place by themselves."""
    facts = {"site": site, "base": f"/sites/{site.slug}/planner", "tab": tab, "elsewhere": elsewhere}
    facts["tabs"] = _tabs(await _totals(visit, site))
    return visit.part("planner_tabs.html", "planner_tabs", facts)


def _tabs(totals: Totals) -> list[Tab]:
    def count(kind: str, *states: str) -> int:
        found = totals.get(kind, {})
        return sum(found.get(state, 0) for state in states) if states else sum(found.values())

    waiting = count("ideas", "new", "failed") + count("tasks", "queued", "in_hand", "failed")
    return [
        Tab("keywords", "Keywords", "key", count("keywords")),
        Tab("clusters", "Clusters", "tags", count("clusters")),
        Tab("board", "Ideas and tasks", "layout-kanban", waiting),
    ]


async def shown(visit: Visit, template: str, facts: Mapping[str, Any]) -> Response:
    """The page or its block; a whole page is remembered as the planner one was at last."""
    if visit.block == "planner_tabs":
        return HTMLResponse(await tabs_anew(visit, facts["site"], facts["tab"], elsewhere=False))
    answer = await visit.answer(template, facts)
    if visit.block is None:
        answer.set_cookie(
            COOKIE,
            f"{facts['site'].slug}/{facts['tab']}",
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="lax",
            secure=visit.request.url.scheme == "https",
        )
    return answer


def changed(visit: Visit, site: Site, says: str, undo: int | None) -> str:
    """A toast that tells what was changed, with the way back."""
    way = Undo(f"/sites/{site.slug}/planner/undo/{undo}") if undo is not None else None
    return visit.toast(says, undo=way)


async def undo(visit: Visit) -> Response:
    """Puts back what a change did, and has the list on the page ask for itself again.

    What came of it is told by an event, since the toast that was clicked is gone by the time of the answer.
    """
    site = await site_of(visit)
    try:
        back = await visit.desk.planner.undoing.undo(visit.workspace, site.id, int(visit.path["number"]))
    except DeskError as error:
        return _event({"planner:says": {"target": "body", "says": str(error), "kind": "danger"}})
    says = "It is as it was before."
    if back.rows < back.of:
        says = f"{back.rows} of {back.of} are as they were; of the others there is a twin by now."
    told = {"target": "body", "says": says, "kind": "success"}
    anew = {"changed": {"target": ".planner-list"}, "recount": {"target": "#planner_tabs"}}
    return _event({**anew, "planner:says": told})


def _event(told: Mapping[str, Any]) -> Response:
    return Response(status_code=204, headers={"HX-Trigger": json.dumps(told)})


def numbers(form: Any) -> list[int]:
    """The rows that a form names. Raises `Invalid` where it names none."""
    given = [one for one in form.getlist("number") if one.isascii() and one.isdecimal() and len(one) < 19]
    if not given:
        raise Invalid("number", "Nothing is chosen. Choose some first; nothing was changed.")
    return [int(one) for one in given[:MOST_NUMBERS]]


def searched(visit: Visit, name: str, most: int = 200) -> str:
    """What is looked for by that part of the address; the database knows no NUL, so nothing has one."""
    return visit.query.get(name, "").replace("\0", "").strip()[:most]


def many(n: int, word: str) -> str:
    """`1 keyword`, `1,200 keywords`."""
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def said(n: int, word: str = "keyword") -> str:
    """`1 keyword is`, `1,200 keywords are`."""
    return f"{many(n, word)} {'is' if n == 1 else 'are'}"


def left(n: int) -> str:
    """What is added where a run has some of them in hand."""
    return f" A run works on {many(n, 'other')}, which stayed as they were." if n else ""


@contextmanager
def field(name: str) -> Iterator[None]:
    """What the desk says of a value goes to the field of that name, whatever the desk calls it."""
    try:
        yield
    except Invalid as error:
        raise Invalid(name, str(error)) from error
