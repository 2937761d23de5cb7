"""A thumbnail shows a good frame and the brand, and its title can be read at 120 pixels of width."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG, plainly
from PIL import Image, ImageDraw

from nightdesk.kit.endings import Refused
from nightdesk.media.colours import Palette, contrast
from nightdesk.media.thumbnails import LETTER, SEEN, Livery, ThumbnailRequest, draw, legible, thumbnails
from nightdesk.media.thumbnails.frames import Part, Rgb, Still, chosen, clear_part, drawn_part
from nightdesk.media.thumbnails.layouts import LAYOUTS
from nightdesk.media.thumbnails.wanted import SIZES, Shape, Thumbnail, Variant
from nightdesk.media.thumbnails.words import few_words
from nightdesk.media.typesetting.typefaces import Shelf

SHELF = Shelf()
LIVERY = Livery("Warm House")
TITLE = "Three ways to cut a heating bill"
NOISE = np.random.default_rng(1)
BUSY = NOISE.integers(0, 256, (96, 160, 3), dtype=np.uint8)


@cache
def drawn(
    variant: Variant, shape: Shape, title: str = TITLE, language: str = "en", plain: bool = False
) -> Thumbnail:
    """Over coloured noise, the worst ground that there is, or over plain grey."""
    request = ThumbnailRequest(title, shape, language, LIVERY)
    ground = np.full_like(BUSY, 200) if plain else BUSY
    return draw(Still(1.0, ground), request, variant, SHELF)


def picture(thumbnail: Thumbnail) -> Image.Image:
    return Image.open(BytesIO(thumbnail.content)).convert("RGB")


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("variant", LAYOUTS)
def test_every_variant_of_every_shape_can_be_read(variant: Variant, shape: Shape) -> None:
    made = drawn(variant, shape)
    assert picture(made).size == (made.width, made.height) == SIZES[shape]
    assert made.words.replace("- ", "") == TITLE
    assert made.contrast >= 4.5
    assert made.letter >= LETTER
    assert legible(made)
    assert len(made.content) < 1_500_000


@pytest.mark.parametrize("shape", SIZES)
def test_the_height_of_letters_that_is_told_is_there_at_120_pixels(shape: Shape) -> None:
    """The brand's ink on its paper: rows with ink in them are counted in what a list shows."""
    made = drawn("inset", shape, "HHH", plain=True)
    small = picture(made).resize((SEEN, round(SEEN * made.height / made.width)), Image.Resampling.LANCZOS)
    palette = Palette.of(LIVERY)
    gray = np.asarray(small, dtype=float)[:, : SEEN // 3]
    ink = np.abs(gray - palette.ink).sum(axis=2) < np.abs(gray - palette.paper).sum(axis=2)
    rows = np.flatnonzero(ink.sum(axis=1) >= 2)
    highest = max(len(run) for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1))
    assert highest == pytest.approx(made.letter, abs=1.6)


def test_a_contrast_too_low_would_be_told() -> None:
    from_the_sheet = contrast((200, 200, 200), (255, 255, 255))
    assert from_the_sheet < 4.5
    assert not legible(replace(drawn("panel", "1:1"), contrast=from_the_sheet))
    assert not legible(replace(drawn("panel", "1:1"), letter=7.9))


@pytest.mark.parametrize("colours", [("#ffffff", "#ffff00"), ("#777777", "#888888")])
@pytest.mark.parametrize("variant", LAYOUTS)
def test_no_brand_makes_the_title_unreadable(variant: Variant, colours: tuple[str, str]) -> None:
    livery = Livery("X", primary=colours[0], accent=colours[1], background=colours[1], text=colours[0])
    request = ThumbnailRequest(TITLE, "16:9", livery=livery)
    assert legible(draw(Still(0, BUSY), request, variant, SHELF))


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Why heat pumps work in the cold", "Why heat pumps work in the cold"),
        ("Compost in winter: everything that a beginner has to know about it", "Compost in winter"),
        ("Guide: the seven best ways of keeping a house warm", "Guide: the seven best ways of keeping…"),
        ("Everything that you always wanted to know about the", "Everything that you always wanted…"),
        ("家を暖かく保つための七つの方法とその費用について詳しく", "家を暖かく保つための七つの方法とその…"),
    ],
)
def test_a_title_is_said_in_few_words(title: str, said: str) -> None:
    assert few_words(title) == said


def inked_columns(made: Thumbnail, colour: Sequence[int]) -> float:
    """Where the middle of the ink in a colour lies, from 0 at the left to 1."""
    near = np.abs(np.asarray(picture(made), dtype=int) - colour).sum(axis=2) < 60
    return float(np.flatnonzero(near.any(axis=0)).mean() / made.width)


def test_a_title_that_reads_from_the_right_mirrors_the_whole() -> None:
    ink = Palette.of(LIVERY).text_on(Palette.of(LIVERY).paper)
    left = drawn("inset", "16:9", plain=True)
    right = drawn("inset", "16:9", "ثلاث طرق لخفض فاتورة التدفئة", "ar", plain=True)
    assert right.words
    assert right.missing == frozenset()
    assert legible(right)
    assert inked_columns(left, ink) < 0.4 < 0.6 < inked_columns(right, ink)


def test_letters_without_a_font_leave_the_title_out_and_are_named() -> None:
    made = drawn("panel", "1:1", "ბაღი", "ka")
    assert (made.words, legible(made)) == ("", True)
    assert made.missing == frozenset("ბაღი")
    assert picture(made).size == SIZES["1:1"]


