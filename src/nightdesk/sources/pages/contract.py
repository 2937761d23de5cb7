"""What reads a page: an address goes in, a document or an ending comes out."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.documents import Document


class PageReader(Protocol):
    """Reads the pages of some addresses."""

    @property
    def name(self) -> str:
        """As it is registered."""

    def reads(self, url: str, /) -> bool:
        """Whether pages at this address are for it; told by the address alone, without fetching."""

    async def read(self, url: str) -> Document:
        """The document there. Raises `Later`, `NeedsPerson` or `Refused` (kit.endings)."""


@dataclass(frozen=True)
class PageMeans:
    """What readers are opened with.

    `fetcher` is the one way out: what a page or its address leads to is asked for by nothing else. `allow`
    names the hosts and ports that the operator exempts from the rule of public addresses; `browser` is the
    program that the operator switched on for pages that scripts draw, if any.
    """

    fetcher: Fetcher
    allow: Collection[tuple[str, int]] = ()
    browser: Path | None = None


Opener = Callable[[PageMeans], PageReader]
