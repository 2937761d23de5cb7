"""Chinese, Japanese, Korean, Arabic and Hebrew: their own glyphs, lines of whole phrases in the frame."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nightdesk.media.captions.burned import Part, ass
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.media.captions.words import Word
from nightdesk.media.typesetting.eastern import phrases
from nightdesk.media.typesetting.setting import Setter, Style
from nightdesk.media.typesetting.typefaces import CAPTION_FACES, SHIPPED_FACES, Shelf

LETTERING = Lettering()
SAID = {
    "zh": "深夜编辑部在所有人睡觉的时候工作，早上一切都准备好了。",
    "zh-TW": "堆肥會把有機廢物變成肥料，可以用於花園和陽台上的植物。",
    "ja": "堆肥は台所の生ごみを微生物の力で土に戻す方法です。週に一度かき混ぜてください。",
    "ko": "퇴비는 음식물 쓰레기를 흙으로 되돌리는 방법입니다. 일주일에 한 번 뒤집어 주세요.",
    "ar": "السماد العضوي يحوّل بقايا المطبخ إلى تربة خصبة خلال 3 أشهر، دون رائحة!",
    "he": "קומפוסט הופך שאריות מטבח לאדמה פורייה תוך 3 חודשים, בלי ריח!",
}
LAYOUT = (360, 640)
languages = pytest.mark.parametrize("language", SAID)


def laid(language: str, size: tuple[int, int] = LAYOUT, each: float = 0.1) -> Sheet:
    words, at = list[Word](), 0.0
    for text in SAID[language].split():
        words.append(Word(text, at, at + each * len(text)))
        at += each * len(text)
    return laid_out(words, at + 1, Layout(*size, style("clean"), language), LETTERING)


def drawn(char: str, language: str, shelf: Shelf) -> bytes:
    """The glyph of one character, as a picture."""
    setter, sheet = Setter(shelf, language), Image.new("L", (80, 80))
    (piece,) = setter.line(char, Style(), 48).pieces
    ImageDraw.Draw(sheet).text((10, 60), char, 255, setter.font(piece.run.font, 48, 700), anchor="ls")
    return sheet.tobytes()


@languages
@pytest.mark.parametrize("faces", [SHIPPED_FACES, CAPTION_FACES], ids=["cards", "captions"])
def test_no_letter_is_drawn_as_the_box_that_stands_for_a_missing_one(language: str, faces: tuple) -> None:  # type: ignore[type-arg]
    shelf = Shelf(shipped=faces)
    boxes = set()
    for face in faces:
        sheet = Image.new("L", (80, 80))
        ImageDraw.Draw(sheet).text((10, 60), "\U000f0000", 255, face.opened(48, 700, True), anchor="ls")
        boxes.add(sheet.tobytes())
    letters = {char for char in SAID[language] if char.isalpha()}
    pictures = {char: drawn(char, language, shelf) for char in letters}
    assert not boxes & set(pictures.values())
    assert len(set(pictures.values())) == len(letters)


def test_a_letter_that_two_languages_draw_differently_is_drawn_as_each_does() -> None:
    shelf = Shelf()
    made = []
    for language in ("zh", "ja"):
        setter, sheet = Setter(shelf, language), Image.new("L", (80, 80))
        font = setter.font(shelf.fonts_of("直", "sans")[0], 60, 700)
        ImageDraw.Draw(sheet).text((10, 65), "直", 255, font, anchor="ls", language=setter.tag)
        made.append(sheet.tobytes())
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("堆肥は台所の生ごみを土に戻す方法です。", "堆肥は|台所の|生ごみを|土に|戻す|方法です。"),
        ("「お茶の葉」も入れられます。", "「お茶の|葉」も|入れられます。"),
        ("週に一度かき混ぜてください。", "週に|一度かき|混ぜてください。"),
        ("AIで30秒の動画を作る", "AIで|30秒の|動画を|作る"),
        ("早上一切都准备好了。", "早上一切|都准备好了。"),
        ("有機廢物變成肥料", "有機|廢物|變成|肥料"),
        ("不是所有人的目的", "不是所有人的|目的"),
        ("쓰레기를", "쓰레기를"),
        ("word", "word"),
        ("。。。！", "。。。！"),
        ("", ""),
    ],
)
def test_a_line_ends_where_a_phrase_does(text: str, parts: str) -> None:
    assert phrases(text) == parts.split("|")


@languages
def test_captions_show_every_word_in_lines_of_whole_phrases_within_the_safe_area(language: str) -> None:
    made = laid(language, (1080, 1920))
    lines = [line for phrase in made.phrases for line in phrase.texts]
    assert "".join(lines).replace(" ", "") == SAID[language].replace(" ", "")
    assert not made.missing
    for line in lines:
        assert line[0] not in "、。，！？」ぁっゃゅょー"
        assert LETTERING.width(line, made.layout.em) + 2 * made.layout.edge <= made.layout.area.width + 1


def burned(language: str, folder: Path) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """For each phrase, while its first word is said: which pixels are lettered, and which accented."""
    made = laid(language)
    text, fonts = ass([Part(made, 0)], made.phrases[-1].end, LETTERING)
    (folder / "fonts").mkdir()
    for number, font in enumerate(fonts):
        shutil.copyfile(font.path, folder / "fonts" / f"{number}{font.path.suffix}")
    (folder / "captions.ass").write_text(text)
    (folder / "fonts.conf").write_text("<fontconfig><dir prefix='cwd'>fonts</dir></fontconfig>")
    width, height = LAYOUT
    seconds = made.phrases[-1].end
    program = [
        FFMPEG.program,
        "-v",
        "verbose",
        "-f",
        "lavfi",
        "-i",
        f"color=black:s={width}x{height}:d={seconds}:r=20",
    ]
    shown = ["-vf", "ass=captions.ass:fontsdir=fonts", "-f", "rawvideo", "-pix_fmt", "rgb24", "out.rgb"]
    done = subprocess.run(
        [*program, *shown],
        cwd=folder,
        env={"FONTCONFIG_FILE": "fonts.conf"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "not found" not in done.stderr, done.stderr
    frames = np.fromfile(folder / "out.rgb", np.uint8).reshape(-1, height, width, 3)
    for phrase in made.phrases:
        frame = frames[int(phrase.start * 20) + 1].astype(int)
        yield frame.min(axis=2) > 120, (frame[:, :, 0] > 150) & (frame[:, :, 2] < 90)


@languages
def test_what_libass_draws_is_as_wide_as_it_was_measured_and_begins_where_the_script_does(
    language: str, tmp_path: Path
) -> None:
    made = laid(language)
    layout, area = made.layout, made.layout.area
    for phrase, (white, accent) in zip(made.phrases, burned(language, tmp_path), strict=True):
        lettered = white | accent
        ys, xs = np.nonzero(lettered)
        assert area.left <= xs.min() <= xs.max() < area.right
        assert area.top <= ys.min() <= ys.max() < area.bottom
        measured = max(LETTERING.width(line, layout.em) for line in phrase.texts)
        assert xs.max() - xs.min() == pytest.approx(measured, abs=0.9 * layout.em)
        if len(phrase.lines[0]) > 1:
            first = ys < ys.min() + layout.em
            begins = np.nonzero(accent)[1].mean() - xs[first].mean()
            assert begins > 0 if language in ("ar", "he") else begins < 0
