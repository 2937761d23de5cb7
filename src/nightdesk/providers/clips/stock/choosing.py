"""Chooses among clips by shape, length and size, and among a clip's files by size."""

from collections.abc import Sequence

from nightdesk.media.probe import MOST_PIXELS
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.stock.library import File, Found

LONGEST = 90.0
"""Seconds; what is longer comes in files of hundreds of megabytes."""

AMONG = 3
_LATER = 0.97


def choices_of(
    found: Sequence[Found], request: ClipRequest, *, fresh: bool = True
) -> list[tuple[Found, File]]:
    """Those that fit: one of the best three first, the same for the same seed, and the others after it.

    A clip that the video has already is never among them, nor, where it is to be `fresh`, one of the site's
    last videos. How well one fits is what is left of its picture when
    it is cropped to the frame, times how much of the scene it lasts, times how sharp it is, less 3 % for each
    that the library thinks nearer to the words.
    """
    avoid = request.avoid | request.stale if fresh else request.avoid
    fitting = [
        (_fitness(each, file, request) * _LATER**rank, -rank, each, file)
        for rank, each in enumerate(found)
        if each.source not in avoid and 0 < each.seconds <= LONGEST
        if (file := file_of(each, request)) is not None
    ]
    ranked = [one[2:] for one in sorted(fitting, key=lambda one: one[:2], reverse=True)]
    best, others = ranked[:AMONG], ranked[AMONG:]
    first = request.seed % len(best) if best else 0
    return [*best[first:], *best[:first], *others]


def file_of(found: Found, request: ClipRequest) -> File | None:
    """The smallest file that fills the frame, else the largest."""
    usable = [file for file in found.files if file.width * file.height <= MOST_PIXELS]
    by_size = sorted(usable, key=lambda file: file.width * file.height)
    return next((file for file in by_size if _scale(file, request) >= 1), by_size[-1] if by_size else None)


def _fitness(found: Found, file: File, request: ClipRequest) -> float:
    shape, frame = file.width / file.height, request.width / request.height
    kept = min(shape / frame, frame / shape)
    lasts = min(found.seconds / request.seconds, 1.0)
    return kept * lasts * min(_scale(file, request), 1.0)


def _scale(file: File, request: ClipRequest) -> float:
    return min(file.width / request.width, file.height / request.height)
