"""What a thumbnail is made for, and what comes of it."""

from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["9:16", "1:1", "16:9"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
Variant = Literal["panel", "fade", "inset"]

SIZES: dict[Shape, tuple[int, int]] = {"9:16": (1080, 1920), "1:1": (1080, 1080), "16:9": (1280, 720)}
"""Pixels: what Reels and Shorts show whole, and YouTube's own size for pictures of videos."""


@dataclass(frozen=True)
class Livery:
    """How a site looks: its name, colours as `#rrggbb`, `sans` or `serif`, its logo (PNG, JPEG or WebP)."""

    name: str = ""
    primary: str = "#1d3557"
    accent: str = "#e63946"
    background: str = "#f1faee"
    text: str = "#14213d"
    typeface: str = ""
    logo: bytes | None = None


@dataclass(frozen=True)
class ThumbnailRequest:
    """Thumbnails wanted for one video.

    `captioned`: captions are burned into its frames, whose lower part is then left out. `watermark`: the
    corner in which its logo lies, which is left out too. `lettered`: its pictures are cards full of type,
    which become a blurred ground instead of fighting with the title. `between`: the seconds that frames are
    taken from, without intro and outro.
    """

    title: str
    shape: Shape = "9:16"
    language: str = "en"
    livery: Livery = field(default_factory=Livery)
    captioned: bool = True
    watermark: Corner | None = None
    lettered: bool = False
    between: tuple[float, float] | None = None


@dataclass(frozen=True)
class Thumbnail:
    """One finished thumbnail (JPEG), and how well it reads.

    `at`: the second of the video that it shows. `words`: the title as it is set, empty where `missing` names
    letters that no font has. `contrast`: WCAG's ratio of the letters to the worst of what lies behind them.
    `letter`: the height of its capitals in pixels where the thumbnail is shown 120 pixels wide.
    """

    variant: Variant
    shape: Shape
    content: bytes
    width: int
    height: int
    at: float
    words: str
    contrast: float
    letter: float
    missing: frozenset[str] = frozenset()
    mime: str = "image/jpeg"
