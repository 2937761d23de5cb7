"""Videos in the review queue: listed before the articles, decided on with them, and put back."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from nightdesk.desk.paging import Paging, read_cursor
from nightdesk.desk.review.film_queue import FilmQueue
from nightdesk.desk.review.inputs import ManyDecided
from nightdesk.desk.review.queue import Mark
from nightdesk.desk.videos.deciding_many import Outcome, decide_many, take_back
from nightdesk.faces.web.review_asked import BIGGEST, Looked
from nightdesk.faces.web.visit import Visit

MOST = 200
SHOWN_CHECKS = (
    ("video", "File"),
    ("grounding", "Facts"),
    ("script", "Script"),
    ("judge", "Second reading"),
    ("instructions", "Orders"),
)
SCORED = ("Facts", "Script")
"""Shown with their scores; the file's always, the others only where they found something."""


async def listed_films(visit: Visit, looked: Looked, most: int) -> dict[str, Any]:
    """A page of them where only videos are looked at, else the first of them on the first page."""
    after = visit.query.get("after", "")
    if looked.kind == "article" or (not looked.kind and after):
        return {"films": [], "more_films": False, "next_film": None}
    order = FilmQueue.orders[looked.order.name]
    try:
        cursor = read_cursor(after, order) if after else None
    except ValueError:
        cursor = None
    found = await visit.desk.review.films.page(visit.workspace, looked.asked, Paging(order, most, cursor))
    return {
        "films": [{"one": one, "marks": _marks(one.marks)} for one in found.items],
        "more_films": bool(found.next_cursor) and not looked.kind,
        "next_film": found.next_cursor if looked.kind else None,
    }


def chosen_films(form: FormData) -> list[int]:
    """The numbers of the videos that are selected."""
    return numbers_in(",".join(str(one) for one in form.getlist("videos")))


def numbers_in(spelled: str) -> list[int]:
    found = [one for one in spelled.split(",")[:MOST] if one.isascii() and one.isdecimal() and len(one) < 20]
    return [int(one) for one in found if 1 <= int(one) <= BIGGEST]


async def decide_films(visit: Visit, numbers: Sequence[int], asked: ManyDecided) -> list[Outcome]:
    decisions = visit.desk.videos.decisions
    return await decide_many(
        decisions, visit.workspace, numbers, asked.decision, note=asked.note, by=visit.caller
    )


async def put_back(visit: Visit, numbers: Sequence[int]) -> list[Outcome]:
    """Takes the last decision on each back."""
    return await take_back(visit.desk.videos.decisions, visit.workspace, numbers, visit.caller)


def _marks(marks: Mapping[str, Mark]) -> list[tuple[str, Mark]]:
    found = [(says, marks[name]) for name, says in SHOWN_CHECKS if name in marks]
    return [
        (says, mark)
        for says, mark in found
        if mark.worst or says == "File" or (says in SCORED and mark.score is not None)
    ]
