"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedEntry, FeedRead, FeedRefused
from nightdesk.sources.feeds.plain import line_of, text_of
from nightdesk.sources.feeds.shaping import date_within, each_once, hashed, language_of, tags_of

_MOST_ITEMS = 50_000


def read_json(text: str, url: str) -> FeedRead:
    """The feed in a text that begins like JSON.

    Raises FeedRefused: `bad_feed` where it is no JSON, `not_a_feed` where it is other JSON, `too_complex`.
    """
    found = _loaded(text)
    version = found.get("version") if isinstance(found, dict) else None
    items = found.get("items", []) if isinstance(found, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/1" not in version or not isinstance(items, list):
        raise FeedRefused("not_a_feed", "This is JSON, but not a JSON Feed.")
    if len(items) > _MOST_ITEMS:
        raise FeedRefused("too_complex", f"This feed has more than {_MOST_ITEMS:,} entries.")
    home = web_address(_said(found, "home_page_url"), url)
    author, language = _author(found), language_of(_said(found, "language"))
    entries = (_entry(item, url or home, author) for item in items if isinstance(item, dict))
    title = line_of(_said(found, "title"))
    return FeedRead("json", title, each_once(entries), home, language)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n"))
    except RecursionError:
        raise FeedRefused("too_complex", "This JSON is nested too deep.") from None
    except ValueError:
        raise FeedRefused("bad_feed", "This begins like JSON, but is damaged.") from None


def _entry(item: Mapping[str, Any], base: str, inherited: str) -> FeedEntry:
    url = web_address(_said(item, "url") or _said(item, "external_url"), base)
    markup, plain = _said(item, "content_html"), _said(item, "content_text")
    text = text_of(markup) or text_of(plain.replace("&", "&amp;")) or text_of(_said(item, "summary"))
    title = line_of(_said(item, "title"))
    identity = _identity(item)
    key = identity if 0 < len(identity) <= 500 else hashed(identity or url, "" if identity else title)
    picture = _said(item, "image") or _said(item, "banner_image")
    return FeedEntry(
        key=key,
        title=title or line_of(text, 120),
        url=url or web_address(identity),
        text=text,
        author=_author(item) or inherited,
        published=_date(_said(item, "date_published")) or _date(_said(item, "date_modified")),
        image=web_address(picture, base),
        language=language_of(_said(item, "language")),
        media=tuple(_media(item, base)),
        tags=tags_of(tag for tag in _listed(item, "tags") if isinstance(tag, str)),
    )


def _said(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _identity(item: Mapping[str, Any]) -> str:
    """The id, which is to be a string and where it is a number is read as one (JSON Feed 1.1, items)."""
    value = item.get("id")
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if numeric else _said(item, "id").strip()


def _listed(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []


def _author(found: Mapping[str, Any]) -> str:
    told = [*_listed(found, "authors"), found.get("author")]
    names = (line_of(_said(each, "name"), 200) for each in told if isinstance(each, dict))
    return next((name for name in names if name), "")


def _media(item: Mapping[str, Any], base: str) -> Iterator[str]:
    for each in _listed(item, "attachments")[:10]:
        if not isinstance(each, dict) or not _said(each, "mime_type").startswith(("audio/", "video/")):
            continue
        if address := web_address(_said(each, "url"), base):
            yield address


def _date(said: str) -> datetime | None:
    """An RFC 3339 instant."""
    try:
        found = datetime.fromisoformat(said.strip())
        return date_within((found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        return None
