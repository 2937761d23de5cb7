"""Videos as they go to platforms: small files that no platform of the tests looks into."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from nightdesk.kit.endings import Ending
from nightdesk.publisher import Absent, Asking, Live, Piece, Publisher, Token
from publishing.contract import Lines, key, medium

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


def reshaped(piece: Piece, **facts: Any) -> Piece:
    """The same with another file, of which this is said."""
    return replace(piece, media=(replace(piece.media[0], **facts),))


@dataclass
class Kept:
    """What the desk keeps of a log-in, renewed as the desk does it."""

    secrets: dict[str, str]
    renewals: int = 0

    async def renew(self, used: Mapping[str, str], ask: Asking) -> dict[str, str]:
        self.renewals += 1
        self.secrets = {**used, **(await ask(used)).secrets}
        return self.secrets


async def published(opened: Callable[[], Publisher], piece: Piece, token: Token | None, lines: Lines) -> Any:
    """How publishing it ends: with what is live, or with its ending."""
    async with aclosing(opened()) as publisher:
        try:
            token = await publisher.prepare(piece, token, lines)
            return await publisher.commit(piece, token, lines)
        except Ending as ending:
            return ending


async def settled(opened: Callable[[], Publisher], piece: Piece, lines: Lines, rounds: int = 8) -> Any:
    """What becomes of it after a fault, asked and sent again as the engine does."""
    found: Any = None
    for _ in range(rounds):
        token = lines.tokens[-1] if lines.tokens else None
        async with aclosing(opened()) as publisher:
            found = await publisher.look_up(piece, token, lines)
        if isinstance(found, Absent):
            found = await published(opened, piece, token, lines)
        if isinstance(found, Live):
            break
    return found
