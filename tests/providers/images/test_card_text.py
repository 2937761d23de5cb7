"""Type on cards: what is set is whole, in the right order, parted only where it must be."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, features

from nightdesk.media.typesetting.breaking import balanced, broken, softened, tokens
from nightdesk.media.typesetting.fitting import Box, fitted
from nightdesk.media.typesetting.runs import in_visual_order, reads_right_to_left
from nightdesk.media.typesetting.setting import Setter, Style, tidied
from nightdesk.media.typesetting.typefaces import SHIPPED, Shelf, clusters

SHELF = Shelf()
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


def fit(text: str, language: str = "en", width: float = 900, height: float = 420, most: int = 9):  # type: ignore[no-untyped-def]
    return fitted(Setter(SHELF, language), text, Style(), Box(width, height, 98, 24, most))


def one_font(text: str) -> list[int]:
    return [0] * len(text)


def visual(text: str, rtl: bool) -> str:
    """The characters from left to right, as a screen without shaping would show them."""
    runs = in_visual_order(text, one_font, rtl)
    return "".join(run.text[::-1] if run.rtl else run.text for run in runs)


@pytest.mark.parametrize("width", [260, 500, 900])
@pytest.mark.parametrize(
    "text",
    [
        "Compost",
        "How to compost in a small flat without smell, flies or regret",
        "Åsa’s ÉTUDE: ǺŰ ỹ gjpqy (½)",
        LONG_WORD,
        "كيف تصنع السماد في شقة صغيرة بدون رائحة",
        "छोटे फ्लैट में बिना बदबू के खाद कैसे बनाएं",
        "W" * 300,
        "so " * 190,
    ],
)
def test_a_block_stays_within_its_box(text: str, width: float) -> None:
    block = fit(text, width=width)
    assert block.width <= width + 1
    assert block.height <= 420
    for above, line, first, second in zip(
        block.lines, block.lines[1:], block.baselines, block.baselines[1:], strict=False
    ):
        assert first + above.ink[3] <= second + line.ink[1]


def test_text_that_fits_keeps_all_its_words_in_order() -> None:
    text = "How to compost in a small flat without smell, flies or regret"
    block = fit(text)
    assert " ".join(line.text for line in block.lines) == text
    assert not block.truncated


def test_lines_are_of_like_length() -> None:
    block = fit("How to compost in a small flat without smell, flies or regret")
    widths = [line.width for line in block.lines]
    assert min(widths) > 0.7 * max(widths)


def test_no_word_stands_alone_on_the_last_line_where_lines_can_be_balanced() -> None:
    words = tokens("one two three four five six seven eight nine ten eleven")
    measure = len
    filled, even = broken(words, 24, measure), balanced(words, 24, measure)
    assert filled is not None
    assert even is not None
    assert len(even) == len(filled)
    assert max(map(len, even)) - min(map(len, even)) < max(map(len, filled)) - min(map(len, filled))


def test_a_word_is_parted_at_a_syllable_only_where_it_is_wider_than_the_column() -> None:
    parted = fit(f"{LONG_WORD} heute", "de", width=420)
    lines = [line.text for line in parted.lines]
    assert any(line.endswith("-") for line in lines)
    assert "".join(line.removesuffix("-") for line in lines).replace(" ", "") == f"{LONG_WORD}heute"
    whole = fit("Kompost zu Hause", "de", width=420)
    assert not any(line.text.endswith("-") for line in whole.lines)


def test_an_unknown_language_parts_between_letters_without_a_hyphen() -> None:
    pieces = softened(tokens("x" * 30), 10, len, "tlh")
    assert broken(pieces, 10, len) == ["x" * 10] * 3


def test_absurd_lengths_end_in_an_ellipsis() -> None:
    block = fit("unreasonable " * 45, height=120, most=2)
    assert block.truncated
    assert block.lines[-1].text.endswith("…")
    assert len(block.lines) <= 2


def test_compounds_break_at_their_hyphens_before_their_syllables() -> None:
    pieces = tokens("state-of-the-art e-mails")
    assert [token.text for token in pieces] == ["state-of-the-art", "e-mails"]
    assert broken(softened(pieces, 9, len, "en"), 9, len) == ["state-of-", "the-art", "e-mails"]


def test_ideographs_break_at_phrases_and_only_where_those_are_too_wide_between_letters() -> None:
    assert broken(tokens("堆肥入門。家"), 5, len) == ["堆肥入門。", "家"]
    assert broken(softened(tokens("堆肥入門。家"), 4, len, "zh"), 4, len) == ["堆肥入門", "。家"]
    assert [token.text for token in tokens("堆肥。家")] == ["堆肥。", "家"]


@pytest.mark.parametrize(
    ("text", "rtl", "shown"),
    [
        ("abc def", False, "abc def"),
        ("אבג דהו", True, "והד גבא"),
        ("אבג abc דהו", True, "והד abc גבא"),
        ("abc אבג דהו def", False, "abc והד גבא def"),
        ("אבג 2026", True, "2026 גבא"),
        ("אבג 5,000 דהו", True, "והד 5,000 גבא"),
        ("אבג 40% דהו", True, "והד 40% גבא"),
        ("אבג (2026): דהו", True, "והד :)2026( גבא"),
        ("abc אבג 12 דהו", False, "abc והד 12 גבא"),
        ("אבג!", True, "!גבא"),
        ("abc!", True, "!abc"),
    ],
)
def test_mixed_directions_are_laid_out_as_they_are_read(text: str, rtl: bool, shown: str) -> None:
    assert visual(text, rtl) == shown


@pytest.mark.parametrize(
    ("text", "rtl"), [("2026: שלום", True), ("«مرحبا»", True), ("Ok שלום", False), ("12", False)]
)
def test_the_first_letter_sets_the_direction(text: str, rtl: bool) -> None:
    assert reads_right_to_left(text) is rtl


@pytest.mark.parametrize(
    "text",
    [
        "Straße Łódź Ångström €20 – “so”",
        "Το κομπόστ στο διαμέρισμα",
        "Компост у квартирі: їжа, ґрунт",
        "السماد في المنزل، ٢٠٢٦؟",
        "קומפוסט בבית – שָׁלוֹם",
        "घर पर खाद कैसे बनाएँ?",
        "Phân trộn tại nhà: ưỡế",
        "Ev kompostu: İıŞşĞğ",
        "深夜编辑部：早上一切都准备好了。",
        "堆肥會把有機廢物變成肥料！",
        "「コンポスト」で髙い頰を𠮟る、ｶﾞﾗｽ々",
        "퇴비는 똠방각하 흙으로",
    ],
)
def test_the_shipped_fonts_set_these_scripts(text: str) -> None:
    for family in ("sans", "serif"):
        assert not SHELF.missing(text)
        assert len(SHELF.fonts_of(text, family)) == len(text)


def test_every_font_ships_with_its_licence() -> None:
    for font in (*SHIPPED.glob("*.ttf"), *SHIPPED.glob("*.otf")):
        licence = SHIPPED / f"OFL-{font.name.split('-')[0].split('.')[0]}.txt"
        assert "SIL OPEN FONT LICENSE" in licence.read_text().upper()
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 7_000_000


def test_each_character_is_set_by_a_font_that_has_it() -> None:
    text = "Compost مرحبا שלום नमस्ते"
    for char, place in zip(text, SHELF.fonts_of(text, "sans"), strict=True):
        assert char == " " or ord(char) in SHELF.faces[place].covered


def test_marks_stay_with_their_letters() -> None:
    assert clusters("e\u0301ना👩\u200d🌾") == ["e\u0301", "ना", "👩\u200d🌾"]


def test_signs_without_a_glyph_are_left_out_and_letters_are_reported() -> None:
    assert tidied("Compost 🌱 at  home\u202e\x00\n now", SHELF) == ("Compost at home now", set())
    assert tidied("ბაღი guide", SHELF)[1] == set("ბაღი")


def test_without_a_shaping_engine_hebrew_is_reordered_and_arabic_is_not_tried() -> None:
    plain = Shelf(shaping=False)
    assert not plain.missing("שלום Compost")
    assert plain.missing("سماد")
    setter = Setter(plain, "he")
    pieces = setter.line("(שלום)", Style(), 40).pieces
    assert "".join(setter.written(piece.run) for piece in pieces) == "(םולש)"


@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow has no raqm")
def test_arabic_letters_join() -> None:
    setter = Setter(SHELF, "ar")
    joined = setter.line("سماد", Style(), 60).width
    apart = sum(setter.line(letter, Style(), 60).width for letter in "سماد")
    assert joined < 0.9 * apart


def test_a_folder_of_further_fonts_is_used_for_what_the_shipped_ones_lack(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "More.ttf").write_bytes((SHIPPED / "NotoSansHebrew-Bold.ttf").read_bytes())
    assert len(Shelf(tmp_path).faces) == len(SHELF.faces) + 1
    (tmp_path / "broken.ttf").write_bytes(b"no font at all, but long enough to be read")
    with pytest.raises(ValueError, match=r"broken\.ttf"):
        Shelf(tmp_path)


def test_what_was_measured_is_what_is_drawn() -> None:
    setter = Setter(SHELF, "en")
    line = setter.line("Ágjy Ǻ", Style(), 90)
    sheet = Image.new("L", (900, 400))
    draw = ImageDraw.Draw(sheet)
    for piece in line.pieces:
        font = setter.font(piece.run.font, 90, 700)
        draw.text((100 + piece.x, 200), piece.run.text, fill=255, font=font, anchor="ls")
    ys, xs = np.nonzero(np.asarray(sheet))
    left, top, right, bottom = line.ink
    assert xs.min() >= 100 + left - 1
    assert xs.max() <= 100 + right + 1
    assert ys.min() >= 200 + top - 1
    assert ys.max() <= 200 + bottom + 1
