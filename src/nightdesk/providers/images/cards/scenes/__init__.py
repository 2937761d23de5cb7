"""Pictures of a video's scenes: a short heading over art that a camera can move over."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdesk.media.area import Area
from nightdesk.media.colours import Palette
from nightdesk.media.typesetting.runs import reads_right_to_left
from nightdesk.media.typesetting.setting import Setter, tidied
from nightdesk.media.typesetting.typefaces import Family, Shelf
from nightdesk.providers.images.cards.canvas import Canvas, Words
from nightdesk.providers.images.cards.scenes.corners import CORNERS
from nightdesk.providers.images.cards.scenes.layouts import LAYOUTS, Setting
from nightdesk.providers.images.cards.scenes.masses import MASSES
from nightdesk.providers.images.cards.scenes.schemes import SCHEMES
from nightdesk.providers.images.cards.scenes.sheet import Sheet
from nightdesk.providers.images.contract import PictureRequest, SceneKind, SceneView

_FAMILIES: Mapping[str, Family] = {"sans": "sans", "serif": "serif"}
_SCHEMES = ("day", "night", "deep")
_LOUD: Mapping[SceneKind, str] = {"hook": "bright", "call": "night"}
_SUITED: Mapping[SceneKind, tuple[str, ...]] = {
    "hook": ("arcs", "mosaic", "strata"),
    "figure": ("columns", "arcs", "strata"),
    "step": ("stairs",),
    "quote": ("ridges", "strata"),
    "call": ("arcs",),
}
_ANY = ("ridges", "mosaic", "strata", "bubbles", "columns", "arcs")
_BESIDE = 0.62
"""Of a wide picture's width that may have type has some: art stands in the rest."""


@dataclass(frozen=True)
class Drawn:
    """A drawn scene, what it is drawn of, and the letters that no font had."""

    canvas: Canvas
    named: str
    missing: frozenset[str]


def draw_scene(request: PictureRequest, view: SceneView, shelf: Shelf) -> Drawn:
    """The picture of a scene, the same each time; one whose letters no font has is drawn without them."""
    view, words, missing = _tidied(request, view, shelf)
    kind = _kind(view, words)
    digest = int.from_bytes(hashlib.sha256(request.brand.name.encode()).digest()[:4], "big")
    random = np.random.default_rng([digest, request.seed % 2**32])
    rtl = reads_right_to_left(words.title or words.name)
    setter = Setter(shelf, request.language, rtl, _FAMILIES.get(request.brand.typeface))
    palette = Palette.of(request.brand)
    canvas = Canvas((request.width, request.height), words, palette, setter, random)
    turn = digest + request.seed
    scheme_name = _LOUD.get(kind, _SCHEMES[turn % len(_SCHEMES)])
    pool = _SUITED.get(kind, _ANY)
    mass, corner = pool[turn % len(pool)], list(CORNERS)[turn % len(CORNERS)]
    scheme = SCHEMES[scheme_name](palette)
    area = _area(canvas, view)
    sheet = _sheet(canvas, area, scheme.ground, bool(words.title or kind == "call"))
    reach = min(np.hypot(canvas.width - area.right, area.top) * 0.9, canvas.short * 0.46)
    CORNERS[corner](sheet, scheme, float(reach))
    MASSES[mass](sheet, scheme, random)
    canvas.paint(sheet.finished())
    LAYOUTS[kind](canvas, Setting(area, scheme, view))
    return Drawn(canvas, f"{kind}: {mass}, {corner}, {scheme_name}", missing)


def _tidied(
    request: PictureRequest, view: SceneView, shelf: Shelf
) -> tuple[SceneView, Words, frozenset[str]]:
    texts = (request.title, request.brand.name, view.sign, *view.sides)
    shown = [tidied(text, shelf) for text in texts]
    title, name, sign, *sides = ("" if lost else text for text, lost in shown)
    missing = frozenset[str]().union(*(lost for _, lost in shown))
    both = (sides[0], sides[1]) if all(sides) else ("", "")
    made = SceneView(view.kind, sign, both, view.clear, view.logo)
    return made, Words(title, "", name), missing


def _kind(view: SceneView, words: Words) -> SceneKind:
    """The kind that was asked for, where it has what that needs."""
    lacks = {
        "figure": not view.sign,
        "item": not view.sign or not words.title,
        "step": not view.sign or not words.title,
        "quote": not words.title,
        "pair": not all(view.sides),
    }
    return "point" if lacks.get(view.kind) else view.kind


def _area(canvas: Canvas, view: SceneView) -> Area:
    """Where type may stand, as one reads; in pictures that are not upright, beside the art."""
    left, top, right, bottom = view.clear
    if canvas.rtl:
        left, right = 1 - right, 1 - left
    wide = canvas.width / canvas.height
    kept = 1.0 if wide < 0.8 else 0.84 if wide < 1.2 else _BESIDE
    right = left + (right - left) * kept
    return Area(left * canvas.width, top * canvas.height, right * canvas.width, bottom * canvas.height)


def _sheet(canvas: Canvas, area: Area, ground: tuple[int, int, int], worded: bool) -> Sheet:
    gap = canvas.short * 0.04
    bottom = area.bottom + gap if worded else area.top + area.height * 0.3
    wide = canvas.width / canvas.height
    rise = bottom if wide < 0.8 else bottom - canvas.height * (0.24 if wide < 1.2 else 0.5)
    return Sheet((canvas.width, canvas.height), ground, (area.right + gap, bottom), rise)
