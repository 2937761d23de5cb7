"""What an image provider is: something that makes one picture from a request."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

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


SceneKind = Literal["hook", "point", "figure", "item", "step", "quote", "pair", "call"]


@dataclass(frozen=True)
class SceneView:
    """What makers that set type show in a scene of a video, where the title is a short heading.

    `sign` is set larger than the heading: a figure with its unit (`55 °C`), the number of an item or a step.
    `sides` are the two things that a pair compares; `logo` is a picture for the call to action.
    `clear` is where type may stand, as shares of the picture's sides (left, top, right, bottom): there it
    stays in view while the camera moves, and clear of captions, marks and a platform's buttons.
    """

    kind: SceneKind = "point"
    sign: str = ""
    sides: tuple[str, str] = ("", "")
    clear: tuple[float, float, float, float] = (0.1, 0.1, 0.9, 0.5)
    logo: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PictureRequest:
    """One picture wanted: `prompt` for makers that paint, `title` and `kicker` for makers that set type.

    With a `scene` it is for a video: captions say there what is said, and a camera moves over it.
    """

    prompt: str
    title: str
    kicker: str = ""
    language: str = "en"
    width: int = 1200
    height: int = 675
    seed: int = 0
    brand: Brand = field(default_factory=Brand)
    scene: SceneView | None = None


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
