"""Grouping of keywords: what belongs together comes together, what does not stays apart."""

import numpy as np
import pytest

from nightdesk.lines.article.grouping import Group, Phrase, group, lexicon_for

ENGLISH = lexicon_for("en")


def grouped(*texts: str, language: str = "en") -> list[Group]:
    return group([Phrase(text, 10) for text in texts], lexicon_for(language))


def together(*texts: str, beside: tuple[str, ...] = (), language: str = "en") -> bool:
    found = grouped(*texts, *beside, language=language)
    return any(set(texts) <= {member.text for member in one.members} for one in found)


@pytest.mark.parametrize(
    "texts",
    [
        ("best air purifier for pets", "air purifiers for pets best", "Top 10 Air Purifier for Pets 2026"),
        ("best air purifier for pets", "air purifier for pet hair"),
        ("air purifier vs humidifier", "humidifier versus air purifier"),
        ("difference between compost and mulch", "compost vs mulch"),
        ("how to clean an air purifier", "best way to clean air purifiers", "cleaning an air purifier"),
        (
            "buy air purifier",
            "air purifier price",
            "where can I buy an air purifier",
            "air purifiers near me",
        ),
        ("women's running shoes", "running shoes for women"),
        ("best smartphones", "top rated smart phones"),
        ("what is leaf mold", "leaf mould"),
        ("how much does a heat pump cost", "heat pump price"),
    ],
)
def test_phrases_that_mean_the_same_come_together(texts: tuple[str, ...]) -> None:
    assert together(*texts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how to clean air purifier", "buy air purifier"),
        ("air purifier vs humidifier", "best air purifier"),
        ("best air purifier", "best air purifier for pets"),
        ("best running shoes for flat feet", "best running shoes for wide feet"),
        ("pdf to word", "word to pdf"),
        ("iphone 14 battery life review", "iphone 15 battery life review"),
        ("rent a car", "buy a car"),
        ("best portable air conditioner", "best portable air conditioner for camping"),
        ("bokashi composting", "bokashi vs composting"),
        ("air quality monitor reviews", "air monitor reviews"),
        ("heart rate monitor", "heart monitor"),
        ("how to plant tomatoes", "when to plant tomatoes"),
        ("coffee with sugar", "coffee without sugar"),
    ],
)
def test_phrases_that_differ_in_substance_stay_apart(one: str, other: str) -> None:
    assert not together(one, other)


def test_a_misspelt_word_is_read_as_the_word_that_the_list_knows() -> None:
    assert together(
        "air purifer price", "air purifier price", beside=("best air purifier", "air purifier reviews")
    )


def test_a_short_word_that_is_a_word_of_its_own_is_no_misspelling() -> None:
    assert not together("black shirt", "black short", beside=tuple(f"{c} shirt" for c in ["red", "blue"]))


def test_a_subject_with_many_aspects_takes_none_of_them_in() -> None:
    aspects = ("steel", "glass", "copper", "plastic")
    found = grouped("insulated water bottle", *(f"{aspect} insulated water bottle" for aspect in aspects))
    assert len(found) == 5


def test_german_and_spanish_phrases_are_read_with_their_own_lexicon() -> None:
    assert together("Luftreiniger Test", "die besten Luftreiniger", "Luftreiniger Erfahrungen", language="de")
    assert not together("Luftreiniger kaufen", "Luftreiniger Test", language="de")
    assert together("mejor purificador de aire", "purificadores de aire opiniones", language="es")
    assert not together("cómo limpiar un purificador", "comprar purificador", language="es")


def test_an_unknown_language_still_folds_word_order_case_and_accents() -> None:
    assert together("purificateur d'air chat", "Chat purificateur d’air", language="fr")


def test_phrases_in_scripts_without_spaces_are_kept_and_compared() -> None:
    found = grouped("空气净化器", "空气净化器", "咖啡机", language="zh")
    assert sorted(len(one.members) for one in found) == [1, 2]


def test_the_most_searched_member_speaks_for_the_group() -> None:
    found = group([Phrase("top air purifiers", 50), Phrase("best air purifier", 900)], ENGLISH)
    assert [one.representative for one in found] == [Phrase("best air purifier", 900)]
    assert found[0].volume == 950
    assert found[0].positions == (1, 0)


def test_a_phrase_that_does_not_say_how_it_is_meant_goes_with_the_most_searched_intent() -> None:
    found = group(
        [
            Phrase("worm farm", 5000),
            Phrase("buy worm farm", 70),
            Phrase("best worm farm", 800),
            Phrase("worm farm vs compost", 900),
        ],
        ENGLISH,
    )
    home = next(one for one in found if Phrase("worm farm", 5000) in one.members)
    assert home.intent == "commercial"
    assert len(found) == 3


def test_a_modifier_that_no_lexicon_knows_is_learnt_from_the_company_it_keeps() -> None:
    things = ["kettle", "toaster", "blender", "juicer", "freezer", "wok", "grater", "peeler"]
    known = [f"{word} {thing}" for thing in things for word in ("best", "buy", "cheap", "what is a")]
    unknown = [f"{thing} whizbang" for thing in things]
    found = group([Phrase(text, 1) for text in known + unknown], ENGLISH)
    keys = {one.representative.text: one.key for one in found}
    assert {keys[text] for text in unknown} == {f"unknown:{ENGLISH.fold(thing)}" for thing in things}


def test_an_aspect_that_is_searched_with_modifiers_too_is_not_taken_for_one() -> None:
    things = ["kettle", "toaster", "blender", "juicer", "freezer", "wok", "grater", "peeler"]
    known = [f"{word} {thing}" for thing in things for word in ("best", "buy", "what is a")]
    aspect = [f"{thing} camping" for thing in things] + [f"best {thing} for camping" for thing in things]
    found = group([Phrase(text, 1) for text in known + aspect], ENGLISH)
    assert not any(one.key.startswith("unknown") for one in found)
    assert sum(len(one.members) == 2 and "camp" in one.key for one in found) == len(things)


def test_vectors_add_merges_of_what_means_the_same_and_veto_those_that_only_look_alike() -> None:
    texts = [
        "best cosy blanket sofa bed",
        "best plush blanket sofa bed",
        "best sofa bed",
        "best sofa bed frame",
    ]
    texts += ["best wool blanket sofa bed", "best folding sofa bed"]
    directions = [0, 0, 1, 2, 3, 4]
    vectors = np.eye(5, dtype=np.float32)[directions]
    with_vectors = group([Phrase(text, 1) for text in texts], ENGLISH, vectors=vectors)
    assert sorted(len(one.members) for one in with_vectors) == [1, 1, 1, 1, 2]
    assert {m.text for one in with_vectors if len(one.members) == 2 for m in one.members} == set(texts[:2])
    alike = ["best pet odour remover", "best cat pet odour remover"]
    assert len(group([Phrase(text, 1) for text in alike], ENGLISH)) == 1
    far = np.eye(2, dtype=np.float32)
    assert len(group([Phrase(text, 1) for text in alike], ENGLISH, vectors=far)) == 2


def test_vectors_of_another_number_than_the_phrases_are_refused() -> None:
    with pytest.raises(ValueError, match="1 vectors for 2 phrases"):
        group([Phrase("a"), Phrase("b")], ENGLISH, vectors=np.ones((1, 4), dtype=np.float32))


def test_a_phrase_as_long_as_a_book_is_a_group_like_any_other() -> None:
    book = " ".join(f"word{number}" for number in range(20_000))
    assert len(grouped(book, "x" * 100_000, "best kettle")) == 3


def test_no_phrases_make_no_groups() -> None:
    assert group([], ENGLISH) == []
