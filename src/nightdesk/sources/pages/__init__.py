"""The readers of pages by name: most pages are plain, some need a browser, some are videos."""

from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points

from nightdesk.kit.text import count_words
from nightdesk.sources.documents import Document, DocumentRefused
from nightdesk.sources.pages.browser import BrowserPages
from nightdesk.sources.pages.contract import Opener, PageMeans, PageReader
from nightdesk.sources.pages.plain import PlainPages
from nightdesk.sources.pages.video import VideoPages

__all__ = ["READERS", "Opener", "PageMeans", "PageReader", "Pages", "open_pages"]

GROUP = "nightdesk.sources"
KIND = "pages."
READERS: Mapping[str, Opener] = {"video": VideoPages}
"""Those that claim addresses of their own; what nobody claims is plain."""

NEARLY_NOTHING = 40
"""Words of a plain page below which a browser is asked, where there is one."""

_FOR_A_BROWSER = ("no_text", "empty")


class Pages:
    """Reads any page by whoever it is for."""

    def __init__(self, claiming: Sequence[PageReader], plain: PageReader, browser: PageReader) -> None:
        self._claiming, self._plain, self._browser = claiming, plain, browser

    async def read(self, url: str) -> Document:
        """The document at the address. Raises `Later`, `NeedsPerson` or `Refused`."""
        for reader in self._claiming:
            if reader.reads(url):
                return await reader.read(url)
        try:
            found = await self._plain.read(url)
        except DocumentRefused as refused:
            if refused.code not in _FOR_A_BROWSER or not self._browser.reads(url):
                raise
            return await self._browser.read(url)
        if count_words(found.text) >= NEARLY_NOTHING or not self._browser.reads(url):
            return found
        try:
            drawn = await self._browser.read(url)
        except DocumentRefused:
            return found
        return max(drawn, found, key=lambda one: count_words(one.text))


def open_pages(means: PageMeans, claiming: Sequence[PageReader] | None = None) -> Pages:
    """The readers of this installation: those that other packages bring come first.

    A package declares `pages.NAME = "its.module:open"` in the group `nightdesk.sources`, where `open` takes
    `PageMeans` and returns a `PageReader`.
    """
    if claiming is None:
        brought = [point for point in entry_points(group=GROUP) if point.name.startswith(KIND)]
        openers = [point.load() for point in sorted(brought, key=lambda point: point.name)]
        claiming = [opener(means) for opener in (*openers, *READERS.values())]
    return Pages(claiming, PlainPages(means), BrowserPages(means))
