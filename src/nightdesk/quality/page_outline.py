"""Reads from a page's HTML what search engines look at: headings, links, pictures, the first paragraph."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass
class Outline:
    """What was found, in the order of the page; the heading of the list of sources is not part of it."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Address and text of each link."""
    pictures: list[tuple[str, str]] = field(default_factory=list)
    """Address and alternative text of each picture."""
    first_paragraph: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = Outline()
        self._open: dict[str, list[str]] = {}
        self._href = ""
        self._in_sources = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _HEADINGS or tag in {"p", "a"}:
            self._open[tag] = []
        if tag == "section":
            self._in_sources = "sources" in given.get("class", "")
        if tag == "a":
            self._href = given.get("href", "")
        if tag == "img":
            self.outline.pictures.append((given.get("src", ""), given.get("alt", "").strip()))

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self._open.pop(tag, [])).split())
        if tag == "section":
            self._in_sources = False
        elif tag in _HEADINGS and not self._in_sources:
            self.outline.headings.append((_HEADINGS[tag], text))
        elif tag == "a":
            self.outline.links.append((self._href, text))
        elif tag == "p" and text and not self.outline.first_paragraph:
            self.outline.first_paragraph = text

    def handle_data(self, data: str) -> None:
        for text in self._open.values():
            text.append(data)


def outline(html: str) -> Outline:
    """The outline of an HTML fragment or page; broken HTML gives what could be read."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.outline
