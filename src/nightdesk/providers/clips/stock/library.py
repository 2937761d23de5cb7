"""What a library of stock footage is: somewhere to search, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.services.wire import Answer


@dataclass(frozen=True)
class File:
    """One file of a clip: where it lies, and its size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Found:
    """A clip that a library offers; `page` shows it, `author` may be empty."""

    source: str
    page: str
    author: str
    seconds: float
    files: tuple[File, ...]


class Library(Protocol):
    """A library's own way of being asked."""

    name: str
    who: str
    home: str
    licence: str
    sign_up: str

    path: str
    key_header: str
    """The header that carries the key; empty where none does."""
    key_field: str
    """The field of the query that carries it; empty where none does."""

    def query(self, words: str, request: ClipRequest) -> Mapping[str, str]:
        """The query of a search for `words`, without the key."""

    def found(self, answer: Answer) -> list[Found]:
        """What the answer to a search offers, best first. Raises `Later` or `Refused`."""


def credit(found: Found, library: Library) -> str:
    """Whose footage it is, as both libraries ask to be credited, and under which licence."""
    author = f" by {found.author}" if found.author else ""
    return f"Video{author} on {library.who} ({found.page}), {library.licence}"
