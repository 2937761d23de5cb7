"""What YouTube is told of a video beside its bytes, and what it would not take of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nightdesk.media.platforms.limits import Limits
from nightdesk.publisher import Piece
from nightdesk.publishers import first_comment

PRIVACY = ("public", "unlisted", "private")

MOST_TAGS = 500
"""Characters of all tags with the commas between them; one with a space counts with quotes around it.
https://developers.google.com/youtube/v3/docs/videos#snippet.tags[]"""

_LOOKALIKE = str.maketrans("<>", "‹›")
"""YouTube takes neither sign in a title or description."""


@dataclass(frozen=True)
class Usual:
    """What an account says of pieces that say nothing else themselves."""

    privacy: str = "public"
    made_for_kids: bool = False
    category: str = "25"


def facts(piece: Piece, usual: Usual) -> dict[str, Any]:
    """The resource that a video is made with: `snippet` and `status`.

    https://developers.google.com/youtube/v3/docs/videos
    """
    when = publish_at(piece)
    status: dict[str, Any] = {
        "privacyStatus": "private" if when else privacy(piece, usual),
        "selfDeclaredMadeForKids": for_kids(piece, usual),
        "containsSyntheticMedia": piece.synthetic,
    }
    if when is not None:
        status["publishAt"] = when.astimezone(UTC).isoformat().replace("+00:00", "Z")
    snippet = {
        "title": title(piece),
        "description": description(piece),
        "tags": list(tags(piece)),
        "categoryId": str(piece.options.get("category") or usual.category),
        "defaultLanguage": piece.language,
        "defaultAudioLanguage": piece.language,
    }
    return {"snippet": snippet, "status": status}


def title(piece: Piece) -> str:
    return " ".join(str(piece.options.get("title") or piece.title).split()).translate(_LOOKALIKE)


def description(piece: Piece) -> str:
    """Its text, and under it what it has to say of how it was made."""
    told = str(piece.options.get("description") or piece.text).strip()
    label = piece.label.strip()
    both = [told, label] if label and label not in told else [told]
    return "\n\n".join(part for part in both if part).translate(_LOOKALIKE)


def tags(piece: Piece) -> Sequence[str]:
    """Its tags without their sign, each once, as many as YouTube takes."""
    kept: list[str] = []
    for tag in _wished(piece):
        if _long([*kept, tag]) <= MOST_TAGS:
            kept.append(tag)
    return kept


def left_out(piece: Piece) -> int:
    """How many of its tags YouTube does not take for their length."""
    return len(_wished(piece)) - len(tags(piece))


def privacy(piece: Piece, usual: Usual) -> str:
    return str(piece.options.get("privacy") or usual.privacy)


def for_kids(piece: Piece, usual: Usual) -> bool:
    told = piece.options.get("made_for_kids")
    return usual.made_for_kids if told is None else told is True or str(told).lower() in ("yes", "true")


def publish_at(piece: Piece) -> datetime | None:
    """When YouTube itself shall publish it. Raises `ValueError` for what is no time with a zone."""
    told = piece.options.get("publish_at")
    if not told:
        return None
    when = datetime.fromisoformat(str(told))
    if when.tzinfo is None:
        raise ValueError("it has no zone")
    return when


def faults(piece: Piece, usual: Usual, limits: Limits) -> list[str]:
    """What YouTube would not take of it, in words."""
    if piece.kind != "video":
        return ["YouTube takes videos; an article goes to a platform for articles."]
    found = [*_words(piece, limits), *_file(piece, limits), *first_comment.faults(piece)]
    if privacy(piece, usual) not in PRIVACY:
        found.append(f"Its privacy must be one of {', '.join(PRIVACY)}.")
    if not str(piece.options.get("category") or usual.category).isdigit():
        found.append("YouTube's categories are numbers, such as 25 for News & Politics.")
    try:
        publish_at(piece)
    except ValueError:
        found.append("`publish_at` must be a time with its zone, such as 2026-12-01T18:00:00+01:00.")
    return found


def _words(piece: Piece, limits: Limits) -> list[str]:
    named, told = title(piece), description(piece)
    found = [] if named else ["YouTube wants a title: write one."]
    if len(named) > limits.title:
        found.append(f"The title has {len(named)} characters, YouTube takes {limits.title}: shorten it.")
    size = len(told.encode())
    if size > limits.description:
        found.append(f"The description has {size:,} bytes, YouTube takes {limits.description:,}: shorten it.")
    return found


def _file(piece: Piece, limits: Limits) -> list[str]:
    video = piece.of_role("video")
    if video is None or not video.size:
        return ["It has no video file."]
    found = [] if video.mime.startswith("video/") else [f"YouTube takes no {video.mime} for a video."]
    if video.size > limits.bytes:
        found.append(
            f"YouTube takes files up to {limits.bytes / 1e9:,.0f} GB, this has {video.size / 1e9:,.1f}."
        )
    if video.seconds is not None and video.seconds > limits.seconds[1]:
        hours = limits.seconds[1] / 3600
        found.append(f"YouTube takes {hours:g} hours, it has {video.seconds / 3600:,.1f}: shorten it.")
    return found


def _wished(piece: Piece) -> list[str]:
    told: Any = piece.options.get("tags") or piece.tags
    some = told.split(",") if isinstance(told, str) else told
    if not isinstance(some, Sequence):
        return []
    bare = (" ".join(str(tag).translate(_LOOKALIKE).replace(",", " ").split()).lstrip("#") for tag in some)
    return list(dict.fromkeys(tag for tag in bare if tag))


def _long(some: Sequence[str]) -> int:
    return sum(len(tag) + (2 if " " in tag else 0) for tag in some) + max(len(some) - 1, 0)
