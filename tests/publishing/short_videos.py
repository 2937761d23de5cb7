"""Videos as they go to platforms: small files that no platform of the tests looks into."""

from typing import Any

from nightdesk.publisher import Piece
from publishing.contract import key, medium

TITLE = "Wärmepumpen 🔥: was sie kosten"
TEXT = "Was eine Wärmepumpe kostet, & wann sie sich lohnt. 暖房"
TAGS = ("Heating", "Wärmepumpe", "暖房")


def video(size: int = 3000, **facts: Any) -> Piece:
    """One of 24 seconds, upright, with hashtags, made by machines."""
    sides = {"seconds": 24.0, "width": 1080, "height": 1920}
    body = bytes(range(256)) * (size // 256 + 1)
    usual: dict[str, Any] = {
        "kind": "video",
        "key": key(),
        "title": TITLE,
        "text": TEXT,
        "tags": TAGS,
        "language": "de",
        "media": (medium("video", "video.mp4", "video/mp4", body[:size], **sides),),
        "synthetic": True,
        "label": "Made with AI.",
    }
    return Piece(**{**usual, **facts})
