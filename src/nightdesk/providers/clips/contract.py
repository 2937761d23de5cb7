"""What a clip provider is: something that says how a scene moves, or makes a clip of it."""

from dataclasses import dataclass
from typing import Protocol

from nightdesk.media.moves import Move
from nightdesk.providers.calls import Meter


@dataclass(frozen=True)
class ClipRequest:
    """One scene that is to move: its `picture` (PNG, JPEG or WebP), and its `prompt` for makers that film.

    `width` and `height` are those of the video's frames.
    """

    picture: bytes
    prompt: str
    seconds: float
    width: int = 1080
    height: int = 1920
    seed: int = 0


@dataclass(frozen=True)
class Clip:
    """What moves: an MP4 or WebM file in `footage`, or, where that is None, the scene's picture by a `move`.

    A move is filmed by the renderer, so nothing is encoded twice.
    """

    footage: bytes | None
    move: Move
    note: str = ""


class ClipProvider(Protocol):
    """Makes scenes move."""

    label: str
    credits: int
    """Credits for one clip; nought where nothing is made."""

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """One scene's movement; records each call. Raises `Later`, `NeedsPerson` or `Refused`."""
