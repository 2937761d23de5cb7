"""Finds the feeds of a page: those it names, those its site is known to have, those it may have."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from nightdesk.kit.decoding import decode
from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedLink
from nightdesk.sources.feeds.known_sites import feeds_of_address
from nightdesk.sources.feeds.plain import line_of

_LOOKED_AT = 1_000_000
_MOST = 50
_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
# Said of feeds and of other things; feeds where the page calls them an alternate and their name agrees.
_VAGUE_TYPES = {"application/json", "application/xml", "text/xml", ""}
_GUESSES = ("/feed", "/rss.xml", "/atom.xml", "/feed.json", "/index.xml")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S)
# Possessive and without `<` inside, so that each character is looked at a bounded number of times.
_TAG = re.compile(r"<(link|a|base|title)(?=[\s>/])((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>", re.I)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{2,20})\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_FEEDLIKE = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._-]|$)|\.rdf$", re.I)


def find_feeds(html: bytes, url: str) -> list[FeedLink]:
    """The feeds of the page at `url`, each once, in the page's order.

    Those that its head names (`<link rel="alternate">`); where it names none, those that its site is known to
    have (YouTube, Reddit, …), or else those that it links to. For addresses to try blindly see `guesses`.
    """
    text = _COMMENT.sub("", decode(html[:_LOOKED_AT]))
    tags = [(tag[1].lower(), _attributes(tag[2])) for tag in _TAG.finditer(text)]
    base = next((web_address(found.get("href"), url) for name, found in tags if name == "base"), "") or url
    named = _once(_named(tags, base, url))
    return named or feeds_of_address(url) or _once(_linked(tags, base, url))


def guesses(url: str) -> list[FeedLink]:
    """Where a feed of the page's site often lies; whether one does is for the caller to try."""
    return _once(FeedLink(web_address(guess, url), home=url) for guess in _GUESSES)


def _named(tags: list[tuple[str, dict[str, str]]], base: str, url: str) -> Iterator[FeedLink]:
    for name, found in tags:
        if name != "link" or "alternate" not in found.get("rel", "").lower().split():
            continue
        kind = found.get("type", "").partition(";")[0].strip().lower()
        address = web_address(found.get("href"), base)
        vague = kind in _VAGUE_TYPES and "hreflang" not in found and _FEEDLIKE.search(urlsplit(address).path)
        if kind in _TYPES or vague:
            yield FeedLink(address, line_of(found.get("title", ""), 200), url)


def _linked(tags: list[tuple[str, dict[str, str]]], base: str, url: str) -> Iterator[FeedLink]:
    for name, found in tags:
        address = web_address(found.get("href"), base) if name == "a" else ""
        same_host = urlsplit(address).hostname == urlsplit(url).hostname
        if address and (
            found.get("type") in _TYPES or (same_host and _FEEDLIKE.search(urlsplit(address).path))
        ):
            yield FeedLink(address, line_of(found.get("title", ""), 200), url)


def _once(links: Iterator[FeedLink]) -> list[FeedLink]:
    kept: dict[str, FeedLink] = {}
    for link in links:
        if link.url and len(kept) < _MOST:
            kept.setdefault(link.url, link)
    return list(kept.values())


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(inside):
        value = html.unescape(match[2] or match[3] or match[4] or "").strip()
        found.setdefault(match[1].lower(), value)
    return found
