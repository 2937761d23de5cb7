"""What the form of the studio says that a video is to be like."""

from starlette.datastructures import FormData

from nightdesk.desk.errors import Invalid
from nightdesk.desk.videos import MOST_VARIANTS, VideoWish

ABOUT = ("topic", "typed", "script")
"""Whence the words come: a topic of the site, one that is typed, a script of one's own."""

BIGGEST = 2**63 - 1


def wish_of(form: FormData, *, whole: bool = True) -> VideoWish:
    """Raises `Invalid`; not `whole`: what is still empty of its words does not matter."""
    about = str(form.get("about", "topic"))
    typed, script = _said(form, "topic"), str(form.get("custom_script", ""))
    if whole and about == "typed" and not typed:
        raise Invalid("topic", "Say what the video is to be about.")
    if whole and about == "script" and not script.strip():
        raise Invalid("custom_script", "Paste what is to be said, a paragraph for each scene.")
    seconds = _said(form, "seconds")
    return VideoWish(
        topic=typed if about == "typed" else "",
        topic_id=_number("topic_id", _said(form, "topic_id")) if about == "topic" else None,
        custom_script=script if about == "script" else "",
        kind=_said(form, "kind") or "explainer",
        shape=_said(form, "shape"),
        seconds=_number("seconds", seconds) if seconds else None,
        language=_said(form, "language"),
        voice=_said(form, "voice"),
        second_voice=_said(form, "second_voice"),
        captions=_said(form, "captions") or "clean",
        character=_said(form, "character"),
        platforms=tuple(str(one) for one in form.getlist("platforms")),
        count=_number("count", _said(form, "count") or "1", MOST_VARIANTS) or 1,
        name=_said(form, "name"),
        model=_said(form, "clips"),
    )


def _said(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()


def _number(field: str, typed: str, most: int = BIGGEST) -> int | None:
    """None where nothing is typed. Raises `Invalid`."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 20 and int(typed) <= most):
        raise Invalid(field, "Write a whole number." if most == BIGGEST else f"At most {most}.")
    return int(typed)
