"""Titles and descriptions for search results: cut at a word, taken from what the article says."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.sentences import Sentence

TITLE, DESCRIPTION, LEAST_DESCRIPTION = 60, 160, 70
"""Characters that result pages show of a title and of a description, and fewer than which look empty."""


def meta_title(title: str, site: str) -> str:
    """The title, with the site's name where both fit; cut at a word where even the title does not."""
    whole = f"{title} | {site}"
    return whole if site and len(whole) <= TITLE else cut(title, TITLE)


def meta_description(said: Sequence[Sentence], weights: dict[Sentence, float]) -> str:
    """The sentence that fits and says most of the article; else the best one cut at a word."""
    ranked = sorted(said, key=lambda sentence: -weights.get(sentence, 0.0))
    alone = [sentence for sentence in ranked if not sentence.leans]
    for sentence in alone[:6]:
        if LEAST_DESCRIPTION <= len(sentence.text) <= DESCRIPTION:
            return sentence.text
    return cut(alone[0].text if alone else "", DESCRIPTION)


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, ending with a whole word and an ellipsis where something is missing."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-(")
    return f"{kept}…"
