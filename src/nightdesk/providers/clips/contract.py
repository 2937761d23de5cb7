"""What a clip provider is: something that says how a scene moves, or makes a clip of it."""

from dataclasses import dataclass, field
from typing import Protocol

from nightdesk.media.moves import Move
from nightdesk.providers.calls import Meter


class Taking(Protocol):
    """Has a scene take footage that others may get as well, before it is fetched."""

    async def __call__(self, source: str, /, *, fresh: bool) -> bool:
        """Whether it may: no other scene of its video has it, nor, where it is to be `fresh`, one of the
        last videos. Asked again it says the same."""


async def anything(_source: str, /, *, fresh: bool) -> bool:  # noqa: ARG001 - as `Taking` has it
    """The taking of one beside whom nobody else takes anything."""
    return True


@dataclass(frozen=True)
class ClipRequest:
    """One scene that is to move: its `picture` (PNG, JPEG or WebP), and its `prompt` for makers that film.

    `width` and `height` are those of the video's frames. `last` is the picture that the scene is to end on,
    for makers that can. `language` is that of the prompt. `avoid` holds the sources (`Clip.source`) of what
    the video has already, `stale` of what the site's last videos have: taken only where there is nothing
    else. `take` makes sure of it where many make videos at once.
    """

    picture: bytes
    prompt: str
    seconds: float
    width: int = 1080
    height: int = 1920
    seed: int = 0
    last: bytes | None = None
    avoid: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    take: Taking = field(default=anything, compare=False)
    language: str = "en"


@dataclass(frozen=True)
class Clip:
    """What moves: an MP4 or WebM file in `footage`, or, where that is None, the scene's picture by a `move`.

    A move is filmed by the renderer, so nothing is encoded twice. `note` is for the person who looks at the
    scene: whose footage it is and under which licence, or why another maker was taken. `source` names footage
    that others may get as well (`pexels:856946`), `maker` whoever made it, `credits` what it took;
    `synthetic` footage was made by a model and has to be marked so.
    """

    footage: bytes | None
    move: Move
    note: str = ""
    source: str = ""
    maker: str = ""
    credits: int = 0
    synthetic: bool = False


class ClipProvider(Protocol):
    """Makes scenes move."""

    label: str
    credits: int
    """Credits for one clip; nought where nothing is made."""

    scarce: str | None
    """What of this machine only one may use at a time while this works (`gpu`)."""

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """One scene's movement; records each call. Raises `Later`, `NeedsPerson` or `Refused`."""

    async def free(self) -> None:
        """Lets go of the memory that models hold, as far as this provider decides over it; raises nothing."""

    async def aclose(self) -> None:
        """Closes connections and ends children; raises nothing."""
