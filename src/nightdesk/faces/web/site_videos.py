"""What videos of a site are like, as a form: read from it, looked at, and with its messages."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from nightdesk.desk.rows import Site
from nightdesk.desk.video_facts import CAPTIONS, FORMATS, LONGEST, SHORTEST, looked_at
from nightdesk.faces.web.visit import Visit

SHAPES = {"9:16": "Upright, for phones", "16:9": "Wide, for screens", "1:1": "Square"}
LOOKS = {
    "clean": "Clean: each word lights up as it is said",
    "box": "Box: the same on a dark box",
    "pop": "Pop: few large words at a time",
    "sweep": "Sweep: colour runs along the phrase",
    "plain": "Plain: nothing lights up",
    "none": "None burned in; files beside the video all the same",
}
CORNERS = (
    ("", "Top left, as the line has it"),
    ("top-right", "Top right"),
    ("bottom-left", "Bottom left"),
    ("bottom-right", "Bottom right"),
)
FIELDS = (
    *("duration", "format", "voice", "captions"),
    *("watermark_corner", "watermark_share", "watermark_opacity", "lexicon"),
)


def looks(site: Site) -> dict[str, Any]:
    """What the form shows."""
    video = site.video
    mark: Mapping[str, Any] = video.get("watermark") or {}
    words: Mapping[str, str] = video.get("lexicon") or {}
    return {
        "video": video,
        "shapes": [(one, SHAPES[one]) for one in FORMATS],
        "shortest": SHORTEST,
        "longest": LONGEST,
        "looks": [("", "As the line has it: clean"), *((one, LOOKS[one]) for one in CAPTIONS)],
        "corners": CORNERS,
        "mark": mark,
        "mark_corner": "" if mark.get("corner") == "top-left" else mark.get("corner", ""),
        "mark_share": _percent(mark.get("share")),
        "mark_opacity": _percent(mark.get("opacity")),
        "lexicon": "\n".join(f"{word} = {said}" for word, said in words.items()),
    }


def read(form: FormData) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts as they are kept, and what is wrong with which field."""
    wrong: dict[str, str] = {}
    mark = {
        "off": "watermark_off" in form,
        "corner": _said(form, "watermark_corner"),
        "share": _share(form, "watermark_share", wrong),
        "opacity": _share(form, "watermark_opacity", wrong),
    }
    length = _said(form, "duration")
    given = {
        "duration": int(length) if _whole(length) else length,
        "format": _said(form, "format"),
        "voice": _said(form, "voice"),
        "captions": _said(form, "captions"),
        "watermark": mark,
        "lexicon": _words(_said(form, "lexicon"), wrong),
    }
    kept, found = looked_at(given)
    return kept, found | wrong


def messages(visit: Visit, wrong: Mapping[str, str]) -> str:
    return visit.part("parts/line_messages.html", "messages", {"fields": FIELDS, "wrong": wrong})


def _said(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n").strip()


def _whole(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10


def _share(form: FormData, name: str, wrong: dict[str, str]) -> float | None:
    """Of per cent; None for nothing, and for what is no number, which is told."""
    typed = _said(form, name).removesuffix("%").strip()
    if typed and not _whole(typed):
        wrong[name] = "Whole per cent."
    return int(typed) / 100 if _whole(typed) else None


def _percent(share: float | None) -> str:
    return "" if share is None else str(round(share * 100))


def _words(typed: str, wrong: dict[str, str]) -> dict[str, str]:
    """Lines like `word = how it is said`; one that is none is told."""
    found: dict[str, str] = {}
    for number, line in enumerate(typed.split("\n"), 1):
        if not line.strip():
            continue
        word, sign, said = line.partition("=")
        if not (sign and word.strip() and said.strip()):
            wrong["lexicon"] = f"Line {number} is to be like: word = how it is said."
            continue
        found[word.strip()] = said.strip()
    return found
