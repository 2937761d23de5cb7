"""Puts an article's pictures into its HTML, each below the heading it belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

_OURS = re.compile(r"<figure\b[^>]*>.*?</figure>\n?", re.DOTALL)
_HEADING = re.compile(r"<h[2-6]\b[^>]*>(.*?)</h[2-6]>\n?", re.DOTALL)
_PARAGRAPH = re.compile(r"\s*<p>.*?</p>\n?", re.DOTALL)
_SOURCES = re.compile(r"<section class=\"sources\">|\Z")
_ADDRESS = re.compile(r"(?:https?://[^\s\\\"'<>]+|/(?![/\\])[^\s\\\"'<>]*)")


@dataclass(frozen=True)
class PlacedImage:
    """A picture of ours: `heading` it stands under, empty for the featured one; sizes in pixels."""

    heading: str
    url: str
    alt: str
    caption: str = ""
    width: int = 0
    height: int = 0


def with_images(html: str, images: Sequence[PlacedImage]) -> str:
    """The HTML with each picture as a figure; pictures put in before are replaced, so it can be done again.

    The featured one stands at the top, the others after the first paragraph below their heading, or at the
    end where no heading is called so. `ValueError` for an address that is neither http(s) nor a path.
    """
    bare = _OURS.sub("", html)
    insertions = [(_place(bare, image.heading), order, figure(image)) for order, image in enumerate(images)]
    for at, _, made in sorted(insertions, reverse=True):
        bare = bare[:at] + made + bare[at:]
    return bare


def figure(image: PlacedImage) -> str:
    """One picture as HTML."""
    if not _ADDRESS.fullmatch(image.url):
        raise ValueError(f"not an address for a picture: {image.url!r}")
    size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
    caption = f"<figcaption>{escape(image.caption, quote=False)}</figcaption>" if image.caption else ""
    kind = "picture" if image.heading else "featured"
    lazy = ' loading="lazy"' if image.heading else ""
    shown = f'<img src="{escape(image.url)}" alt="{escape(image.alt)}"{size}{lazy}>'
    return f'<figure class="{kind}">{shown}{caption}</figure>\n'


def _place(html: str, heading: str) -> int:
    if not heading:
        return 0
    for match in _HEADING.finditer(html):
        if _folded(match.group(1)) == _folded(escape(heading, quote=False)):
            paragraph = _PARAGRAPH.match(html, match.end())
            return paragraph.end() if paragraph else match.end()
    end = _SOURCES.search(html)
    return end.start() if end else len(html)


def _folded(html: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", "", html))
    return " ".join(text.casefold().split())
