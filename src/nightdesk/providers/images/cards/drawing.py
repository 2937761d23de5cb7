"""Draws a card: tidies what it says, chooses its layout, and saves it as a small file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from nightdesk.media.colours import Palette
from nightdesk.media.typesetting.runs import reads_right_to_left
from nightdesk.media.typesetting.setting import Setter, tidied
from nightdesk.media.typesetting.typefaces import Family, Shelf
from nightdesk.providers.images.cards.canvas import Canvas, Words
from nightdesk.providers.images.cards.layouts import LAYOUTS, suited
from nightdesk.providers.images.cards.scenes import draw_scene
from nightdesk.providers.images.contract import Picture, PictureRequest, SceneView

LARGEST_FILE = 200_000
"""Bytes; a card that would be larger as PNG or JPEG is compressed more."""

_FLAT = 6_000
"""Colours in a picture beyond which PNG is not worth trying."""

_FAMILIES: Mapping[str, Family] = {"sans": "sans", "serif": "serif"}


@dataclass(frozen=True)
class Card:
    """A drawn card, its layout's name, and the letters that no font had."""

    picture: Picture
    layout: str
    missing: frozenset[str]


def draw(request: PictureRequest, shelf: Shelf, layout: str | None = None) -> Card:
    """The card for a request, the same bytes each time; `layout` overrules the choice."""
    if request.scene is not None:
        return _scene(request, request.scene, shelf)
    words, missing = _words(request, shelf)
    names = suited(words)
    number = _number(request)
    name = layout or names[(number + request.seed) % len(names)]
    rtl = reads_right_to_left(words.title or words.name)
    setter = Setter(shelf, request.language, rtl, _FAMILIES.get(request.brand.typeface))
    random = np.random.default_rng([number % 2**32, request.seed % 2**32])
    canvas = Canvas((request.width, request.height), words, Palette.of(request.brand), setter, random)
    LAYOUTS[name](canvas)
    content, mime = saved(canvas.image)
    return Card(Picture(content, mime, request.width, request.height), name, frozenset(missing))


def _scene(request: PictureRequest, view: SceneView, shelf: Shelf) -> Card:
    """As a file at a quality that a video can be made from, whatever its size."""
    drawn, out = draw_scene(request, view, shelf), BytesIO()
    drawn.canvas.image.save(out, "JPEG", quality=93, subsampling=0)
    picture = Picture(out.getvalue(), "image/jpeg", request.width, request.height)
    return Card(picture, drawn.named, drawn.missing)


def saved(image: Image.Image) -> tuple[bytes, str]:
    """The smallest good file: PNG where it stays small, else JPEG at the best quality that does."""
    if image.getcolors(_FLAT):
        out = BytesIO()
        image.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST_FILE:
            return out.getvalue(), "image/png"
    for quality in (93, 90, 86, 80, 72):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
        if out.tell() <= LARGEST_FILE:
            break
    return out.getvalue(), "image/jpeg"


def _words(request: PictureRequest, shelf: Shelf) -> tuple[Words, set[str]]:
    title, lost = tidied(request.title, shelf)
    kicker, kicker_lost = tidied(request.kicker, shelf)
    name, name_lost = tidied(request.brand.name, shelf)
    words = Words("" if lost else title, "" if kicker_lost else kicker, "" if name_lost else name)
    return words, lost | kicker_lost | name_lost


def _number(request: PictureRequest) -> int:
    digest = hashlib.sha256(f"{request.title}\n{request.kicker}\n{request.brand.name}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
