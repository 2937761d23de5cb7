"""What an image provider is: something that makes one picture from a request."""

from dataclasses import dataclass, field
from typing import Protocol

from nightdesk.providers.calls import Meter


@dataclass(frozen=True)
class Brand:
    """How a site looks: colours as `#rrggbb`, its name as it is shown.

    `typeface` is `sans` or `serif`; empty leaves the choice to each layout.
    """

    name: str = ""
    primary: str = "#1d3557"
    accent: str = "#e63946"
    background: str = "#f1faee"
    text: str = "#14213d"
    typeface: str = ""


@dataclass(frozen=True)
class PictureRequest:
    """One picture wanted: `prompt` for makers that paint, `title` and `kicker` for makers that set type."""

    prompt: str
    title: str
    kicker: str = ""
    language: str = "en"
    width: int = 1200
    height: int = 675
    seed: int = 0
    brand: Brand = field(default_factory=Brand)


@dataclass(frozen=True)
class Picture:
    """A finished picture, decoded once and found whole."""

    content: bytes
    mime: str
    width: int
    height: int


class ImageProvider(Protocol):
    """Makes pictures."""

    label: str
    credits: int
    """Credits for one picture, 1 to 4 by model."""

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """One picture; records the call. Raises `Later`, `NeedsPerson` or `Refused`."""
