"""What the acts on a video answer: what was done as a toast, and that the page asks for its parts anew."""

import json
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.videos import Changed
from nightdesk.faces.web.piece_decide import revision_of
from nightdesk.faces.web.visit import Undo, Visit


def done(visit: Visit, says: str, changed: Changed | None = None, undo: Undo | None = None) -> Response:
    """Says it, with what the video waits for where it is not taken up at once."""
    if changed is not None and changed.waits:
        says = f"{says} {changed.waits}"
    answer = visit.fragments(visit.toast(says, undo=undo))
    answer.headers["HX-Trigger"] = json.dumps({"video:changed": {"target": "body"}})
    return answer


def read_at(form: FormData) -> int:
    """The revision that the one who asks has read. Raises `Invalid`."""
    found = revision_of(str(form.get("revision", "")))
    if found is None:
        raise Invalid("revision", "The page does not say which revision was read; open it anew.")
    return found


def said(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()


def position_of(form: FormData, name: str) -> int:
    """Raises `Invalid`."""
    typed = said(form, name)
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
        raise Invalid(name, "Write the number of a scene.")
    return int(typed)


def sheet(visit: Visit, block: str, facts: dict[str, Any], status: int = 200) -> Response:
    """A part of `video_sheet.html`, for the dialog."""
    return visit.fragments(visit.part("video_sheet.html", block, facts), status=status)
