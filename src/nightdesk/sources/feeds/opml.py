"""Lists of feeds as readers exchange them: OPML 1.0 to 2.0 in, OPML 2.0 out (opml.org/spec2.opml)."""

import html
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from nightdesk.kit.decoding import decode
from nightdesk.kit.text import clean
from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedLink, FeedRefused
from nightdesk.sources.feeds.plain import line_of

LARGEST = 5_000_000
MOST_FEEDS = 5_000
_MOST_FOLDERS = 10
_MOST_TAGS = 50_000
_DEEPEST = 100
_OPML = re.compile(r"<opml[\s>]", re.I)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.S)
# Read by its tags alone: a damaged list keeps what is whole, and nothing is expanded or nested.
# Possessive and without `<` inside, so that each character is looked at a bounded number of times.
_TAG = re.compile(r"<(/?)outline(?=[\s/>])((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>", re.I)
_ATTRIBUTE = re.compile(r"([a-zA-Z:_-]{2,30})\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")


def read(content: bytes) -> list[FeedLink]:
    """The feeds of a list in its order, each address once, with the folders it first lies in.

    Raises FeedRefused: `too_large`, `too_complex`, `not_opml`, `bad_feed` where it declares entities.
    """
    if len(content) > LARGEST:
        why = f"This list has {len(content) / 1e6:.1f} MB; at most {LARGEST / 1e6:g} MB are read. Split it."
        raise FeedRefused("too_large", why)
    text = _UNSEEN.sub("", decode(content))
    if not _OPML.search(text[:10_000]):
        raise FeedRefused("not_opml", "This is no OPML list. Export one from the reader and give that.")
    if re.search("<!ENTITY", text, re.I):
        raise FeedRefused("bad_feed", "This list declares entities of its own, which can be made to do harm.")
    kept: dict[str, FeedLink] = {}
    for link in _links(text):
        kept.setdefault(link.url, link)
        if len(kept) > MOST_FEEDS:
            raise FeedRefused("too_large", f"This list has more than {MOST_FEEDS:,} feeds. Split it.")
    return list(kept.values())


def write(title: str, feeds: Sequence[FeedLink]) -> bytes:
    """The feeds as OPML 2.0 in UTF-8, each in its folders, in the order given."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"<head><title>{escape(clean(title))}</title></head>", "<body>"]
    opened: tuple[str, ...] = ()
    places = _places(feeds)
    # Those of one folder stand together, so that each folder is written once.
    for feed in sorted(feeds, key=lambda feed: _place(feed, places)):
        lines += _moved(opened, feed.folders)
        opened = feed.folders
        lines.append(_outline(feed))
    lines += [*_moved(opened, ()), "</body>", "</opml>", ""]
    return "\n".join(lines).encode()


def _links(text: str) -> Iterator[FeedLink]:
    folders: list[str] = []
    for number, tag in enumerate(_TAG.finditer(text)):
        if number > _MOST_TAGS or len(folders) > _DEEPEST:
            raise FeedRefused(
                "too_complex", "This list has far more outlines, or deeper ones, than feeds need."
            )
        if tag[1]:
            folders = folders[:-1]
            continue
        found = {name.lower(): html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(tag[2])}
        named = line_of(found.get("text") or found.get("title") or "", 200)
        if address := web_address(_of_the_web(found.get("xmlurl", ""))):
            inside = tuple(folder for folder in folders if folder)[:_MOST_FOLDERS]
            yield FeedLink(address, named, web_address(found.get("htmlurl")), inside)
        if not tag[2].rstrip().endswith("/"):
            folders.append("" if "xmlurl" in found else named)


def _of_the_web(address: str) -> str:
    """The address without the `feed:` that some readers put before it, or in the place of `http:`."""
    bare = re.sub(r"^feed:(?:/*(?=https?:))?", "", address.strip(), count=1, flags=re.I)
    return f"http:{bare}" if bare.startswith("//") else bare


def _places(feeds: Sequence[FeedLink]) -> dict[tuple[str, ...], int]:
    """Each folder's place, by its first feed."""
    places: dict[tuple[str, ...], int] = {}
    for feed in feeds:
        for depth in range(1, len(feed.folders) + 1):
            places.setdefault(feed.folders[:depth], len(places))
    return places


def _place(feed: FeedLink, places: dict[tuple[str, ...], int]) -> list[int]:
    return [places[feed.folders[:depth]] for depth in range(1, len(feed.folders) + 1)]


def _moved(left: tuple[str, ...], entered: tuple[str, ...]) -> Iterator[str]:
    """The tags between two feeds of these folders."""
    shared = 0
    while shared < min(len(left), len(entered)) and left[shared] == entered[shared]:
        shared += 1
    yield from ["</outline>"] * (len(left) - shared)
    yield from (f"<outline text={_attribute(folder)}>" for folder in entered[shared:])


def _outline(feed: FeedLink) -> str:
    named = _attribute(feed.title or feed.url)
    home = f" htmlUrl={_attribute(feed.home)}" if feed.home else ""
    return f'<outline type="rss" text={named} title={named} xmlUrl={_attribute(feed.url)}{home}/>'


def _attribute(value: str) -> str:
    return quoteattr(clean(value).replace("\n", " "))
