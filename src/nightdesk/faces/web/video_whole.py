"""A video as a whole: its title, voices, captions and shape changed; its script or thumbnails made anew."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.videos import ChangedMeanwhile
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.video_answers import done, read_at, said, sheet
from nightdesk.faces.web.video_words import LOOKS, SHAPES
from nightdesk.faces.web.visit import Visit
from nightdesk.kit.endings import Later, NeedsPerson

TAKEN = '{"video:changed": {"target": "body"}, "video:taken": {"target": "body"}}'


async def change_form(visit: Visit) -> Response:
    return sheet(visit, "whole", await _facts(visit) | {"mine": None})


async def change(visit: Visit) -> Response:
    """Only what differs is changed, and only what follows from it is made anew."""
    form, number = await visit.form(), number_of(visit)
    names = [name for name in ("title", "captions", "shape", "voice", "second_voice") if name in form]
    given = {name: said(form, name) for name in names}
    try:
        changed = await visit.desk.videos.changes.change(visit.workspace, number, given, read_at(form))
    except ChangedMeanwhile:
        return sheet(visit, "whole", await _facts(visit) | {"mine": given})
    answer = done(visit, "Saved. What follows from it is made anew, and no more.", changed)
    answer.headers["HX-Trigger"] = TAKEN
    return answer


async def rewrite(visit: Visit) -> Response:
    form = await visit.form()
    changed = await visit.desk.videos.changes.rewrite(visit.workspace, number_of(visit), read_at(form))
    return done(visit, "The script is written anew.", changed)


async def choose(visit: Visit) -> Response:
    form, variant = await visit.form(), str(visit.path["variant"])
    changed = await visit.desk.videos.changes.choose_thumbnail(
        visit.workspace, number_of(visit), variant, read_at(form)
    )
    return done(visit, "That thumbnail stands for the video now.", changed)


async def thumbnails(visit: Visit) -> Response:
    form = await visit.form()
    changed = await visit.desk.videos.changes.remake_thumbnail(
        visit.workspace, number_of(visit), read_at(form)
    )
    return done(visit, "The thumbnails are made anew.", changed)


async def _facts(visit: Visit) -> dict[str, Any]:
    video = (await visit.desk.videos.shelf.show(visit.workspace, number_of(visit))).video
    try:
        voices = (await visit.desk.voices.of(visit.workspace, video.site_id, video.language)).voices
    except (Later, NeedsPerson):
        voices = []
    return {
        "video": video,
        "base": f"/videos/{video.id}",
        "voices": [(one.name, f"{one.name}, {one.about}" if one.about else one.name) for one in voices],
        "looks": list(LOOKS.items()),
        "shapes": [(value, f"{value}: {says}") for value, says in SHAPES.items()],
    }


_AT = "/videos/{number:int}"
ROUTES = (
    page(f"{_AT}/change", change_form, needs="editor"),
    act(f"{_AT}/change", change),
    act(f"{_AT}/rewrite", rewrite),
    act(f"{_AT}/thumbnails", thumbnails),
    act(f"{_AT}/thumbnails/{{variant}}", choose),
)
