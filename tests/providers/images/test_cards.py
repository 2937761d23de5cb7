"""Cards: readable in any colours, whole at any size, each layout on its own, the same bytes every time."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import product

import numpy as np
import pytest
from PIL import Image

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.colours import (
    BLACK,
    READABLE,
    WHITE,
    Palette,
    contrast,
    linear,
    luminance,
    mixed,
    parsed,
    readable,
)
from nightdesk.media.typesetting.setting import Setter
from nightdesk.media.typesetting.typefaces import Shelf
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import open_images
from nightdesk.providers.images.cards.canvas import Canvas, Words
from nightdesk.providers.images.cards.drawing import draw
from nightdesk.providers.images.cards.layouts import GENERAL, LAYOUTS, suited
from nightdesk.providers.images.cards.layouts.figure import leading_figure
from nightdesk.providers.images.cards.layouts.quote import spoken
from nightdesk.providers.images.contract import Brand, PictureRequest

SHELF = Shelf()
SIZES = [(1200, 675), (1080, 1080), (1080, 1920)]
SMALL = [(width // 4, height // 4) for width, height in SIZES]
"""Layouts are proportional: what holds for a small card holds for a large one, only faster."""
TITLES = {
    "en": "7 ways to compost “cleanly” in a small flat without flies?",
    "de": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen 7",
    "ar": "٧ طرق لصنع السماد في شقة صغيرة مع Compost Plus 2026؟",
    "hi": "छोटे फ्लैट में बिना बदबू के खाद कैसे बनाएं",
}
CASES = [*product([*GENERAL, "figure", "quote"], SMALL), ("split", SIZES[0])]
BRANDS = [
    Brand(name="The Kitchen Compost"),
    Brand("Mono", "#888888", "#888888", "#888888", "#888888"),
    Brand("Nacht", "#22223b", "#c9ada7", "#22223b", "#f2e9e4"),
    Brand("Sun", "#ffbe0b", "#ffff00", "#ffffff", "#ffffff"),
    Brand("Lime", "#00ff00", "#00ffff", "#ffffff", "#111111"),
    Brand("broken", "red", "", "#zzz", "rgb(1,2,3)"),
]
REQUEST = PictureRequest("", TITLES["en"], "Guide", brand=BRANDS[0], seed=3)


class Proof(Canvas):
    """A canvas that holds every text to the pixels it is written on and to the sheet's edges."""

    def __init__(self, *given) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*given)
        self.written: list[str] = []
        self.boxes: list[tuple[float, float, float, float]] = []
        self.least = 21.0

    def write(self, block, x, y, colour, align="start") -> None:  # type: ignore[no-untyped-def]
        before = np.asarray(self.image).copy()
        super().write(block, x, y, colour, align)
        changed = np.argwhere((np.asarray(self.image) != before).any(axis=2))
        if not len(changed) and block.size > 0.5 * self.short:
            return
        (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
        assert top > 0
        assert left > 0
        assert bottom < self.height - 1
        assert right < self.width - 1
        self.boxes.append((left, top, right, bottom))
        self.written.append(" ".join(line.text for line in block.lines))
        if block.size > 0.5 * self.short:
            return
        under = before[changed[:, 0], changed[:, 1]]
        light = linear(under / 255) @ np.array([0.2126, 0.7152, 0.0722]) + 0.05
        ink = luminance(colour) + 0.05
        self.least = min(self.least, float((np.maximum(light, ink) / np.minimum(light, ink)).min()))


def proof(request: PictureRequest, layout: str) -> Proof:
    words = Words(request.title, request.kicker, request.brand.name)
    rtl = request.language == "ar"
    setter = Setter(SHELF, request.language, rtl)
    random = np.random.default_rng(request.seed)
    canvas = Proof((request.width, request.height), words, Palette.of(request.brand), setter, random)
    LAYOUTS[layout](canvas)
    return canvas


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.name)
def test_every_text_can_be_read_on_what_is_really_behind_it(layout: str, brand: Brand) -> None:
    canvas = proof(replace(REQUEST, brand=brand, width=600, height=338), layout)
    assert canvas.written
    assert canvas.least >= READABLE


@pytest.mark.parametrize(("layout", "size"), CASES, ids=str)
@pytest.mark.parametrize("language", TITLES)
def test_no_text_is_clipped_or_covers_another(layout: str, size: tuple[int, int], language: str) -> None:
    title = "7 " + re.sub(r"\d+ ?", "", TITLES[language]) if layout == "figure" else TITLES[language]
    request = replace(REQUEST, title=title, language=language, width=size[0], height=size[1])
    canvas = proof(request, layout)
    boxes = canvas.boxes[1:] if layout == "quote" else canvas.boxes
    for index, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = right < other[0] or other[2] < left or bottom < other[1] or other[3] < top
            assert apart


@pytest.mark.parametrize("layout", [*GENERAL, "quote"])
def test_a_card_says_its_headline_kicker_and_site(layout: str) -> None:
    said = proof(REQUEST, layout).written
    assert TITLES["en"] in said
    assert "GUIDE" in said
    assert "The Kitchen Compost" in said


def test_a_figure_at_the_start_is_not_said_twice() -> None:
    said = proof(replace(REQUEST, title="7 ways to compost"), "figure").written
    assert said.count("7") == 1
    assert "Ways to compost" in said


