"""Well-known public feeds by subject, for a site that begins: our list and an operator's own."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nightdesk.kit.endings import NeedsPerson
from nightdesk.sources.feeds.contract import FeedLink

_SHIPPED = Path(__file__).with_name("catalogue.toml")
_WORD = re.compile(r"[^\W_]+")
# Letters at the start by which longer words count as one: garden, gardens, gardening.
_STEM = 6


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListedFeed(_Given):
    """One feed of the catalogue; `language` is its ISO 639-1 code."""

    title: str
    url: str
    language: str = "en"


class Subject(_Given):
    """A subject with the words by which it is known."""

    name: str
    words: tuple[str, ...] = ()
    feeds: tuple[ListedFeed, ...] = ()
    drop: bool = False


class _File(_Given):
    subject: tuple[Subject, ...] = ()


def subjects(own: Path | None = None) -> list[str]:
    """The names of the subjects, in the catalogue's order."""
    return [subject.name for subject in _all(own)]


def feeds_for(subject: str, language: str, own: Path | None = None) -> list[FeedLink]:
    """Feeds for a site that speaks of `subject` (its own words will do) in `language` (`de`, `de-AT`).

    English ones where the catalogue has none in that language; empty where it does not know the subject.
    `own` is an operator's file of the same form; NeedsPerson says what is wrong with one that is damaged.
    """
    asked = _words(subject)
    rated = [(_fit(asked, each), each) for each in _all(own)]
    best = max((fit for fit, _ in rated), default=0)
    feeds = [feed for fit, each in rated if fit == best and best > 0 for feed in each.feeds]
    spoken = re.split("[-_]", language.strip().lower())[0] or "en"
    chosen = [feed for feed in feeds if feed.language == spoken] or [f for f in feeds if f.language == "en"]
    return list({feed.url: FeedLink(feed.url, feed.title) for feed in chosen}.values())


def _all(own: Path | None) -> list[Subject]:
    merged = {each.name: each for each in _shipped()}
    for each in _read(own) if own and own.is_file() else ():
        there = merged.get(each.name, Subject(name=each.name))
        merged[each.name] = Subject(
            name=each.name, words=there.words + each.words, feeds=there.feeds + each.feeds, drop=each.drop
        )
    return [each for each in merged.values() if not each.drop]


@cache
def _shipped() -> tuple[Subject, ...]:
    return _read(_SHIPPED)


def _read(path: Path) -> tuple[Subject, ...]:
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).subject
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        why = f"The list of feeds '{path.name}' cannot be read: {error}"
        raise NeedsPerson(why) from error


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _fit(asked: list[str], subject: Subject) -> int:
    """How much of what is asked the subject is known by: whole phrases most, stems least."""
    return sum(_match(asked, _words(known)) for known in (subject.name, *subject.words))


def _match(asked: list[str], known: list[str]) -> int:
    size = len(known)
    if any(asked[at : at + size] == known for at in range(len(asked) - size + 1)):
        return 4 * size
    return 1 if size == 1 and known[0][:_STEM] in _stems(asked) else 0


def _stems(words: Iterable[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) >= _STEM}
