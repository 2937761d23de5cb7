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
    """The first sentence that fits, best weight first; two that follow each other where one is short.

    Where none fits, the best one cut at a word. The opening counts more than what comes later.
    """
    rank = {s: weights.get(s, 0.0) + (0.5 if place < _OPENING else 0.0) for place, s in enumerate(said)}
    ranked = sorted((s for s in rank if not s.leans), key=lambda s: -rank[s])
    for sentence in ranked[:6]:
        text = _with_next(sentence, said)
        if LEAST_DESCRIPTION <= len(text) <= DESCRIPTION:
            return text
    return cut(ranked[0].text if ranked else "", DESCRIPTION)


def _with_next(sentence: Sentence, said: Sequence[Sentence]) -> str:
    """A short sentence with the one that follows it in its source too, where both fit."""
    place = said.index(sentence) + 1
    if place == len(said) or len(sentence.text) > LEAST_DESCRIPTION * 1.4:
        return sentence.text
    following = said[place]
    together = following.block == sentence.block and following.place == sentence.place + 1
    both = f"{sentence.text} {following.text}"
    return both if together and len(both) <= DESCRIPTION else sentence.text


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, ending with a whole word and an ellipsis where something is missing."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-(")
    return f"{kept}…"