@pytest.mark.parametrize(
    ("title", "figure"),
    [
        ("7 ways to compost", "7"),
        ("Why 40% of heat leaves through the roof", "40%"),
        ("A bin for €1,250", "€1,250"),
        ("Heat pumps in 2026", "2026"),
        ("From 3 to 5 litres", None),
        ("The B12 question", None),
        ("COVID-19 and compost", None),
        ("1,234,567,890 worms", None),
        ("Compost", None),
    ],
)
def test_a_poster_figure_is_the_one_number_of_a_headline(title: str, figure: str | None) -> None:
    assert leading_figure(title) == figure


@pytest.mark.parametrize(
    ("title", "quotes"),
    [
        ("Is it safe?", True),
        ("“Never again”", True),
        ("هل هو آمن؟", True),
        ("Don't panic", False),
        ("Plain", False),
    ],
)
def test_questions_and_quotations_are_told_from_the_rest(title: str, quotes: bool) -> None:
    assert spoken(title) is quotes


def test_the_seed_goes_through_the_layouts_and_changes_the_art() -> None:
    small = replace(REQUEST, title="Compost at home", width=320, height=180)
    assert {draw(replace(small, seed=seed), SHELF).layout for seed in range(5)} == set(GENERAL)
    first, second = (draw(replace(small, seed=seed), SHELF, "pattern").picture.content for seed in (1, 2))
    assert first != second


def test_a_request_always_gives_the_same_bytes() -> None:
    for layout in ("gradient", "hills", "split"):
        first = draw(replace(REQUEST, width=320, height=180), SHELF, layout)
        again = draw(replace(REQUEST, width=320, height=180), Shelf(), layout)
        assert first.picture.content == again.picture.content


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_card_is_a_small_file(size: tuple[int, int]) -> None:
    for layout in ("gradient", "pattern"):
        card = draw(replace(REQUEST, width=size[0], height=size[1]), SHELF, layout)
        assert len(card.picture.content) <= 200_000


def test_a_card_in_arabic_is_a_mirror_image_in_its_layout() -> None:
    latin = proof(replace(REQUEST, title="Compost"), "split").boxes
    arabic = proof(replace(REQUEST, title="سماد", language="ar", kicker="دليل"), "split").boxes
    assert min(box[0] for box in latin) == pytest.approx(1200 - max(box[2] for box in arabic), abs=4)


async def test_letters_that_no_font_has_give_a_card_without_words_and_a_note() -> None:
    meter = ListMeter()
    provider = open_images(Choice("cards"), no_fetch, SystemClock())
    picture = await provider.make(replace(REQUEST, title="ბაღი", language="ka"), meter)
    assert Image.open(BytesIO(picture.content)).size == (1200, 675)
    (call,) = meter.calls
    assert call.note.startswith("wordless; no font has ა")


async def test_a_side_beyond_reason_is_refused() -> None:
    provider = open_images(Choice("cards"), no_fetch, SystemClock())
    for width in (0, -5, 63, 4097, 20000):
        with pytest.raises(Refused, match="64 to 4096"):
            await provider.make(replace(REQUEST, width=width), ListMeter())


def test_a_fonts_folder_that_cannot_be_used_needs_a_person(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for folder in (tmp_path / "nowhere", tmp_path):
        (tmp_path / "bad.otf").write_bytes(b"not a font, whatever its name says")
        with pytest.raises(NeedsPerson, match="fonts folder"):
            open_images(Choice("cards", options={"fonts": str(folder)}), no_fetch, SystemClock())


@pytest.mark.parametrize(
    "title", ["", " ", "\x00\u202e", "🌱🌱", "a" * 5000, "x", "<b>&amp;</b>\n\n%{n}", "\u0301\u0301", "((("]
)
def test_any_headline_gives_a_card(title: str) -> None:
    for layout in (None, "headline"):
        card = draw(replace(REQUEST, title=title, width=320, height=180), SHELF, layout)
        assert card.picture.content


def test_contrast_is_as_the_guideline_defines_it() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast((118, 118, 118), WHITE) == pytest.approx(4.54, abs=0.01)
    assert luminance((255, 0, 0)) == pytest.approx(0.2126)


def test_a_colour_is_changed_no_more_than_reading_needs() -> None:
    assert readable((29, 53, 87), WHITE) == (29, 53, 87)
    shade = readable((230, 57, 70), WHITE)
    assert READABLE <= contrast(shade, WHITE) < READABLE + 0.8
    grey = (119, 119, 119)
    assert contrast(readable(grey, grey), grey) >= READABLE


@pytest.mark.parametrize("ground", [(level, level, level) for level in range(0, 256, 15)], ids=str)
def test_there_is_a_readable_colour_on_any_ground(ground: tuple[int, int, int]) -> None:
    assert contrast(readable(ground, ground), ground) >= READABLE


def test_colours_are_parsed_or_replaced() -> None:
    assert parsed("#1D3557", BLACK) == (29, 53, 87)
    assert parsed(" fff ", BLACK) == WHITE
    assert parsed("rgb(1,2,3)", WHITE) == WHITE
    assert mixed(WHITE, BLACK, 0) == WHITE
    assert mixed(WHITE, BLACK, 1) == BLACK


def test_a_card_without_a_headline_has_only_one_layout() -> None:
    assert suited(Words("", "Guide", "Site")) == ("wordless",)
    assert suited(Words("Compost", "", "")) == GENERAL


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")
