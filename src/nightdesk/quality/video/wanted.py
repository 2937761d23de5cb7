"""What a finished video was meant to be, for the checks to hold it against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nightdesk.media.captions.sheet import Sheet


@dataclass(frozen=True)
class Wanted:
    """What was asked for: seconds, sides in pixels, whether anything is to be heard.

    `captions`: a sheet a scene, as they were burned in. `past`: the signatures of the site's last videos, by
    the names under which a person knows them. `own`: the seconds between a site's intro and outro, which may
    stand still, be silent and be the same in every video; None for all.
    """

    seconds: float
    width: int
    height: int
    sound: bool = True
    captions: Sequence[Sheet] = ()
    own: tuple[float, float] | None = None
    past: Mapping[str, Sequence[int]] = field(default_factory=dict)
