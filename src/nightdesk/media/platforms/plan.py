"""Plans what has to change in a video so that a platform takes it; nothing, most of the time."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nightdesk.media.platforms.facts import VideoFacts
from nightdesk.media.platforms.limits import Limits
from nightdesk.media.platforms.validate import Break, validate

Fit = Literal["", "scale", "crop", "pad"]

CROPPED = 0.12
"""The share of a frame that may be cut off; more would cut into captions, and is fitted in whole instead."""

SOUND_BITS = 160_000
_SPARE = 0.93
"""Of the bytes allowed so many are aimed at: an encoder misses its aim by some per cent."""

_SHORT_OF = 0.1
"""Seconds that a cut stays below the limit, for the last frame of sound to end before it."""

_LEAST_BITS = 150_000
_USUAL_RATE = 30


@dataclass(frozen=True)
class ExportPlan:
    """What to make of a file for one platform.

    `width` and `height` are the new sides, `fit` how the old frame gets into them. `seconds` and `rate` are
    None for as they are. `bits`: the most bits a second for the pictures. `pictures`, `sound`: whether they
    are encoded anew. `changes` says all that in words, `loses` what viewers will not get to see, `left` what
    no export can mend.
    """

    platform: str
    width: int
    height: int
    fit: Fit = ""
    seconds: float | None = None
    rate: int | None = None
    bits: int = 0
    pictures: bool = False
    sound: bool = False
    repack: bool = False
    changes: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    left: tuple[Break, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the file can be taken as it is."""
        return not (self.pictures or self.sound or self.repack)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "same": self.same}


def plan(facts: VideoFacts, platform: Limits) -> ExportPlan:
    """The least that has to change; see `left` for what remains for a person."""
    found = validate(facts, platform)
    broken = {each.code for each in found if each.mendable}
    seconds = platform.seconds[1] - _SHORT_OF if "long" in broken else None
    width, height, fit = _sides(facts, platform, broken)
    rate = _rate(facts, platform) if "rate" in broken else None
    smaller = bool({"bytes", "bit_rate"} & broken) and not _short_enough(facts, platform, seconds)
    pictures = bool(fit or rate or smaller or seconds) or bool({"video_codec", "container"} & broken)
    bits = _bits(facts, platform, seconds) if pictures else 0
    return ExportPlan(
        platform=platform.name,
        width=width,
        height=height,
        fit=fit,
        seconds=seconds,
        rate=rate,
        bits=bits,
        pictures=pictures,
        sound=bool(facts.sound) and (pictures or bool({"sound_codec", "container"} & broken)),
        repack=bool(broken),
        changes=_told(facts, (width, height), fit, seconds, rate, bits if smaller else 0, broken),
        loses=_lost(facts, fit, seconds),
        left=tuple(each for each in found if not each.mendable),
    )


def _sides(facts: VideoFacts, platform: Limits, broken: set[str]) -> tuple[int, int, Fit]:
    if "shape" in broken:
        width, height = min(platform.best, key=lambda best: _apart(facts, best))
        return width, height, "crop" if _apart(facts, (width, height)) <= CROPPED else "pad"
    if not {"small", "large"} & broken:
        return facts.width, facts.height, ""
    short, long = sorted((facts.width, facts.height))
    largest = min(platform.sides[1] / long, (platform.shorter or short) / short)
    share = largest if "large" in broken else platform.sides[0] / short
    # A frame of an allowed shape keeps it; sides are even, as 4:2:0 wants them.
    rounded = _up if "small" in broken else _down
    return rounded(facts.width * share), rounded(facts.height * share), "scale"


def _apart(facts: VideoFacts, best: tuple[int, int]) -> float:
    """The share of the frame that is cut off where it is cropped to that shape."""
    wanted = best[0] / best[1]
    return 1 - min(facts.shape / wanted, wanted / facts.shape)


def _down(side: float) -> int:
    return max(2, int(side + 1e-6) // 2 * 2)


def _up(side: float) -> int:
    return -(-int(side + 0.999) // 2) * 2


def _rate(facts: VideoFacts, platform: Limits) -> int:
    slow, fast = platform.rates
    return int(fast) if facts.rate > fast else int(max(slow, min(_USUAL_RATE, fast)))


def _short_enough(facts: VideoFacts, platform: Limits, seconds: float | None) -> bool:
    """Whether cutting alone brings the file below its limit."""
    return (
        seconds is not None
        and facts.bit_rate * seconds / 8 <= platform.bytes
        and not (platform.bit_rate and facts.bit_rate > platform.bit_rate)
    )


def _bits(facts: VideoFacts, platform: Limits, seconds: float | None) -> int:
    sound = SOUND_BITS if facts.sound else 0
    lasting = seconds or facts.seconds or 1.0
    most = min(platform.bytes * 8 / lasting, platform.bit_rate or float("inf")) * _SPARE - sound
    return max(_LEAST_BITS, int(min(most, platform.good)))


def _told(
    facts: VideoFacts,
    sides: tuple[int, int],
    fit: Fit,
    seconds: float | None,
    rate: int | None,
    bits: int,
    broken: set[str],
) -> tuple[str, ...]:
    size = f"{facts.width} × {facts.height} to {sides[0]} × {sides[1]} pixels"
    ways = {"scale": "scaled", "crop": "cropped", "pad": "fitted, with a blurred surround,"}
    return tuple(
        said
        for said, so in (
            (f"{ways.get(fit, '')} from {size}", bool(fit)),
            (f"cut at {seconds or 0:g} s", bool(seconds)),
            (f"shown at {rate} frames a second", bool(rate)),
            (f"encoded at {bits / 1e6:.1f} Mbit/s", bool(bits)),
            ("pictures encoded in H.264", "video_codec" in broken),
            ("sound encoded in AAC", "sound_codec" in broken),
            ("packed as MP4", "container" in broken),
        )
        if so
    )


def _lost(facts: VideoFacts, fit: Fit, seconds: float | None) -> tuple[str, ...]:
    lost = [f"the last {facts.seconds - seconds:.1f} s"] if seconds else []
    return (*lost, "a strip at the edges") if fit == "crop" else tuple(lost)
