"""How hard a text is to read is measured by the formula of its language."""

import pytest

from nightdesk.quality import readability
from nightdesk.quality.syllables import counter

EASY = "The cat sat on the mat. It was warm. A dog came in. The cat ran off. The dog lay down. " * 3
HARD = (
    "Notwithstanding considerable interdisciplinary investigations, the physiological determinants "
    "of photosynthetic efficiency in controlled-environment horticultural installations remain "
    "insufficiently characterised, predominantly because instrumentation heterogeneity "
    "fundamentally compromises comparability. "
) * 3


@pytest.mark.parametrize(
    ("word", "language", "syllables"),
    [
        ("lettuce", "en", 2),
        ("table", "en", 2),
        ("houses", "en", 2),
        ("walked", "en", 1),
        ("wanted", "en", 2),
        ("electricity", "en", 5),
        ("the", "en", 1),
        ("landwirtschaft", "de", 3),
        ("bewässerung", "de", 4),
        ("häuser", "de", 2),
        ("agricultura", "es", 5),
        ("país", "es", 2),
        ("energía", "es", 4),
        ("brrr", "en", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, language: str, syllables: int) -> None:
    count = counter(language)
    assert count is not None
    assert count(word) == syllables


def test_short_words_and_sentences_are_easy_and_long_ones_are_hard() -> None:
    easy, hard = readability.check(EASY, "en"), readability.check(HARD, "en")
    assert easy.score == 100
    assert hard.score == 0
    assert hard.serious[0].code == "hard_to_read"
    assert easy.findings == []


def test_the_english_score_is_that_of_the_published_formula() -> None:
    # 17 words, 2 sentences, 18 syllables; three times over, which changes nothing.
    text = "The little cat sat on a mat. The old dog came in and lay down by it. " * 3
    expected = 206.835 - 1.015 * (17 / 2) - 84.6 * (18 / 17)
    assert readability.check(text, "en").facts["reading_ease"] == round(expected, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Salat braucht Licht. Das Wasser fließt durch die Rinne. Nach fünf Wochen ist er reif. "),
        ("es", "La lechuga necesita luz. El agua corre por el canal. A las cinco semanas está lista. "),
        ("fr", "La laitue a besoin de lumière. L'eau coule dans le canal. Elle est prête en cinq semaines. "),
        ("it", "La lattuga ha bisogno di luce. L'acqua scorre nel canale. Dopo cinque settimane è pronta. "),
        ("nl", "De sla heeft licht nodig. Het water stroomt door de goot. Na vijf weken is hij klaar. "),
        ("pt", "A alface precisa de luz. A água corre pelo canal. Depois de cinco semanas está pronta. "),
        ("ru", "Салату нужен свет. Вода течёт по каналу. Через пять недель он готов к столу. "),
    ],
)
def test_plain_text_is_readable_in_every_language_that_has_a_formula(language: str, text: str) -> None:
    report = readability.check(text * 4, f"{language}-XX")
    assert report.score is not None
    assert report.score >= 55
    assert report.facts["formula"]


def test_an_unknown_language_gets_no_score_but_its_sentences_are_counted() -> None:
    report = readability.check(EASY, "tlh")
    assert report.score is None
    assert report.facts["sentences"] == 15
    assert report.facts["longest_sentence"] == 6


def test_a_very_long_sentence_and_a_long_paragraph_are_told_with_their_place() -> None:
    sentence = "The pump " + "moves water and " * 20 + "stops."
    report = readability.check(f"{sentence}\n\n{EASY * 3}", "en")
    assert [f.code for f in report.findings] == ["very_long_sentence", "long_paragraph"]
    assert report.findings[0].where.startswith("The pump moves")


def test_many_long_sentences_are_a_warning() -> None:
    text = ("One pump " + "moves water and " * 11 + "stops. ") * 3 + "It rests."
    assert "many_long_sentences" in [f.code for f in readability.check(text, "en").findings]


def test_too_little_text_is_not_scored() -> None:
    assert readability.check("", "en").score is None
    assert readability.check("Lettuce grows.", "en").score is None
