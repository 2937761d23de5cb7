"""The part of a piece's page that has its idea told in the other form too, and leads there."""

from typing import Any, Literal

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.faces.web import video_words
from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Visit

Kind = Literal["article", "video"]
STATES = {
    "queued": "planned",
    "draft": "gets its pictures",
    "illustrating": "gets its pictures",
    "review": "waits for review",
    "in_hand": "in hand",
}


async def twin_facts(visit: Visit, kind: Kind, number: int) -> dict[str, Any]:
    """What the part shows of one piece. Raises `NotFound`."""
    twinning = visit.desk.videos.twinning
    read = twinning.of_content if kind == "article" else twinning.of_video
    return {
        "twin": await read(visit.workspace, number),
        "twin_kind": kind,
        "twin_at": f"/twins/{kind}/{number}",
        "twin_states": video_words.STATES if kind == "article" else STATES,
    }


async def ask(visit: Visit) -> Response:
    """Asks for the other form."""
    number, twinning = int(visit.path["number"]), visit.desk.videos.twinning
    if visit.path["kind"] == "article":
        kind: Kind = "article"
        made = await twinning.as_video(visit.caller, number)
        says = f"A video about “{made.video}” is being made."
    elif visit.path["kind"] == "video":
        kind = "video"
        made = await twinning.as_article(visit.caller, number)
        says = f"“{made.article}” is planned. The next run of the article line writes it."
    else:
        raise NotFound("kind of piece")
    if not made.new:
        says = "It was asked for before; nothing was changed."
    part = visit.part("twin.html", "twin", await twin_facts(visit, kind, number))
    return visit.fragments(part, visit.toast(says))


ROUTES = (act("/twins/{kind}/{number:int}", ask),)
