"""The board: ideas and tasks on their way to articles, moved by hand, and what was set aside tried again."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.planner.board import LANES, brief_of
from nightdesk.desk.planner.board_moves import Moved
from nightdesk.desk.planner.inputs import IdeaChanges, TaskChanges
from nightdesk.desk.rows import Site
from nightdesk.faces.web.planner_outline import outline_of, spelled
from nightdesk.faces.web.planner_site import (
    INTENTS,
    STRUCTURES,
    around,
    changed,
    many,
    shown,
    site_of,
    tabs_anew,
)
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

WRONG = {
    "title": "A title has 8 to 160 characters.",
    "angle": "At most 600 characters say from where it looks at its subject.",
    "keywords": "Write 1 to 12 keywords, each on a line of its own, of at most 200 characters.",
    "words": "300 to 5,000 words can be asked for.",
    "outline": "At most 12 headings, each with at most 8 points.",
    "intent": "Choose one of the intents.",
    "structure": "Choose one of the structures.",
}


async def show(visit: Visit) -> Response:
    return await shown(visit, "planner_board.html", await board_context(visit, await site_of(visit)))


async def board_context(visit: Visit, site: Site) -> dict[str, Any]:
    """Every column with its first cards."""
    columns, totals = await visit.desk.planner.board.columns(visit.workspace, site.id)
    facts = await around(visit, site, "board", totals)
    return facts | {
        "columns": columns,
        "failed": sum(one.total for name, one in columns.items() if name.startswith("failed")),
        "failed_keywords": totals.get("keywords", {}).get("failed", 0),
        "has_keywords": bool(totals.get("keywords")),
        "anything": any(one.total for one in columns.values()) or bool(totals.get("tasks")),
    }


async def more(visit: Visit) -> Response:
    """The next cards of a column. Raises `NotFound` for a column that there is not."""
    site = await site_of(visit)
    name, after = visit.path["column"], visit.query.get("after", "")
    if name not in LANES:
        raise NotFound("column")
    try:
        column = await visit.desk.planner.board.column(visit.workspace, site.id, name, after)
    except ValueError as error:
        raise NotFound("page of this column") from error
    facts = await around(visit, site, "board") | {"column": column}
    return visit.fragments(visit.part("planner_board.html", "more_cards", facts))


Move = Callable[[Visit, Site, int], Awaitable[tuple[Moved, str]]]


def moving(move: Move) -> Callable[[Visit], Awaitable[Response]]:
    """A move of one card, answered by the board as it is then and a toast that says what happened."""

    async def answer(visit: Visit) -> Response:
        site = await site_of(visit)
        moved, says = await move(visit, site, visit.path["number"])
        return await anew(visit, site, changed(visit, site, says.format(moved.title), moved.undo))

    return answer


async def anew(visit: Visit, site: Site, toast: str) -> Response:
    """The board and the counts as they are after a change."""
    board = visit.part("planner_board.html", "board", await board_context(visit, site))
    return visit.fragments(board, await tabs_anew(visit, site, "board"), toast)


async def make_task(visit: Visit, site: Site, number: int) -> tuple[Moved, str]:
    moved = await visit.desk.planner.board_moves.make_task(visit.workspace, site.id, number)
    return moved, "“{}” is queued: the next run writes it."


async def back(visit: Visit, site: Site, number: int) -> tuple[Moved, str]:
    moved = await visit.desk.planner.board_moves.back_to_idea(visit.workspace, site.id, number)
    return moved, "“{}” is an idea again."


async def aside(visit: Visit, site: Site, number: int) -> tuple[Moved, str]:
    moved = await visit.desk.planner.board_moves.set_aside(visit.workspace, site.id, number, aside=True)
    return moved, "“{}” is kept for later: no run takes it up."


async def bring(visit: Visit, site: Site, number: int) -> tuple[Moved, str]:
    moved = await visit.desk.planner.board_moves.set_aside(visit.workspace, site.id, number, aside=False)
    return moved, "“{}” is among the ideas again."


async def drop(visit: Visit, site: Site, number: int) -> tuple[Moved, str]:
    moved = await visit.desk.planner.board_moves.drop(visit.workspace, site.id, number)
    return moved, "“{}” is dropped."


async def retry(visit: Visit) -> Response:
    """Takes what was set aside out of parking: one card, or all of the board."""
    site = await site_of(visit)
    planner = visit.desk.planner
    areas: dict[str, Any] = {"cluster": planner.clusters, "idea": planner.ideas, "task": planner.tasks}
    kind, number = visit.path["kind"], visit.path["number"]
    if kind != "all" and kind not in areas:
        raise NotFound("kind of card")
    n = 0
    for name, area in areas.items():
        if kind in ("all", name):
            n += await area.retry(visit.workspace, site.id, None if kind == "all" else [number])
    says = f"{many(n, 'card')} {'is' if n == 1 else 'are'} tried again by the next run."
    return await anew(visit, site, visit.toast(says if n else "Nothing is set aside any more.", kind="info"))


async def edit(visit: Visit) -> Response:
    """The form of one idea or task."""
    site = await site_of(visit)
    kind, number = visit.path["kind"], visit.path["number"]
    brief = await _brief(visit, site, kind, number)
    facts = await around(visit, site, "board") | {
        "kind": kind,
        "number": number,
        "brief": brief,
        "outline": spelled(brief["outline"]),
        "intents": INTENTS,
        "structures": STRUCTURES,
    }
    return visit.fragments(visit.part("planner_board.html", "edit", facts))


async def _brief(visit: Visit, site: Site, kind: str, number: int) -> dict[str, Any]:
    planner = visit.desk.planner
    if kind == "idea":
        idea = await planner.ideas.get(visit.workspace, number)
        if idea.site_id == site.id:
            return brief_of(idea)
    elif kind == "task":
        task = await planner.tasks.get(visit.workspace, number)
        if task.site_id == site.id:
            return dict(task.brief)
    raise NotFound("card")


async def keep(visit: Visit) -> Response:
    """Keeps what was written into the form. Raises `Invalid` for the first field that cannot be kept."""
    site = await site_of(visit)
    kind, number = visit.path["kind"], visit.path["number"]
    before = await _brief(visit, site, kind, number)
    given = _given(await visit.form())
    different = {name: value for name, value in given.items() if value != before.get(name)}
    if different:
        await _change(visit, kind, number, different)
    says = f"“{given['title']}” is as you wrote it." if different else "Nothing was different."
    return await anew(visit, site, visit.toast(says))


async def _change(visit: Visit, kind: str, number: int, facts: dict[str, Any]) -> None:
    planner = visit.desk.planner
    try:
        if kind == "idea":
            await planner.ideas.change(visit.workspace, number, IdeaChanges(**facts))
        else:
            await planner.tasks.change(visit.workspace, number, TaskChanges(**facts))
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Invalid(field, WRONG.get(field, "This cannot be kept.")) from error
    except Conflict as error:
        raise Conflict(f"{error} What you wrote is still in the form.") from error


def _given(form: Any) -> dict[str, Any]:
    def text(name: str) -> str:
        return str(form.get(name, "")).replace("\r\n", "\n").strip()

    words = text("words")
    return {
        "title": text("title"),
        "angle": text("angle"),
        "keywords": [line.strip() for line in text("keywords").splitlines() if line.strip()],
        "intent": text("intent"),
        "structure": text("structure"),
        "outline": outline_of(text("outline")),
        "words": int(words) if words.isascii() and words.isdecimal() and len(words) < 9 else 0,
    }


_AT = "/sites/{slug}/planner/board"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/more/{{column}}", more),
    page(f"{_AT}/edit/{{kind}}/{{number:int}}", edit, needs="editor"),
    act(f"{_AT}/edit/{{kind}}/{{number:int}}", keep),
    act(f"{_AT}/task/{{number:int}}", moving(make_task)),
    act(f"{_AT}/back/{{number:int}}", moving(back)),
    act(f"{_AT}/aside/{{number:int}}", moving(aside)),
    act(f"{_AT}/bring/{{number:int}}", moving(bring)),
    act(f"{_AT}/drop/{{number:int}}", moving(drop)),
    act(f"{_AT}/retry/{{kind}}/{{number:int}}", retry),
)
