"""Reads RSS, RDF and Atom: by a quick parser, and by a patient one what that refuses or would get wrong."""

import calendar
import html
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import fastfeedparser

from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedRead, FeedRefused
from nightdesk.sources.feeds.judging import is_whole, root_of
from nightdesk.sources.feeds.plain import line_of
from nightdesk.sources.feeds.shaping import author_of, each_once, entry_of, language_of

_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    AssertionError,
)
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,300}\?>\s*", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ELEMENT = re.compile(r"<[A-Za-z_]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}>", re.I)
# Names of HTML's characters mean nothing in XML, where feeds use them all the same.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_BARE = re.compile(r"&(?!#?\w{1,32};)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
_ENTRY = re.compile(r"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]", re.I)
_DATED = re.compile(
    r"<(?:[\w-]{1,20}:)?(?:pubdate|published|issued|date|updated|modified|created|lastbuilddate)\b", re.I
)
_IDENTIFIED = re.compile(r"<(?:[\w-]{1,20}:)?(?:guid|id)\b|\brdf:about\b", re.I)
_ELEMENTS_INSIDE = re.compile(
    r"<(?:(?:atom:|content:)?(?:title|description|summary|encoded)\b|content\b(?![^<>]*xhtml))"
    r"[^<>]*(?<!/)>[^<]*<[A-Za-z]"
)
# Characters up to which a feed is read a second time, patiently, to get a detail right.
_PATIENT = 1_000_000
# Tags up to which the patient parser is asked at all: its time can grow with their square.
_MOST_TAGS = 100_000
_PICTURE = re.compile(r"<media:thumbnail\b[^<>]*?\burl\s*=\s*[\"']([^\"'<>]+)")
_UNCONTROLLED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ASKED_FOR = re.compile(
    r"<(?:[\w-]{1,20}:)?(ttl|language|updatePeriod|updateFrequency)\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*([\w-]{1,30})"
)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_LONGEST_TTL = 10080


def read_xml(text: str, url: str) -> FeedRead:
    """The feed in a text that was judged to be one. Raises FeedRefused `bad_feed`."""
    text = _mended(text)
    first = _ENTRY.search(text)
    found = _quickly(text)
    lacking = found is None or (first is not None and not found["entries"])
    if lacking and text.count("<") > _MOST_TAGS:
        raise FeedRefused("too_complex", "This feed is damaged, and too large to be mended.")
    if found is None or lacking or _needs_patience(text, found):
        found = _patiently(text, url) or found
    if found is None:
        raise FeedRefused("bad_feed", "This feed is damaged beyond reading.")
    feed = _feed(found, text, text[: first.start() if first else 20_000][:20_000], url)
    if not feed.entries and not is_whole(text):
        raise FeedRefused("bad_feed", "This feed breaks off before its first entry, or is damaged there.")
    return feed


def _mended(text: str) -> str:
    """Without its declarations, and with what feeds often do wrong put right."""
    text = _UNCONTROLLED.sub("", text.lstrip("\ufeff"))
    root = _ELEMENT.search(text)
    prolog = text[: root.start()] if root else ""
    bare = _COMMENT.sub("", _DECLARATION.sub("", prolog, count=1))
    text = _DOCTYPE.sub("", bare) + text[len(prolog) :]
    if "&" not in text:
        return text
    text = _NUMBERED.sub(_possible, _NAMED.sub(_spelled_out, text))
    if _BARE.search(text) and not is_whole(text):
        pieces = _CDATA.split(text)
        text = "".join(
            piece if place % 2 else _BARE.sub("&amp;", piece) for place, piece in enumerate(pieces)
        )
    return text


def _spelled_out(name: re.Match[str]) -> str:
    char = html.unescape(name[0])
    return name[0] if char == name[0] or char in "<>&\"'" else char


def _possible(number: re.Match[str]) -> str:
    """The reference, unless it is to a character that XML cannot hold."""
    code = int(number[1], 16) if number[1] else int(number[2])
    if code > sys.maxunicode or _UNCONTROLLED.match(chr(code)):
        return ""
    return f"&#{code};"


