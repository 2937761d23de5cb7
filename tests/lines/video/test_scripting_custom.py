"""A person's own script: split into scenes, every word kept, speakers told apart; what a voice can say."""

import pytest

from nightdesk.kit.endings import Refused
from nightdesk.lines.video.scripting.custom import from_custom
from nightdesk.lines.video.scripting.speaking import spoken
from nightdesk.providers.text.pace import seconds_of

LONG = " ".join(f"Sentence number {n} tells of the heap in the yard behind the old house." for n in range(9))


def test_paragraphs_part_scenes_and_long_ones_are_parted_by_sentences() -> None:
    made = from_custom(f"A heap grows warm.\n\n{LONG}", 40, "en")
    assert made.scenes[0].says == "A heap grows warm."
    assert len(made.scenes) > 3
    assert all(seconds_of(scene.says, "en") <= 12 for scene in made.scenes)
    assert " ".join(scene.says for scene in made.scenes[1:]) == LONG


@pytest.mark.parametrize("names", [("A", "B"), ("ANNA", "TOM"), ("Anna", "Tom")])
def test_names_before_colons_make_two_speakers(names: tuple[str, str]) -> None:
    a, b = names
    made = from_custom(f"{a}: Is it warm?\n{b}: It is.\n{a}: How warm?\n{b}: Note: 60 °C.", 10, "en")
    assert [(scene.speaker, scene.says) for scene in made.scenes] == [
        (0, "Is it warm?"),
        (1, "It is."),
        (0, "How warm?"),
        (1, "Note: 60 °C."),
    ]


def test_a_word_before_a_colon_is_no_speaker() -> None:
    made = from_custom("Note: turn it weekly.\n\nAlways: keep it moist.", 5, "en")
    assert [scene.says for scene in made.scenes] == ["Note: turn it weekly.", "Always: keep it moist."]
    assert {scene.speaker for scene in made.scenes} == {0}


def test_headings_name_scenes_and_their_pictures() -> None:
    made = from_custom("# The warm heap\n\nIt steams in winter.\n\n[Hands in gloves]\nTurn it.", 5, "en")
    assert [scene.heading for scene in made.scenes] == ["The warm heap", "Hands in gloves"]
    assert made.scenes[1].prompt.startswith("Hands in gloves. ")
    assert made.title == "The warm heap"


def test_chinese_is_split_by_its_own_full_stops() -> None:
    text = "堆肥的热量来自分解有机物的细菌。" * 6
    made = from_custom(text, 30, "zh")
    assert len(made.scenes) > 1
    assert "".join(scene.says for scene in made.scenes) == text


def test_a_script_far_from_its_time_is_kept_and_told_so() -> None:
    report = from_custom("Far too short.", 60, "en").checks["script"]
    assert [finding["code"] for finding in report["findings"]] == ["too_short", "scenes"]


@pytest.mark.parametrize("text", ["", "  \n\n ", "🌱🌱\n\nhttps://example.org"])
def test_a_script_without_words_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no words"):
        from_custom(text, 30, "en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "About **131 °F** (55 °C), i.e. 2 % & C:N 30:1.",
            "About 131 °F (55 °C), i.e. 2 % & C:N 30:1.",
        ),
        ("See [the leaflet](https://example.org/a?b=1) 🌱🇩🇪👩‍🌾!", "See the leaflet!"),
        ("More at https://example.org/a, or mail me@example.org.", "More at, or mail."),
        ("More at http://", "More at"),
        ("It ends in https:// and www.", "It ends in and www."),
        ("# Heading\n- one\n> two [^3]", "Heading one two"),
        ("snake_case_name, 3 * 4 * 5 and 2*3*4", "snake_case_name, 3 * 4 * 5 and 2*3*4"),
        ("<b>Bold</b> claims", "Bold claims"),
        ("مرحبا 👋 بالعالم؟", "مرحبا بالعالم؟"),
    ],
)
def test_only_what_no_voice_can_say_goes(text: str, said: str) -> None:
    assert spoken(text) == said
