"""What is known of a finished video and of the post it is for, for platforms to be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.platforms.limits import Counts
from nightdesk.media.probe import probe

# Ranges of Unicode whose characters count once on X, all others twice (twitter-text, configuration v3).
_ONCE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


@dataclass(frozen=True)
class VideoFacts:
    """A finished file: seconds, sides in pixels, frames a second, codecs as ffmpeg names them, bytes.

    `sound` is empty where there is none. `watermark`: whether a logo lies over its pictures.
    """

    seconds: float
    width: int
    height: int
    rate: float
    video: str
    sound: str
    bytes: int
    container: str = "video/mp4"
    watermark: bool = False

    @property
    def bit_rate(self) -> float:
        """Bits a second of all of it."""
        return self.bytes * 8 / self.seconds if self.seconds else 0.0

    @property
    def shape(self) -> float:
        """Width divided by height."""
        return self.width / self.height


@dataclass(frozen=True)
class CoverFacts:
    """The picture for a post."""

    mime: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True)
class PostFacts:
    """What is said beside the video; hashtags without their sign."""

    title: str = ""
    description: str = ""
    hashtags: Sequence[str] = ()
    cover: CoverFacts | None = None

    @property
    def text(self) -> str:
        """The description with the hashtags behind it, as it is posted."""
        return " ".join([self.description, *(f"#{tag.lstrip('#')}" for tag in self.hashtags)]).strip()


async def facts_of(ffmpeg: Ffmpeg, file: Path, *, watermark: bool = False) -> VideoFacts:
    """Reads the facts of a file, without decoding it. Raises `Refused` for what is no video."""
    seen = await probe(ffmpeg, file, whole=False)
    pictures, sound = seen.pictures, seen.sound
    return VideoFacts(
        seconds=seen.seconds,
        width=pictures.width if pictures else 1,
        height=pictures.height if pictures else 1,
        rate=pictures.rate if pictures else 0.0,
        video=pictures.codec if pictures else "",
        sound=sound.codec if sound else "",
        bytes=file.stat().st_size,  # noqa: ASYNC240 (asks for one number)
        container=seen.kind.mime,
        watermark=watermark,
    )


def length(text: str, counts: Counts) -> int:
    """How long a text is in the platform's way of counting."""
    if counts == "bytes":
        return len(text.encode())
    if counts == "utf16":
        return len(text.encode("utf-16-le")) // 2
    if counts == "weighted":
        return sum(1 if any(low <= ord(c) <= high for low, high in _ONCE) else 2 for c in text)
    return len(text)
