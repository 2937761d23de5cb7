"""The lexicon as data that a site can extend, and what happens to data that cannot be read."""

import pytest

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.grouping import Phrase, classify_intent, group, lexicon_for

ENGLISH = lexicon_for("en")


def test_inflected_forms_fold_into_one() -> None:
    same = [
        ("cleaning", "clean"),
        ("running", "runs"),
        ("baking", "bakes"),
        ("pricing", "prices"),
        ("batteries", "battery"),
        ("boxes", "box"),
        ("children", "kids"),
        ("changing", "change"),
        ("colours", "color"),
    ]
    assert [(a, b) for a, b in same if ENGLISH.fold(a) != ENGLISH.fold(b)] == []


def test_words_that_only_look_inflected_stay_what_they_are() -> None:
    apart = [("leave", "leaf"), ("speed", "spe"), ("glass", "glas"), ("king", "k"), ("care", "car")]
    assert [(a, b) for a, b in apart if ENGLISH.fold(a) == ENGLISH.fold(b)] == []


def test_every_shipped_lexicon_can_be_read_and_an_unknown_language_gets_the_neutral_one() -> None:
    assert [lexicon_for(name).language for name in ("en_GB", "DE", "es", "sw", "")] == [
        "en",
        "de",
        "es",
        "neutral",
        "neutral",
    ]


def test_a_site_adds_its_own_modifiers_and_synonyms() -> None:
    own = ENGLISH.extended(
        {
            "modifiers": [{"intent": "transactional", "terms": ["flash drop"]}],
            "same": {"sneaker": ["kicks", "trainers"]},
        }
    )
    found = group([Phrase("flash drop sneakers"), Phrase("buy trainers"), Phrase("kicks price")], own)
    assert len(found) == 1
    assert classify_intent("best sneakers", own).intent == "commercial"


def test_a_site_takes_out_a_term_that_means_something_else_to_it() -> None:
    assert not classify_intent("black friday", ENGLISH.extended({"forget": ["black friday"]})).marked
    assert classify_intent("black friday", ENGLISH).marked


def test_a_site_whose_years_are_models_keeps_them() -> None:
    phrases = [Phrase("roadster 2015 problems"), Phrase("roadster 2016 problems")]
    assert len(group(phrases, ENGLISH)) == 1
    assert len(group(phrases, ENGLISH.extended({"years": None}))) == 2


def test_extending_leaves_the_shipped_lexicon_as_it_was() -> None:
    before = ENGLISH.fold("kicks")
    ENGLISH.extended({"same": {"sneaker": ["kicks"]}, "stop": ["purifier"]})
    assert ENGLISH.fold("kicks") == before
    assert "purifier" not in ENGLISH.dropped


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"modifiers": [{"intent": "selling", "terms": ["x"]}]}, "modifiers.0.intent"),
        ({"modifiers": [{"intent": "commercial", "terms": []}]}, "modifiers.0.terms"),
        ({"stopp": ["x"]}, "stopp"),
        ({"forget": "best"}, "forget"),
        ({"endings": [{"cut": ""}]}, "endings.0.cut"),
    ],
)
def test_a_lexicon_that_cannot_be_read_is_refused_with_the_place(data: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        ENGLISH.extended(data)
