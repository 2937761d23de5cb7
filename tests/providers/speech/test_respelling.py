"""The lexicon changes what is said, never what is written; and every written word gets a time."""

import pytest

from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest, WordTime
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import divided
from nightdesk.providers.speech.respelling import Part, respelled, spoken_words
from nightdesk.providers.speech.timing import filled, written_times

LEXICON = {
    "Nginx": "engine X",
    "sql": "sequel",
    "New York City": "the big apple",
    "New York": "old Amsterdam",
}


def spoken(text: str) -> str:
    return " ".join(spoken_words(respelled(text, LEXICON)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nginx runs.", "engine X runs."),
        ("nginx runs.", "nginx runs."),
        ("Our “Nginx”, and SQL!", "Our “engine X”, and sequel!"),
        ("Nginx's port", "engine X's port"),
        ("(New York City) or New York.", "(the big apple) or old Amsterdam."),
        ("New  York\nis old", "old Amsterdam is old"),
        ("Postgresql stays", "Postgresql stays"),
        ("Sun ☀️ up 👍🏽", "Sun up"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_an_entry_stands_for_whole_words_and_phrases(text: str, said: str) -> None:
    assert spoken(text) == said


def test_times_are_told_of_the_words_as_they_are_written() -> None:
    parts = respelled("See New York City now ☀️", LEXICON)
    spans = [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 5.0)]
    assert parts[1] == Part(("New", "York", "City"), ("the", "big", "apple"))
    assert written_times(parts, spans) == (
        WordTime("See", 0.0, 1.0),
        WordTime("New", 1.0, pytest.approx(1.0 + 3 * 3 / 11)),
        WordTime("York", pytest.approx(1.0 + 3 * 3 / 11), pytest.approx(1.0 + 3 * 7 / 11)),
        WordTime("City", pytest.approx(1.0 + 3 * 7 / 11), 4.0),
        WordTime("now", 4.0, 5.0),
        WordTime("☀️", 5.0, 5.0),
    )


async def test_a_respelled_word_sounds_as_its_spelling_does() -> None:
    provider = open_speech(Choice("espeak"), Surroundings())
    by_lexicon = await provider.speak(SpeechRequest("Nginx works.", lexicon=LEXICON), ListMeter())
    by_hand = await provider.speak(SpeechRequest("engine X works."), ListMeter())
    await provider.aclose()
    assert by_lexicon.sound == by_hand.sound
    assert [word.text for word in by_lexicon.words] == ["Nginx", "works."]
    assert by_lexicon.words[0].end == by_hand.words[1].end


def test_words_without_a_time_share_that_of_the_word_ahead() -> None:
    known = [None, (1.0, 2.0), None, None, (1.5, 9.0)]
    spans = filled(["ab", "of", "—", "the", "end"], known, 4.0)
    assert spans == [
        (0.0, 1.0),
        (1.0, pytest.approx(1.4)),
        (pytest.approx(1.4), pytest.approx(1.4)),
        (pytest.approx(1.4), 2.0),
        (2.0, 4.0),
    ]


def test_a_long_text_is_divided_after_sentences_else_clauses_else_words() -> None:
    assert divided(["One", "two.", "Three", "four,", "five", "six"], 21) == [
        ["One", "two."],
        ["Three", "four,", "five", "six"],
    ]
    assert divided(["One", "two,", "three", "four"], 12) == [["One", "two,"], ["three", "four"]]
    assert divided(["One", "two", "three"], 7) == [["One", "two"], ["three"]]
    assert divided(["Donaudampfschifffahrt", "ab"], 7) == [["Donaudampfschifffahrt"], ["ab"]]
    assert divided(["One.", "—", "…"], 4) == [["One.", "—", "…"]]
