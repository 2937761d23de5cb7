"""Captions: phrases that read well, inside what no platform covers, and text that stays text."""

import pytest

from nightdesk.media.captions.beside import cues, srt, vtt
from nightdesk.media.captions.burned import Part, ass, escaped
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.safe_areas import VERTICAL, safe_area
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import STYLES, style
from nightdesk.media.captions.words import Word, tidied

LETTERING = Lettering()
SPOKEN = (
    "When the last editor goes home, the night desk begins its round. It reads every feed, "
    "weighs what is new, and by morning a reader finds the whole story."
)
CHINESE = "深夜编辑部在所有人睡觉的时候工作，早上一切都准备好了。"


def timed(text: str, each: float = 0.3) -> list[Word]:
    return [Word(word, n * each, (n + 1) * each - 0.05) for n, word in enumerate(text.split())]


def sheet(text: str, name: str = "clean", size: tuple[int, int] = (1080, 1920)) -> Sheet:
    words = timed(text)
    return laid_out(words, words[-1].end + 1, Layout(*size, style(name)), LETTERING)


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("size", [(1080, 1920), (1080, 1080), (1920, 1080), (270, 480)])
def test_lines_stay_within_the_safe_area(name: str, size: tuple[int, int]) -> None:
    long = SPOKEN + " Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft!"
    made = sheet(long, name, size)
    layout = made.layout
    for phrase in made.phrases:
        assert len(phrase.lines) <= layout.style.lines
        for line in phrase.texts:
            assert LETTERING.width(line, layout.em) + 2 * layout.edge <= layout.area.width + 1


def test_all_that_is_said_is_shown_once_in_order() -> None:
    for name in STYLES:
        shown = " ".join(" ".join(phrase.texts) for phrase in sheet(SPOKEN, name).phrases)
        assert shown == SPOKEN


def test_phrases_follow_one_another_and_hold_what_is_said() -> None:
    made = sheet(SPOKEN)
    for phrase, after in zip(made.phrases, made.phrases[1:], strict=False):
        assert phrase.start < phrase.end <= after.start
    for phrase in made.phrases:
        assert all(phrase.start <= word.start < phrase.end for word in phrase.words)


def test_a_phrase_ends_with_its_sentence_and_after_a_pause() -> None:
    words = [Word("Done.", 0, 0.4), Word("Next", 0.45, 0.8), Word("then", 1.5, 1.9)]
    made = laid_out(words, 3, Layout(1080, 1920, style("clean")), LETTERING)
    assert [phrase.texts for phrase in made.phrases] == [("Done.",), ("Next",), ("then",)]


def test_words_after_the_scene_are_not_shown_and_none_outlasts_it() -> None:
    made = laid_out(timed(SPOKEN), 2.0, Layout(1080, 1920, style("clean")), LETTERING)
    assert made.phrases[-1].end <= 2.0
    assert all(word.start < 2.0 for phrase in made.phrases for word in phrase.words)


def test_ideographs_break_between_phrases_and_never_before_closing_signs() -> None:
    words = [Word(CHINESE, 0.0, 8.0)]
    made = laid_out(words, 9, Layout(540, 960, style("plain"), "zh"), LETTERING)
    lines = [line for phrase in made.phrases for line in phrase.texts]
    assert "".join(lines) == CHINESE
    assert not any(line.startswith(("，", "。")) for line in lines)
    starts = [phrase.start for phrase in made.phrases]
    assert starts == sorted(starts)
    assert {"深夜编辑部", "在所有人睡觉的"} <= {word.text for phrase in made.phrases for word in phrase.words}
    assert not made.missing


def test_letters_without_a_font_are_named_and_left_out_of_what_is_burned() -> None:
    made = sheet("Party 🎉 tonight")
    text, _ = ass([Part(made, 0)], 3, LETTERING)
    assert made.missing == {"🎉"}
    assert "🎉" not in text
    assert "🎉" in srt(cues([(0.0, made)]))


def test_each_script_gets_a_font_that_has_it() -> None:
    _, fonts = ass([Part(sheet("night مرحبا שלום नमस्ते"), 0)], 3, LETTERING)
    assert {font.name for font in fonts} == {
        "Inter Display ExtraBold",
        "Noto Sans Arabic",
        "Noto Sans Hebrew",
        "Noto Sans Devanagari",
    }


def test_the_word_being_said_has_the_accent() -> None:
    made = laid_out(timed("one two three"), 2, Layout(1080, 1920, style("clean", "#ff0000")), LETTERING)
    text, _ = ass([Part(made, 0)], 2, LETTERING)
    shown = [line for line in text.splitlines() if line.startswith("Dialogue")]
    assert len(shown) == 3
    for line, word in zip(shown, ("one", "two", "three"), strict=True):
        assert line.count("&H0000FF&") == 1
        assert "&H0000FF&}" + word in line


def test_a_segment_shows_only_its_own_time() -> None:
    made = sheet(SPOKEN)
    begins, _ = ass([Part(made, 0)], 1.0, LETTERING)
    later, _ = ass([Part(made, 1.0)], 1.0, LETTERING)
    assert "0:00:01.01" not in begins + later
    assert begins != later
    assert ass([Part(made, 100)], 1.0, LETTERING) == ("", [])


def test_marks_of_the_format_are_escaped() -> None:
    assert escaped("{\\b1}") == "\\{\\\u2060b1\\}"
    assert "\n" not in "".join(word.text for word in tidied([Word("a\nb\r\tc\x00", 0, 1)]))
    assert [word.text for word in tidied([Word("a\nb", 0, 1)])] == ["a", "b"]


def test_direction_signs_that_would_turn_other_text_are_dropped() -> None:
    assert [word.text for word in tidied([Word("safe\u202egpj.exe", 0, 1)])] == ["safegpj.exe"]


def test_files_beside_the_video_escape_what_they_would_read_as_marks() -> None:
    shown = [(0.0, 1.5, "a <b> & c --> d"), (3661.2, 3662.0, "two\nlines")]
    assert vtt(shown) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt;b&gt; &amp; c --&gt; d\n"
        "\n01:01:01.200 --> 01:01:02.000\ntwo\nlines\n"
    )
    assert srt(shown).startswith("1\n00:00:00,000 --> 00:00:01,500\na <b> & c → d\n\n2\n01:01:01,200")


def test_the_safe_area_is_inside_every_platforms_own() -> None:
    area = safe_area(1080, 1920)
    for margins in VERTICAL.values():
        assert area.left >= round(margins.left * 1080)
        assert area.top >= round(margins.top * 1920)
        assert area.right <= round((1 - margins.right) * 1080)
        assert area.bottom <= round((1 - margins.bottom) * 1920)
    assert safe_area(1920, 1080).bottom == 1026


def test_a_video_that_may_go_anywhere_is_kept_off_every_platforms_buttons() -> None:
    assert safe_area(1080, 1920, ()) == safe_area(1080, 1920)
    assert safe_area(1080, 1920, ("x",)).bottom == 1824
