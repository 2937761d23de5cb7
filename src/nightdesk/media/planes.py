"""Pictures as video sees them: planes of Y, U and V in BT.709, converted once and laid over one another."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.endings import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

Plane = NDArray[np.uint8]
Flat = NDArray[np.uint8]

MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP")

# Rec. ITU-R BT.709-6, items 3.2 to 3.4: luma and colour difference of R'G'B', quantised to 8 bits.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_TO_YUV = np.array(
    [
        [219 * _KR / 255, 219 * _KG / 255, 219 * _KB / 255, 16],
        [-112 * _KR / (1 - _KB) / 255, -112 * _KG / (1 - _KB) / 255, 112 / 255, 128],
        [112 / 255, -112 * _KG / (1 - _KR) / 255, -112 * _KB / (1 - _KR) / 255, 128],
    ],
    dtype=np.float32,
)


@dataclass(frozen=True)
class Planes:
    """One picture: Y in full, U and V at half the width and height. Sides of Y are even."""

    y: Plane
    u: Plane
    v: Plane

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.y.shape[1], self.y.shape[0]


class Frame:
    """One frame's memory (I420: Y, U, V behind one another) with its planes as views into it."""

    def __init__(self, width: int, height: int) -> None:
        self.data: Flat = np.zeros(width * height * 3 // 2, dtype=np.uint8)
        luma, quarter = width * height, width * height // 4
        half = (height // 2, width // 2)
        self.y: Plane = self.data[:luma].reshape(height, width)
        self.u: Plane = self.data[luma : luma + quarter].reshape(half)
        self.v: Plane = self.data[luma + quarter :].reshape(half)


def opened(content: bytes) -> "Image":
    """The picture in some bytes, upright. Raises `Refused` ("bad media: …") for what cannot be used."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        found = Image.open(BytesIO(content), formats=FORMATS)
        width, height = found.size
        if width * height > MOST_PIXELS or min(width, height) < 2:
            raise Refused(f"bad media: a picture of {width} x {height} pixels cannot be filmed")
        found.load()
        return ImageOps.exif_transpose(found)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as broken:
        raise Refused(f"bad media: the picture cannot be read ({broken})") from broken


def planes(rgb: NDArray[np.uint8]) -> Planes:
    """The planes of a picture (height x width x 3, sides even), with chroma averaged over four pixels."""
    import cv2  # noqa: PLC0415

    height, width = rgb.shape[:2]
    quarter = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return Planes(_plane(rgb, 0), _plane(quarter, 1), _plane(quarter, 2))


def _plane(rgb: NDArray[Any], row: int) -> Plane:
    """Y, U or V of a picture, rounded and kept within eight bits by OpenCV itself."""
    import cv2  # noqa: PLC0415

    return cv2.transform(rgb, _TO_YUV[row : row + 1])  # type: ignore[return-value]


@dataclass(frozen=True)
class Stamp:
    """A small picture that lies over every frame at (`left`, `top`), both even, with its own opacity."""

    left: int
    top: int
    picture: Planes
    luma_share: NDArray[np.uint16]
    chroma_share: NDArray[np.uint16]

    def at(self, left: int, top: int) -> "Stamp":
        """The same at another place, as near as whole chroma pixels allow."""
        return replace(self, left=max(left, 0) // 2 * 2, top=max(top, 0) // 2 * 2)

    def onto(self, frame: Frame) -> None:
        """Lays it over a frame."""
        width, height = self.picture.size
        x, y = self.left, self.top
        _blend(frame.y[y : y + height, x : x + width], self.picture.y, self.luma_share)
        half = np.s_[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2]
        _blend(frame.u[half], self.picture.u, self.chroma_share)
        _blend(frame.v[half], self.picture.v, self.chroma_share)


def _blend(below: Plane, above: Plane, share: NDArray[np.uint16]) -> None:
    mixed = below.astype(np.uint16) * (255 - share) + above * share
    below[:] = ((mixed + 127) // 255).astype(np.uint8)


def stamp(content: bytes, width: int, opacity: float) -> Stamp:
    """A logo scaled to `width` pixels, at the top left. Raises `Refused` for what is no picture."""
    import cv2  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    found = opened(content).convert("RGBA")
    width = max(2, width // 2 * 2)
    height = max(2, round(found.height * width / found.width / 2) * 2)
    scaled = np.asarray(found.resize((width, height), Image.Resampling.LANCZOS))
    share = scaled[..., 3].astype(np.float32) * opacity
    half = cv2.resize(share, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    picture = planes(np.ascontiguousarray(scaled[..., :3]))
    return Stamp(0, 0, picture, np.rint(share).astype(np.uint16), np.rint(half).astype(np.uint16))
