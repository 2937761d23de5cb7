"""Kinds of pieces that results are grouped by: how each begins, and in which form it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf

from nightdesk.desk.results.published import Published

HOOKS = {
    "question": "a question",
    "figure": "a figure",
    "quotation": "somebody's words",
    "call": "a call",
    "statement": "a statement",
}
"""Kinds of beginnings, in words for people."""

OPENINGS = {
    "question": "Begin with a question that the rest answers.",
    "figure": "Begin with a figure from the sources, among the first three words.",
    "call": "Begin with a call to do something, with an exclamation mark.",
    "statement": "Begin with the strongest fact, as a plain statement.",
}
"""What a writer is asked for. Somebody's words are not: what nobody said is soon made up."""

VIDEO_KINDS = ("explainer", "list", "story")
"""Kinds that a trial may ask for; a dialogue wants a second voice."""


@dataclass(frozen=True)
class Length:
    """Pieces up to before `below` (seconds, words); `asks` is how long one of them is made."""

    below: float
    says: str
    asks: int


SECONDS = (
    Length(30, "under 30 seconds", 25),
    Length(60, "30 to 60 seconds", 45),
    Length(inf, "over a minute", 75),
)
WORDS = (
    Length(600, "under 600 words", 500),
    Length(1200, "600 to 1,200 words", 1000),
    Length(inf, "over 1,200 words", 1500),
)

_ASKS = frozenset("?¿؟？")
_QUOTES = frozenset('“”„«»"「」')
_CALLS = frozenset("!¡！")
_FIRST = 3
"""Words at the beginning of which one has to be a figure for the hook to be one."""


def hook_of(row: Published) -> str:
    """How it begins: a video with its spoken hook, an article with its title."""
    return kind_of_hook(row.hook or row.title)


def kind_of_hook(text: str) -> str:
    """One of `HOOKS`, by signs that any language has."""
    if _ASKS & set(text):
        return "question"
    if any(any(char.isdigit() for char in word) for word in text.split()[:_FIRST]):
        return "figure"
    if text[:1] in _QUOTES:
        return "quotation"
    return "call" if _CALLS & set(text) else "statement"


def format_of(row: Published) -> str:
    """Its kind and how long it is, such as `explainer 9:16, 30 to 60 seconds`."""
    if row.is_video:
        return ", ".join(one for one in (f"{row.kind} {row.shape}".strip(), _lasts(row.seconds)) if one)
    return ", ".join(one for one in (row.kind, _long(row.words)) if one) or "article"


def _lasts(seconds: float | None) -> str:
    return "" if seconds is None else next(one.says for one in SECONDS if seconds < one.below)


def _long(words: int | None) -> str:
    return "" if not words else next(one.says for one in WORDS if words < one.below)


def of_videos(form: str) -> bool:
    """Whether a form as `format_of` words it is one of videos: those have a shape."""
    return ":" in form.partition(",")[0]


def tried_forms(seen: Collection[str]) -> list[str]:
    """Forms that a trial may ask for although the site has none of them yet: each kind in a length that it
    has, so that one thing is tried at a time."""
    shapes = [form.partition(" ")[2] for form in seen if of_videos(form)]
    return sorted({f"{kind} {shape}" for kind in VIDEO_KINDS for shape in shapes})


def video_form(form: str, usual: int) -> tuple[str, int]:
    """Its kind and how many seconds; `usual` where that is as long. ("", usual) where it names no kind."""
    kind = form.partition(" ")[0]
    if not of_videos(form):
        return "", usual
    return kind, _within(SECONDS, form, usual)


def article_form(form: str, usual: int) -> tuple[str, int]:
    """Its structure and how many words; `usual` where that is as long."""
    if not form or of_videos(form):
        return "", usual
    first, _, rest = form.partition(", ")
    return (first if rest else ""), _within(WORDS, form, usual)


def _within(lengths: Sequence[Length], form: str, usual: int) -> int:
    at = next((at for at, one in enumerate(lengths) if form.endswith(one.says)), None)
    if at is None:
        return usual
    least = lengths[at - 1].below if at else 0
    return usual if least <= usual < lengths[at].below else lengths[at].asks
