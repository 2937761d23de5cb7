"""Looks through a channel's own uploads for a piece, and tells how uploads did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from nightdesk.publisher import Piece, Record
from nightdesk.publishers.results import Measured, counted
from nightdesk.publishers.youtube import metadata
from nightdesk.publishers.youtube.api import Google

LATEST = 50
"""Uploads that are looked through: what one page has."""

SKEW = timedelta(minutes=10)
"""By which YouTube's clock and ours may differ."""


def mark(piece: Piece) -> str:
    """The file's name, which only the channel's owner sees: it carries our mark."""
    return f"nightdesk-{piece.key}.mp4"


async def find(google: Google, piece: Piece, since: datetime | None, record: Record) -> str | None:
    """The id of the channel's upload that is this piece.

    It is known by the name of its file, or, where YouTube does not show that, by its title and its time after
    the session was opened. Raises `Later`, `NeedsPerson`, `Refused`.
    """
    channels = await google.get(
        "channels", "Asks for the list of its uploads.", record, part="contentDetails", mine="true"
    )
    playlist = channels.at("items", 0, "contentDetails", "relatedPlaylists", "uploads")
    if not isinstance(playlist, str):
        return None
    listed = await google.get(
        "playlistItems",
        "Lists its latest uploads.",
        record,
        part="contentDetails",
        playlistId=playlist,
        maxResults=str(LATEST),
    )
    some = (row.get("contentDetails", {}).get("videoId") for row in rows(listed.at("items")))
    numbers = [number for number in some if isinstance(number, str)]
    if not numbers:
        return None
    shown = await google.get(
        "videos",
        "Looks whether it is among them.",
        record,
        part="snippet,fileDetails",
        id=",".join(numbers),
    )
    videos = rows(shown.at("items"))
    return _by_name(videos, mark(piece)) or _by_title(videos, metadata.title(piece), since)


async def measured(google: Google, videos: Sequence[str]) -> Mapping[str, Measured]:
    """How these of the channel's videos did, by their ids. Raises `Later`, `NeedsPerson`, `Refused`."""
    wished = ",".join(one for one in videos if one.strip())
    if not wished:
        return {}
    shown = await google.get("videos", "Asks how its videos did.", part="statistics", id=wished)
    return {
        str(row["id"]): Measured(
            counted(_at(row, "statistics", "viewCount")),
            counted(_at(row, "statistics", "likeCount")),
            counted(_at(row, "statistics", "commentCount")),
        )
        for row in rows(shown.at("items"))
        if row.get("id") in videos
    }


def rows(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _by_name(videos: Iterable[Mapping[str, Any]], name: str) -> str | None:
    return next((str(one["id"]) for one in videos if _at(one, "fileDetails", "fileName") == name), None)


def _by_title(videos: Iterable[Mapping[str, Any]], title: str, since: datetime | None) -> str | None:
    if since is None:
        return None
    for one in videos:
        nameless = not str(_at(one, "fileDetails", "fileName") or "").startswith("nightdesk-")
        if nameless and _at(one, "snippet", "title") == title and _after(one, since - SKEW):
            return str(one["id"])
    return None


def _after(video: Mapping[str, Any], since: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(_at(video, "snippet", "publishedAt"))) >= since
    except (TypeError, ValueError):
        return False


def _at(video: Mapping[str, Any], part: str, name: str) -> object:
    found = video.get(part)
    return found.get(name) if isinstance(found, dict) else None