def test_a_logo_stands_in_the_brands_place_and_what_is_none_is_refused() -> None:
    out = BytesIO()
    logo = Image.new("RGBA", (100, 50))
    ImageDraw.Draw(logo).rectangle((10, 10, 90, 40), fill=(0, 255, 0, 255))
    logo.save(out, "PNG")
    request = ThumbnailRequest(TITLE, "1:1", livery=replace(LIVERY, logo=out.getvalue()))
    made = picture(draw(Still(0, np.full((90, 160, 3), 90, np.uint8)), request, "panel", SHELF))
    green = (np.asarray(made, dtype=int) - (0, 255, 0)).__abs__().sum(axis=2) < 90
    assert green.sum() > 500
    assert np.flatnonzero(green.any(axis=1)).min() > 0.8 * made.height
    with pytest.raises(Refused, match="bad media"):
        draw(Still(0, BUSY), replace(request, livery=replace(LIVERY, logo=b"no picture")), "panel", SHELF)


def test_frames_with_type_in_them_become_a_ground_without() -> None:
    sharp = drawn("inset", "16:9")
    request = ThumbnailRequest(TITLE, "16:9", livery=LIVERY, lettered=True)
    soft = draw(Still(1.0, BUSY), request, "inset", SHELF)
    window = np.s_[200:500, 850:1150]
    edges = [np.abs(np.diff(np.asarray(picture(m).convert("L"), int)[window])).mean() for m in (sharp, soft)]
    assert edges[1] < edges[0] / 10


def test_of_frames_with_type_in_them_what_is_drawn_below_it_is_shown_as_it_is() -> None:
    request = ThumbnailRequest(TITLE, "9:16", livery=LIVERY, lettered=True, below=0.66)
    plain = draw(Still(1.0, BUSY), replace(request, lettered=False), "inset", SHELF)
    assert draw(Still(1.0, BUSY), request, "inset", SHELF).content == plain.content
    assert draw(Still(1.0, BUSY), replace(request, below=0.9), "inset", SHELF).content != plain.content
    assert drawn_part(0.66, "top-left") == Part(top=0.66)
    assert drawn_part(0.66, "bottom-right") == Part(top=0.66, bottom=0.88)


def shots(*parts: tuple[Rgb, int]) -> Rgb:
    """Frames of 24 x 48, each so many times over with a little movement."""
    return np.concatenate(
        [np.stack([np.roll(frame, at % 2, axis=1) for at in range(count)]) for frame, count in parts]
    )


def test_each_variant_shows_another_scene_where_there_are_as_many() -> None:
    dice = np.random.default_rng(3)
    spots = [Image.fromarray(dice.integers(20, 235, (4, 3, 3), dtype=np.uint8)) for _ in range(3)]
    scenes = [np.asarray(one.resize((48, 24), Image.Resampling.BICUBIC)) for one in spots]
    frames = shots(*((scene, 24) for scene in scenes))
    assert sorted(place // 24 for place in chosen(frames, 3)) == [0, 1, 2]
    assert len(chosen(shots((scenes[0], 24)), 3)) == 3


def test_sharp_frames_come_before_soft_dark_and_changing_ones() -> None:
    sharp = NOISE.integers(90, 160, (24, 48, 3), dtype=np.uint8)
    other = np.roll(sharp[::-1], 7, axis=1).copy()
    soft = np.asarray(Image.fromarray(sharp).resize((6, 3)).resize((48, 24), Image.Resampling.BICUBIC))
    frames = shots((soft, 8), (sharp // 12, 8), (sharp, 8), (np.full_like(sharp, 250), 8), (other, 8))
    best = chosen(frames, 2)
    assert {at // 8 for at in best} <= {2, 4}
    assert not {15, 16, 23, 24, 31, 32} & set(best)
    assert abs(best[0] - best[1]) >= 4


def test_what_captions_and_logo_cover_is_not_shown() -> None:
    assert clear_part((1080, 1920), False, None) == Part()
    assert clear_part((1080, 1920), True, "bottom-left") == Part(bottom=0.53)
    assert clear_part((1080, 1920), True, "top-right") == Part(top=0.12, bottom=0.53)
    assert clear_part((1920, 1080), True, "top-left") == Part(left=0.18, bottom=0.73)


async def test_a_video_gets_three_variants_of_its_own_frames(tmp_path: Path) -> None:
    """Red noise above, green below where captions would be; a black second first."""
    red = "color=0x802020:s=90x160:r=10:d=3,noise=alls=60:allf=t"
    graph = (
        f"color=black:s=90x160:r=10:d=1[b];{red},drawbox=y=ih*0.56:h=ih:color=lime:t=fill[r];[b][r]concat=n=2"
    )
    plainly("-f", "lavfi", "-i", graph, "-pix_fmt", "yuv420p", str(tmp_path / "a.mp4"))
    request = ThumbnailRequest(TITLE, "9:16", livery=LIVERY)
    shares: list[float] = []
    made = await thumbnails(tmp_path / "a.mp4", request, FFMPEG, SHELF, seconds=60, told=shares.append)
    assert [each.variant for each in made] == ["panel", "fade", "inset"]
    assert len({each.at for each in made}) == 3
    assert shares == sorted(shares)
    assert (0 < shares[0] < 0.7, shares[-1]) == (True, pytest.approx(1))
    assert all(each.at >= 1 and legible(each) for each in made)
    shown = np.asarray(picture(made[0]), dtype=int)[:800]
    assert shown[..., 0].mean() > shown[..., 1].mean() + 50
    assert (shown[..., 1] > 200).mean() < 0.001
    with pytest.raises(Refused, match="bad media"):
        await thumbnails(Path(__file__), request, FFMPEG, SHELF)
