"""Pictures of scenes: type only where it may stand, readable in any brand, art of its own for each scene."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise, product

import numpy as np
import pytest
from PIL import Image

from nightdesk.media.colours import READABLE, Palette, contrast
from nightdesk.media.typesetting.typefaces import Shelf
from nightdesk.providers.images.cards.drawing import draw
from nightdesk.providers.images.cards.scenes import draw_scene
from nightdesk.providers.images.cards.scenes.schemes import SCHEMES
from nightdesk.providers.images.contract import Brand, PictureRequest, SceneKind, SceneView

SHELF = Shelf()
SIZES = [(270, 480), (270, 270), (480, 270)]
"""Layouts are proportional: what holds for a small picture holds for a large one, only faster."""
BRANDS = [
    Brand("The Kitchen Compost"),
    Brand("Mono", "#888888", "#888888", "#888888", "#888888"),
    Brand("Nacht", "#7c5cff", "#00e0b8", "#0e0f1a", "#f2f1ff", "serif"),
    Brand("Sun", "#ffbe0b", "#ffff00", "#ffffff", "#ffffff"),
    Brand("Lime", "#00ff00", "#00ffff", "#ffffff", "#111111"),
]
TITLES = {
    "en": "Safety around hot piles",
    "de": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "ar": "كم يجب أن تكون حرارة الكومة؟",
    "he": "כמה חם",
}
CLEAR = (0.12, 0.2, 0.78, 0.51)
VIEWS: dict[SceneKind, SceneView] = {
    "hook": SceneView("hook", clear=CLEAR),
    "point": SceneView("point", clear=CLEAR),
    "figure": SceneView("figure", "~130–160 °F", clear=CLEAR),
    "item": SceneView("item", "12", clear=CLEAR),
    "step": SceneView("step", "3", clear=CLEAR),
    "quote": SceneView("quote", clear=CLEAR),
    "pair": SceneView("pair", sides=("Hot composting", "Cold composting"), clear=CLEAR),
    "call": SceneView("call", clear=CLEAR),
}
REQUEST = PictureRequest("", TITLES["en"], width=270, height=480, seed=101, brand=BRANDS[0])


@pytest.mark.parametrize(("kind", "language"), list(product(VIEWS, TITLES)))
def test_type_stays_where_it_may_stand(kind: SceneKind, language: str) -> None:
    for width, height in SIZES:
        request = replace(REQUEST, title=TITLES[language], language=language, width=width, height=height)
        inked = draw_scene(request, VIEWS[kind], SHELF).canvas.inked
        left, top, right, bottom = (
            share * side for share, side in zip(CLEAR, (width, height) * 2, strict=True)
        )
        # A quotation mark hangs far above the baseline that its box reaches down to.
        for box in inked[1:] if kind == "quote" else inked:
            assert box[0] >= left - 1.5
            assert box[1] >= top - 1.5
            assert box[2] <= right + 1.5
            assert box[3] <= bottom + 1.5


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.name)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_type_can_be_read_in_any_brand(brand: Brand, scheme: str) -> None:
    made = SCHEMES[scheme](Palette.of(brand))
    assert contrast(made.ink, made.ground) >= READABLE
    assert contrast(made.pop, made.ground) >= READABLE


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_art_leaves_the_ground_behind_type_alone(size: tuple[int, int]) -> None:
    for seed in range(10):
        request = replace(REQUEST, title="x", width=size[0], height=size[1], seed=seed)
        drawn = np.asarray(draw_scene(request, VIEWS["point"], SHELF).canvas.image)
        left, top, right, bottom = (round(s * side) for s, side in zip(CLEAR, size * 2, strict=True))
        right -= 0 if size[0] < size[1] else round((right - left) * 0.4)
        behind = drawn[top:bottom, left:right]
        assert (behind == behind[0, 0]).all(axis=2).mean() > 0.9


def test_neighbouring_scenes_look_different() -> None:
    cards = [draw(replace(REQUEST, seed=seed, scene=VIEWS["point"]), SHELF) for seed in range(101, 107)]
    assert all(one.layout != other.layout for one, other in pairwise(cards))
    assert len({card.layout for card in cards}) == 6


def test_a_scene_is_drawn_the_same_each_time() -> None:
    request = replace(REQUEST, scene=VIEWS["figure"])
    assert draw(request, SHELF).picture == draw(request, Shelf()).picture


def test_letters_that_no_font_has_leave_art_without_words() -> None:
    card = draw(replace(REQUEST, title="ბაღი", language="ka", scene=VIEWS["step"]), SHELF)
    assert card.missing
    assert Image.open(BytesIO(card.picture.content)).getcolors(30) is None


def test_the_call_to_action_shows_the_logo_and_no_broken_one() -> None:
    out = BytesIO()
    Image.new("RGBA", (300, 120), (12, 200, 34, 255)).save(out, "PNG")
    view = VIEWS["call"]
    drawn = draw_scene(REQUEST, replace(view, logo=out.getvalue()), SHELF).canvas.image
    assert (np.asarray(drawn) == (12, 200, 34)).all(axis=2).sum() > 1000
    assert draw_scene(REQUEST, replace(view, logo=b"no picture"), SHELF).canvas.inked


def test_a_figure_is_set_whole_and_larger_than_its_heading() -> None:
    for sign in ("55 °C", "3–6 months", "1.2 million tonnes"):
        view = SceneView("figure", sign, clear=CLEAR)
        heights = [box[3] - box[1] for box in draw_scene(REQUEST, view, SHELF).canvas.inked]
        assert heights[0] > heights[-1]
