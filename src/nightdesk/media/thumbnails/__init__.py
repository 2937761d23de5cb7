"""Makes the pictures that stand for a video: three variants of its best frames, its title and the brand.

A thumbnail is read at 120 pixels of width, in lists. Its capitals are at least 8 pixels high there: letters
on a grid of 5 by 7 are the smallest that raster type has told apart, and one pixel more goes to smoothing.
Their contrast to what lies behind them is at least 4.5 (WCAG 2.2, level AA, text).
"""

import asyncio
import math
from collections.abc import Sequence
from pathlib import Path

from nightdesk.media.colours import READABLE, Palette
from nightdesk.media.ffmpeg import Ffmpeg, Told, tell_nobody
from nightdesk.media.probe import probe
from nightdesk.media.thumbnails.frames import (
    Search,
    Still,
    best_frames,
    clear_part,
    drawn_part,
    textured,
)
from nightdesk.media.thumbnails.layouts import LAYOUTS, SERIF, TITLE, Words, wordless
from nightdesk.media.thumbnails.sheet import Sheet
from nightdesk.media.thumbnails.wanted import SIZES, Livery, Thumbnail, ThumbnailRequest, Variant
from nightdesk.media.thumbnails.words import few_words
from nightdesk.media.typesetting.runs import reads_right_to_left
from nightdesk.media.typesetting.setting import Setter, tidied
from nightdesk.media.typesetting.typefaces import Family, Shelf

__all__ = ["LETTER", "SEEN", "Livery", "Thumbnail", "ThumbnailRequest", "draw", "legible", "thumbnails"]

SEEN, LETTER = 120, 8.0
"""Pixels of width at which thumbnails are judged, and of a capital's height there at the least."""

LARGEST_FILE = 1_500_000
"""Bytes; YouTube takes 2 MB (see `media.platforms`)."""

_TRIAL = 200
_FOUND = 0.7
"""Of the work, what it takes to find the frames."""

_FAMILIES: dict[str, Family] = {"sans": "sans", "serif": "serif"}


async def thumbnails(
    video: Path,
    request: ThumbnailRequest,
    ffmpeg: Ffmpeg,
    shelf: Shelf,
    *,
    seconds: float = 120,
    told: Told = tell_nobody,
) -> list[Thumbnail]:
    """One of each variant, each with a frame of its own where the video has as many good ones.

    A title with letters that no font of the `shelf` has is left out; `missing` names them. `told` hears how
    much is done, from any thread.
    Raises `Refused` for what is no video or has a logo that is no picture, `TookTooLong`.
    """
    seen = await probe(ffmpeg, video, whole=False, seconds=seconds)
    pictures = seen.pictures
    size = (pictures.width, pictures.height) if pictures else (2, 2)
    part = clear_part(size, request.captioned, request.watermark)
    if request.drawn:
        part = drawn_part(request.below, request.watermark)
    wanted = Search(size, part, seen.seconds, request.between)

    def found(share: float) -> None:
        told(share * _FOUND)

    stills = await best_frames(ffmpeg, video, wanted, seconds=seconds, told=found)
    return await asyncio.to_thread(_drawn, stills, request, shelf, told)


def _drawn(stills: Sequence[Still], request: ThumbnailRequest, shelf: Shelf, told: Told) -> list[Thumbnail]:
    made: list[Thumbnail] = []
    for at, variant in enumerate(LAYOUTS):
        made.append(draw(stills[at % len(stills)], request, variant, shelf))
        told(_FOUND + (1 - _FOUND) * len(made) / len(LAYOUTS))
    return made


def draw(still: Still, request: ThumbnailRequest, variant: Variant, shelf: Shelf) -> Thumbnail:
    """One thumbnail of a frame, the same bytes each time."""
    livery = request.livery
    title, lost = tidied(few_words(request.title), shelf)
    name, lost_name = tidied(livery.name, shelf)
    setter = Setter(
        shelf, request.language, reads_right_to_left(title or name), _FAMILIES.get(livery.typeface)
    )
    palette = Palette.of(livery)
    sheet = Sheet(SIZES[request.shape], palette, setter)
    words = Words(
        "" if lost else title, "" if lost_name else name, _smallest(setter, title, livery, sheet.width)
    )
    ground = textured(still, palette.primary) if request.lettered and not request.drawn else still
    layout = LAYOUTS[variant] if words.title else wordless
    done = layout(sheet, ground.pixels, words, livery)
    letter = _capitals(setter, title, livery, done.block.size) * SEEN / sheet.width if done.block else 0.0
    return Thumbnail(
        variant=variant,
        shape=request.shape,
        content=sheet.saved(LARGEST_FILE),
        width=sheet.width,
        height=sheet.height,
        at=still.at,
        words=" ".join(line.text for line in done.block.lines) if done.block else "",
        contrast=round(done.contrast, 2),
        letter=round(letter, 2),
        missing=frozenset(lost),
    )


def legible(thumbnail: Thumbnail) -> bool:
    """Whether its title can be read at 120 pixels; one without a title has nothing to be read."""
    return not thumbnail.words or (thumbnail.contrast >= READABLE and thumbnail.letter >= LETTER)


def _smallest(setter: Setter, title: str, livery: Livery, width: int) -> int:
    """Pixels an em at which capitals are just high enough."""
    return math.ceil(LETTER * width / SEEN * _TRIAL / max(_capitals(setter, title, livery, _TRIAL), 1.0)) + 1


def _capitals(setter: Setter, title: str, livery: Livery, size: int) -> float:
    """How high the title's capitals, or whatever is tallest in its script, rise over the line, in pixels."""
    style = SERIF if livery.typeface == "serif" else TITLE
    rises = [-setter.line(letter, style, size).ink[1] for letter in dict.fromkeys(title) if letter.isalnum()]
    return max(rises, default=float(size))
