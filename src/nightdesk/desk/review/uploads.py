"""Takes in a picture that a person sends: known by its content, decoded, written anew."""

from nightdesk.desk.errors import Invalid
from nightdesk.kit.endings import Refused
from nightdesk.providers.images.contract import Picture
from nightdesk.providers.images.decoding import decoded

MOST_BYTES = 16 * 2**20
LONGEST_SIDE = 2400
"""Pixels kept of an upload; pages show pictures half as wide, twice as sharp on some screens."""


def taken_in(content: bytes) -> Picture:
    """The picture, re-encoded as JPEG without what else was in the file. Raises `Invalid` for `file`.

    One of 40 million pixels, the most, takes some 200 MB meanwhile: let there be one at a time.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("file", f"A picture has {MOST_BYTES // 2**20} MB at most. Nothing was changed.")
    try:
        picture = decoded(content)
        longest = max(picture.width, picture.height)
        if longest <= LONGEST_SIDE:
            return picture
        shrunk = (_share(picture.width, longest), _share(picture.height, longest))
        return decoded(content, shrunk)
    except Refused as refused:
        why = refused.why.removeprefix("bad media: ")
        raise Invalid(
            "file", f"This cannot be used: {why}. Nothing was changed; choose a PNG, JPEG or WebP picture."
        ) from refused


def _share(side: int, longest: int) -> int:
    return max(round(side * LONGEST_SIDE / longest), 1)
