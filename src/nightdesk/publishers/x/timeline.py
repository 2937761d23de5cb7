"""Finds a post among the account's own: X gives no mark to look for, so by its words and its time."""

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from nightdesk.kit.endings import Later
from nightdesk.publisher import Live, Record
from nightdesk.publishers.calling import Said
from nightdesk.publishers.x.calls import X, complaint

BEFORE = timedelta(seconds=2)
"""X tells times in seconds."""

_MEDIA = re.compile(r"/(?:photo|video)/\d+$")
_SCHEME = re.compile(r"https?://(?:www\.)?([^\s/]+)(/?)", re.I)


async def found(x: X, user: str, text: str, since: str, record: Record | None) -> Live | None:
    """The account's post with these very words, made since then; None where its timeline shows none.

    Raises `Later`, `NeedsPerson`.
    """
    asked = {
        "max_results": "100",
        "start_time": since,
        "exclude": "retweets,replies",
        "tweet.fields": "created_at,entities,note_tweet",
    }
    about = "Looks through the account's posts for these words."
    said = await x.ask("GET", f"/2/users/{user}/tweets", about, record, params=asked)
    if not said.well:
        raise Later(f"X does not show the account's posts: {complaint(said)}")
    wanted = same(text)
    rows = said.at("data")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and same(said_in(row)) == wanted and _since(row, since):
            return Live(str(row.get("id", "")), address(str(row.get("id", ""))))
    return None


def address(number: str) -> str:
    """Where people find a post; X leads on from there to the one with its author's name."""
    return f"https://x.com/i/web/status/{number}"


def said_in(row: Mapping[str, Any]) -> str:
    """A post's words as they were sent: links of X's own making are undone, those to its media left out."""
    note = row.get("note_tweet")
    whole = note if isinstance(note, Mapping) and note.get("text") else row
    text, entities = str(whole.get("text", "")), whole.get("entities") or {}
    urls = entities.get("urls") if isinstance(entities, Mapping) else None
    for one in urls if isinstance(urls, list) else ():
        if isinstance(one, Mapping) and one.get("url"):
            target = str(one.get("expanded_url") or "")
            text = text.replace(
                str(one["url"]), "" if _MEDIA.search(target) or one.get("media_key") else target
            )
    return html.unescape(text)


def same(text: str) -> str:
    """A text as it is compared: composed, on one line, addresses without what X adds to them."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return _SCHEME.sub(lambda one: one[1].lower() + one[2], line).replace("/ ", " ").rstrip("/")


def clock_of(said: Said, now: datetime) -> str:
    """The time by X's own clock, else by ours, a little before, as X takes times."""
    try:
        then = parsedate_to_datetime(said.headers.get("date", ""))
    except (ValueError, TypeError):
        then = now
    return (then.astimezone(UTC) - BEFORE).strftime("%Y-%m-%dT%H:%M:%SZ")


def _since(row: Mapping[str, Any], since: str) -> bool:
    """Whether it is no older, where it tells."""
    try:
        return datetime.fromisoformat(str(row["created_at"])) >= datetime.fromisoformat(since)
    except (KeyError, ValueError, TypeError):
        return False
