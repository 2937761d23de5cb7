"""Reads pages as their server sends them: what most pages are."""

from dataclasses import dataclass

from nightdesk.sources.documents import Document, read_page
from nightdesk.sources.pages.contract import PageMeans


@dataclass(frozen=True)
class PlainPages:
    """Any page."""

    means: PageMeans
    name = "plain"

    def reads(self, _url: str, /) -> bool:
        return True

    async def read(self, url: str) -> Document:
        return await read_page(await self.means.fetcher.fetch(url))
