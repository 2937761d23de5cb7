"""Titles and descriptions for search results: cut at a word, taken from what the article says."""

from collections.abc import Mapping, Sequence

from nightdesk.providers.text.offline.sentences import Sentence

TITLE, DESCRIPTION, LEAST_DESCRIPTION = 60, 160, 70
"""Characters that result pages show of a title and of a description, and fewer than which look empty."""
_OPENING = 3


def meta_title(title: str, site: str) -> str:
    """The title, with the site's name where both fit; cut at a word where even the title does not."""
    whole = f"{title} | {site}"
    return whole if site and len(whole) <= TITLE else cut(title, TITLE)


def meta_description(said: Sequence[Sentence], weights: Mapping[Sentence, float]) -> str:
    """The article's opening: its first sentences, as many as fit; the best one that fits where none does.

    Where no sentence fits, the best one cut at a word.
    """
    opening = [sentence.text for sentence in said[:_OPENING]]
    for count in range(len(opening), 0, -1):
        text = " ".join(opening[:count])
        if LEAST_DESCRIPTION <= len(text) <= DESCRIPTION:
            return text
    ranked = sorted((s for s in said if not s.leans), key=lambda s: -weights.get(s, 0.0))
    fitting = (s.text for s in ranked[:6] if LEAST_DESCRIPTION <= len(s.text) <= DESCRIPTION)
    return next(fitting, cut((opening or [""])[0], DESCRIPTION))


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, ending with a whole word and an ellipsis where something is missing."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-(")
    return f"{kept}…"
