"""What a searcher wants, read from the words around the subject."""

import pytest

from nightdesk.lines.article.grouping import classify_intent, lexicon_for

ENGLISH = lexicon_for("en")


@pytest.mark.parametrize(
    ("phrase", "intent", "structure"),
    [
        ("what is an air purifier", "informational", "guide"),
        ("how to clean an air purifier", "informational", "how_to"),
        ("can you compost bread", "informational", "faq"),
        ("balcony garden ideas", "informational", "list"),
        ("best air purifier for pets", "commercial", "list"),
        ("air purifier reviews", "commercial", "review"),
        ("is an air purifier worth it", "commercial", "review"),
        ("air purifier vs humidifier", "commercial", "comparison"),
        ("which is better air purifier or humidifier", "commercial", "comparison"),
        ("air purifier buying guide", "commercial", "guide"),
        ("buy air purifier online", "transactional", "list"),
        ("air purifier amazon", "transactional", "list"),
        ("plumber near me", "transactional", "list"),
        ("acme login", "navigational", "faq"),
    ],
)
def test_a_marked_phrase_says_what_is_wanted(phrase: str, intent: str, structure: str) -> None:
    wanted = classify_intent(phrase, ENGLISH)
    assert (wanted.intent, wanted.structure, wanted.marked) == (intent, structure, True)


@pytest.mark.parametrize(
    "phrase", ["air quality monitor", "heart rate monitor", "soil test", "guide dog", ""]
)
def test_words_that_belong_to_the_subject_are_no_marks(phrase: str) -> None:
    assert not classify_intent(phrase, ENGLISH).marked


def test_of_several_intents_the_one_nearest_to_an_act_decides() -> None:
    assert classify_intent("where to buy the best air purifier", ENGLISH).intent == "transactional"
    assert classify_intent("what is the best air purifier", ENGLISH).intent == "commercial"


def test_other_languages_use_their_own_marks() -> None:
    assert classify_intent("Luftreiniger kaufen", lexicon_for("de-AT")).intent == "transactional"
    assert classify_intent("qué es un purificador", lexicon_for("es")).intent == "informational"
