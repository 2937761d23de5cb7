"""What is found out of a feed's stories where it is read, so that whoever keeps them need not look again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nightdesk.kit.text import shorten
from nightdesk.quality import instructions
from nightdesk.quality.sameness import Story, stories, without_outlet
from nightdesk.sources.feeds.contract import FeedEntry

LONGEST_SUMMARY = 600
_LONGEST_NAMELESS = 120


def weighed(entries: Sequence[FeedEntry], outlet: str) -> tuple[FeedEntry, ...]:
    """The entries as topics are made of them: titles without their outlet, and of a text its beginning.

    Each with what it is compared by, and whether it reads like orders to a machine.
    """
    titles = [_title(entry, outlet) for entry in entries]
    summaries = [shorten(entry.text, LONGEST_SUMMARY) for entry in entries]
    told = list(zip(titles, summaries, (entry.url for entry in entries), strict=True))
    return tuple(
        replace(entry, title=title, text=summary, story=story, flags=flags_of(title, summary))
        for entry, title, summary, story in zip(entries, titles, summaries, stories(told), strict=True)
    )


def flags_of(title: str, summary: str) -> str:
    """The code of what a person has to know of such a text; empty where there is nothing."""
    # Plain letters are looked at much faster, and the mark of a cut is the only other in most.
    whole = f"{title}\n\n{summary.removesuffix('…')}"
    return instructions.CODE if instructions.check(whole).findings else ""


def spelled(story: Story) -> dict[str, Any]:
    """As JSON holds it."""
    return {name: value if isinstance(value, str) else list(value) for name, value in vars(story).items()}


def story_of(told: Mapping[str, Any]) -> Story:
    """As it was before it was spelled."""
    return Story(
        told["normal"],
        frozenset(told["title"]),
        frozenset(told["figures"]),
        frozenset(told["said"]),
        tuple(told["marks"]),
        tuple(told["handles"]),
        frozenset(told["sure"]),
    )


def _title(entry: FeedEntry, outlet: str) -> str:
    return without_outlet(entry.title or shorten(entry.text, _LONGEST_NAMELESS), outlet)
