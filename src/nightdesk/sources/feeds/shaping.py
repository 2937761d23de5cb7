"""From what a parser found to a feed of ours: plain text, web addresses, each story once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from nightdesk.kit.text import clean
from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedEntry
from nightdesk.sources.feeds.plain import line_of, text_of

MOST_ENTRIES = 500
_LONGEST_KEY = 500
_LONGEST_NAME = 200
_MOST_TAGS = 20
_MOST_MEDIA = 10
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_PICTURE = re.compile(r"<img\b[^<>]{0,2000}?\bsrc\s*=\s*[\"']?([^\"'<>\s]{1,2000})", re.I)
_DOT = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01](?:px)?\b", re.I)
_NAMED = re.compile(r"\S+@\S+\s*\((.+)\)|(.+?)\s*[<(]\S+@\S+[>)]")
# Links of an entry that lead elsewhere than to it (RFC 4287, section 4.2.7.2, and what is seen besides).
_ELSEWHERE = {"enclosure", "related", "self", "edit", "replies", "via", "license", "hub", "preview"}

Found = Mapping[str, Any]


def entry_of(found: Found, base: str, inherited: str = "") -> FeedEntry:
    """One entry as feedparser and its like describe it; `inherited` is the author of the whole feed."""
    markup = _content(found)
    title = line_of(_text(found, "title"))
    # An identity that is an address is the story's, where it gives no other.
    url = web_address(_link(found), base) or web_address(_text(found, "id"))
    return FeedEntry(
        key=_key(_text(found, "id"), url, title),
        title=title or line_of(markup, 120),
        url=url,
        text=text_of(markup),
        author=author_of(_text(found, "author") or inherited),
        published=_date(found.get("published")) or _date(found.get("updated")),
        image=_image(found, markup, base),
        language=language_of(_text(found, "language")),
        media=_media(found, base),
        tags=tags_of(str(tag.get("label") or tag.get("term") or "") for tag in _all(found, "tags")),
    )


def each_once(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The entries in order, at most 500, each key and each pair of address and title once, none empty."""
    kept: dict[str, FeedEntry] = {}
    told: set[str] = set()
    for entry in entries:
        story = hashed(entry.url or entry.key, entry.title)
        if not (entry.title or entry.text or entry.url) or story in told:
            continue
        told.add(story)
        # A guid that is the address alone may stand for several stories on one page.
        known = kept.get(entry.key)
        if known and entry.key == entry.url and known.title != entry.title:
            entry = replace(entry, key=story)
        kept.setdefault(entry.key, entry)
        if len(kept) == MOST_ENTRIES:
            break
    return tuple(kept.values())


def hashed(url: str, title: str) -> str:
    """The identity of a story that has no other."""
    return "sha256:" + sha256(f"{url}\n{title}".encode()).hexdigest()


def tags_of(terms: Iterable[str]) -> tuple[str, ...]:
    """At most twenty tags, each once."""
    lines = (line_of(term, 80) for term in terms)
    return tuple(dict.fromkeys(line for line in lines if line))[:_MOST_TAGS]


def author_of(said: str) -> str:
    """The name in `desk@example.com (Name)` or `Name <desk@example.com>`, else all of it."""
    named = _NAMED.fullmatch(said.strip()[: 2 * _LONGEST_NAME])
    return line_of((named[1] or named[2]) if named else said, _LONGEST_NAME)


def language_of(said: str) -> str:
    """A language tag (RFC 5646) as given, with hyphens; empty where it is none."""
    said = said.strip()
    return said.replace("_", "-") if _LANGUAGE.fullmatch(said) else ""


def date_within(found: datetime | None) -> datetime | None:
    """The instant in UTC; None where it is before feeds were."""
    return found.replace(microsecond=0) if found and found >= _EARLIEST else None


def _key(identity: str, url: str, title: str) -> str:
    key = clean(identity).strip()
    if not key:
        return hashed(url, title)
    return key if len(key) <= _LONGEST_KEY else hashed(key, "")


def _link(found: Found) -> str:
    """The entry's own link, unless that is one which leads elsewhere and there is a better one."""
    link = _text(found, "link")
    links = [(_text(each, "rel") or "alternate", _text(each, "href")) for each in _all(found, "links")]
    if link and not any(href == link and rel in _ELSEWHERE for rel, href in links):
        return link
    own = [href for rel, href in links if rel == "alternate"] + [
        h for rel, h in links if rel not in _ELSEWHERE
    ]
    return own[0] if own else link


def _text(found: Found, name: str) -> str:
    said = found.get(name)
    return said if isinstance(said, str) else ""


def _all(found: Found, name: str) -> Iterator[Found]:
    listed = found.get(name)
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, Mapping))


def _content(found: Found) -> str:
    contents = [said for each in _all(found, "content") if (said := _text(each, "value"))]
    told = max(contents, key=len, default="") or _text(found, "summary") or _text(found, "description")
    # Video sites tell of a video nowhere else.
    return told or next(
        (said for each in _all(found, "media_content") if (said := _text(each, "description"))), ""
    )


def _date(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        return date_within(datetime.fromisoformat(said).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _attached(found: Found) -> Iterator[tuple[str, str]]:
    """The address and the kind (`image`, `audio`, …) of everything that the entry encloses."""
    for each in _all(found, "enclosures"):
        yield _text(each, "href") or _text(each, "url"), _text(each, "type").partition("/")[0]
    for each in _all(found, "media_content"):
        if inner := _text(each, "thumbnail_url"):
            yield inner, "image"
        kind = _text(each, "medium") or _text(each, "type").partition("/")[0]
        yield _text(each, "url"), kind


def _media(found: Found, base: str) -> tuple[str, ...]:
    addresses = (web_address(url, base) for url, kind in _attached(found) if kind in ("audio", "video"))
    return tuple(dict.fromkeys(address for address in addresses if address))[:_MOST_MEDIA]


def _image(found: Found, markup: str, base: str) -> str:
    pictures = [_text(each, "url") for each in _all(found, "media_thumbnail")]
    pictures += [url for url, kind in _attached(found) if kind == "image"]
    image = found.get("image")
    pictures += (
        [image] if isinstance(image, str) else [_text(image, "href")] if isinstance(image, Mapping) else []
    )
    pictures += [tag[1] for tag in _PICTURE.finditer(markup[:50_000]) if not _DOT.search(tag[0])][:3]
    return next(
        (address for each in pictures if (address := web_address(each.replace("&amp;", "&"), base))), ""
    )
