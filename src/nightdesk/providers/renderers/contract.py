"""What a renderer is: something that makes one video of scenes, a voice and captions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from nightdesk.media.captions.words import Word
from nightdesk.media.moves import Move
from nightdesk.providers.calls import Meter

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Told = Callable[[float], None]
"""Takes how much is done, as a share from 0 to 1; it never falls."""


@dataclass(frozen=True)
class Scene:
    """One scene: a picture or a clip, for so many seconds.

    `move` is how the camera goes over a picture; a clip that is too short begins anew. `words` are what is
    said in it, with times from its own start. `bare` is an intro or outro: its clip is shown whole, before a
    blurred ground where its shape is another, without captions and watermark, and never as the cover.
    """

    footage: Path
    seconds: float
    move: Move = "push-in"
    seed: int = 0
    words: tuple[Word, ...] = ()
    bare: bool = False


@dataclass(frozen=True)
class Watermark:
    """A picture over all frames; `share` of the frame's width, `opacity` from 0 to 1."""

    picture: Path
    corner: Corner = "top-right"
    share: float = 0.12
    opacity: float = 0.8


@dataclass(frozen=True)
class Look:
    """How the video looks; sides in pixels, even. `captions` names a style, empty for none burned in."""

    width: int = 1080
    height: int = 1920
    captions: str = "clean"
    accent: str | None = None
    language: str = "en"
    platforms: tuple[str, ...] = ("youtube", "instagram", "tiktok")


MUSIC = 0.22
"""How loud music is beside a voice where nobody said otherwise: 1 is as loud as it, both at one loudness."""


@dataclass(frozen=True)
class Heard:
    """Sound of a file, a clip's too, from that second of the video on."""

    file: Path
    at: float


@dataclass(frozen=True)
class RenderRequest:
    """One video wanted: its scenes in order, its voice and music as files, where there are any.

    The narration is heard from second `begins` on, `sounds` beside it; music steps back behind both.
    """

    scenes: tuple[Scene, ...]
    narration: Path | None = None
    music: Path | None = None
    watermark: Watermark | None = None
    look: Look = field(default_factory=Look)
    begins: float = 0.0
    sounds: tuple[Heard, ...] = ()
    volume: float = MUSIC


@dataclass(frozen=True)
class Rendered:
    """A finished video and what lies beside it.

    `loudness` (LUFS) and `peak` (dBTP) are those of its sound, None where it is silent. `made` and `reused`
    count the parts that were rendered now and before. `notes` say what a person should know.
    """

    video: Path
    cover: Path
    seconds: float
    frames: int
    loudness: float | None
    peak: float | None
    made: int
    reused: int
    srt: str
    vtt: str
    notes: tuple[str, ...] = ()


class Renderer(Protocol):
    """Makes videos."""

    label: str

    async def render(
        self, request: RenderRequest, target: Path, parts: Path, meter: Meter, told: Told | None = None
    ) -> Rendered:
        """Makes the file `target`, keeping finished parts in the folder `parts` on the same disk.

        Records the call. Raises `Later`, `NeedsPerson` or `Refused`; finished parts are kept then too.
        """