def _quickly(text: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = fastfeedparser.parse(text.encode("utf-8", "replace"))
    except (*_FAULTS, SyntaxError):
        return None
    return found


def _needs_patience(text: str, found: Mapping[str, Any]) -> bool:
    """Whether the quick parser's answer would be wrong.

    It knows no bases of addresses, no base64 and no authors of Atom's kind in RSS, gives of a title that
    holds elements what stands before the first, and misses an address that stands after another link.
    """
    if len(text) > _PATIENT:
        return False
    entries = found["entries"]
    links = [str(entry.get("link") or "") for entry in entries]
    return (
        ("xml:base" in text and any(link and not link.startswith("http") for link in links))
        or any(
            not (entry.get("title") or entry.get("description") or entry.get("content")) for entry in entries
        )
        or (not all(links) and text.count("<link>") >= len(entries))
        or 'mode="base64"' in text
        or ("<name>" in text and not all(entry.get("author") for entry in entries) and root_of(text) == "rss")
        or bool(_ELEMENTS_INSIDE.search(text))
    )


def _patiently(text: str, url: str) -> Mapping[str, Any] | None:
    import feedparser  # noqa: PLC0415 (seldom needed)

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        found = feedparser.parse(
            # As a file: a string may be taken for an address or the name of a file.
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (*_FAULTS, SyntaxError):
        return None
    if not (found.get("version") or found["entries"]):
        return None
    for entry in found["entries"]:
        _dates_as_text(entry)
    return {"feed": found["feed"], "entries": found["entries"], "version": found["version"]}


def _dates_as_text(entry: dict[str, Any]) -> None:
    for name in ("published", "updated"):
        parsed = entry.get(f"{name}_parsed")
        try:
            seconds = calendar.timegm(parsed) if parsed else None
            entry[name] = None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            entry[name] = None


def _feed(found: Mapping[str, Any], text: str, head: str, url: str) -> FeedRead:
    about = found["feed"]
    said = {name.lower(): value for name, value in reversed(_ASKED_FOR.findall(head))}
    home = web_address(about.get("link"), url)
    author = author_of(str(about.get("author") or ""))
    entries = (entry_of(each, url or home, author) for each in _as_given(found["entries"], text))
    return FeedRead(
        kind="atom" if root_of(text) == "feed" else "rss",
        title=line_of(str(about.get("title") or "")),
        entries=each_once(entries),
        home=home,
        language=language_of(str(said.get("language") or about.get("language") or "")),
        ttl=_ttl(said),
    )


def _as_given(entries: Sequence[Mapping[str, Any]], text: str) -> Iterator[Mapping[str, Any]]:
    """The entries without what the quick parser makes up, and with the pictures that it leaves out.

    It takes dates from guids and guids from addresses, and no thumbnail where there is other media.
    """
    changed: dict[str, Any] = {}
    if not _DATED.search(text):
        changed |= {"published": None, "updated": None}
    if not _IDENTIFIED.search(text):
        changed |= {"id": None}
    pictures = _PICTURE.findall(text) if "<media:thumbnail" in text else []
    for place, entry in enumerate(entries):
        drawn = {"media_thumbnail": [{"url": pictures[place]}]} if len(pictures) == len(entries) else {}
        yield {**entry, **changed, **drawn}


def _ttl(said: Mapping[str, str]) -> int:
    """Minutes: RSS 2.0 `ttl`, or the syndication module's period and frequency; at most a week."""
    asked = said.get("ttl", "")
    if asked.isdigit() and len(asked) < 7:
        return min(int(asked), _LONGEST_TTL)
    period = _PERIODS.get(said.get("updateperiod", "").lower(), 0)
    often = said.get("updatefrequency", "1")
    times = max(int(often), 1) if often.isdigit() and len(often) < 5 else 1
    return min(period // times, _LONGEST_TTL)
