"""Kinds of pieces that results are grouped by: how each begins, and in which form it is told."""

from nightdesk.desk.results.published import Published

HOOKS = {
    "question": "a question",
    "figure": "a figure",
    "quotation": "somebody's words",
    "call": "a call",
    "statement": "a statement",
}
"""Kinds of beginnings, in words for people."""

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
    if seconds is None:
        return ""
    if seconds < 30:
        return "under 30 seconds"
    return "30 to 60 seconds" if seconds < 60 else "over a minute"


def _long(words: int | None) -> str:
    if not words:
        return ""
    if words < 600:
        return "under 600 words"
    return "600 to 1,200 words" if words < 1200 else "over 1,200 words"
