"""Scenes of a video: edited, made anew, moved, added, removed, each from the revision that was read."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.videos import Changed, ChangedMeanwhile, SceneChanges
from nightdesk.desk.videos.taking_in import LONGEST_CLIP, MOST_BYTES
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.video_answers import done, position_of, read_at, said, sheet
from nightdesk.faces.web.visit import Visit

FIELDS = ("says", "heading", "prompt")


async def edit_form(visit: Visit) -> Response:
    """The dialog in which a scene is edited."""
    facts = await _scene(visit)
    return sheet(visit, "scene", facts | {"mine": None, "was": _words(facts["scene"]), "theirs": ()})


async def edit(visit: Visit) -> Response:
    """Keeps the words; where the video was changed meanwhile, both are shown and nothing is kept."""
    form = await visit.form()
    given = {name: said(form, name) for name in FIELDS}
    speaker = said(form, "speaker")
    voice = int(speaker) if speaker in ("0", "1") else None
    changes = SceneChanges(given["says"], given["heading"], given["prompt"], voice)
    scenes, position = visit.desk.videos.scenes, number_of(visit, "position")
    try:
        changed = await scenes.edit(visit.workspace, number_of(visit), position, changes, read_at(form))
    except ChangedMeanwhile:
        # Not as an error: what was typed stays in the dialog, beside what the others made of it.
        return await _clash(visit, given, {name: said(form, f"was_{name}") for name in FIELDS})
    return _closed(done(visit, f"Scene {position} is saved. {_follows(changed)}", changed))


async def _clash(visit: Visit, mine: dict[str, str], was: dict[str, str]) -> Response:
    """The dialog with what was typed, and what is new in each field since it was read."""
    facts = await _scene(visit)
    now = _words(facts["scene"])
    theirs = [name for name in FIELDS if now[name] != was[name]]
    return sheet(visit, "scene", facts | {"mine": mine, "was": was, "theirs": theirs})


def _words(scene: Any) -> dict[str, str]:
    return {name: str(getattr(scene, name)) for name in FIELDS}


async def note_form(visit: Visit) -> Response:
    """The dialog in which is said what is to be different in a scene's picture."""
    limits = {"most_mb": MOST_BYTES >> 20, "longest_clip": round(LONGEST_CLIP)}
    return sheet(visit, "picture", await _scene(visit) | limits)


async def remake(visit: Visit) -> Response:
    form, position = await visit.form(), number_of(visit, "position")
    changed = await visit.desk.videos.scenes.remake(
        visit.workspace, number_of(visit), position, said(form, "note"), read_at(form)
    )
    return _closed(done(visit, f"Scene {position} gets another picture.", changed))


async def give(visit: Visit) -> Response:
    """Has a scene show a photo or a clip of one's own."""
    form, position = await visit.form(), number_of(visit, "position")
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid("file", "Choose a photo or a clip.")
    content, at = await sent.read(MOST_BYTES + 1), read_at(form)
    changed = await visit.desk.videos.own_footage.give(
        visit.workspace, number_of(visit), position, content, at, by_model="by_model" in form
    )
    return _closed(done(visit, f"Scene {position} shows what you gave.", changed))


async def remake_sound(visit: Visit) -> Response:
    form, position = await visit.form(), number_of(visit, "position")
    changed = await visit.desk.videos.scenes.remake_sound(
        visit.workspace, number_of(visit), position, read_at(form)
    )
    return done(visit, f"Scene {position} is read aloud anew.", changed)


async def move(visit: Visit) -> Response:
    form, position = await visit.form(), number_of(visit, "position")
    to = position_of(form, "to")
    changed = await visit.desk.videos.scenes.move(
        visit.workspace, number_of(visit), position, to, read_at(form)
    )
    return done(visit, f"Scene {position} is scene {to} now.", changed)


async def remove(visit: Visit) -> Response:
    form, position = await visit.form(), number_of(visit, "position")
    changed = await visit.desk.videos.scenes.remove(
        visit.workspace, number_of(visit), position, read_at(form)
    )
    return done(visit, f"Scene {position} is removed.", changed)


async def new_form(visit: Visit) -> Response:
    """The dialog in which a scene is added; `at` is the place that it gets."""
    shown = await visit.desk.videos.shelf.show(visit.workspace, number_of(visit))
    at = visit.query.get("at", "")
    place = int(at) if at.isascii() and at.isdecimal() and len(at) < 4 else len(shown.scenes) + 1
    facts = {
        "video": shown.video,
        "base": f"/videos/{shown.video.id}",
        "scenes": shown.scenes,
        "place": place,
    }
    return sheet(visit, "new_scene", facts)


async def add(visit: Visit) -> Response:
    form = await visit.form()
    changes = SceneChanges(said(form, "says"), said(form, "heading"), said(form, "prompt"))
    place = position_of(form, "position")
    changed = await visit.desk.videos.scenes.add(
        visit.workspace, number_of(visit), place, changes, read_at(form)
    )
    return _closed(done(visit, f"A scene is added at {place}.", changed))


def _follows(changed: Changed) -> str:
    going = changed.video.status not in ("review", "approved", "sent_back")
    return "What follows from it is made anew, and no more." if going else "Nothing has to be made anew."


def _closed(answer: Response) -> Response:
    """Has the dialog closed, which a form that was not taken leaves open."""
    answer.headers["HX-Trigger"] = '{"video:changed": {"target": "body"}, "video:taken": {"target": "body"}}'
    return answer


async def _scene(visit: Visit) -> dict[str, Any]:
    """The scene that the address names, with its video. Raises `NotFound`."""
    shown = await visit.desk.videos.shelf.show(visit.workspace, number_of(visit))
    position = number_of(visit, "position")
    scene = next((one for one in shown.scenes if one.position == position), None)
    if scene is None:
        raise NotFound("scene")
    return {"video": shown.video, "base": f"/videos/{shown.video.id}", "scene": scene}


_AT = "/videos/{number:int}/scenes"
_ONE = f"{_AT}/{{position:int}}"
ROUTES = (
    page(f"{_AT}/new", new_form, needs="editor"),
    act(f"{_AT}/new", add),
    page(f"{_ONE}/edit", edit_form, needs="editor"),
    act(f"{_ONE}/edit", edit),
    page(f"{_ONE}/picture", note_form, needs="editor"),
    act(f"{_ONE}/picture", remake),
    act(f"{_ONE}/own", give),
    act(f"{_ONE}/sound", remake_sound),
    act(f"{_ONE}/move", move),
    act(f"{_ONE}/remove", remove),
)
