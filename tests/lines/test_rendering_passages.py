"""The passages that an article is written from are those that speak of it, from several documents."""

import random

from nightdesk.lines.passages import in_reading_order, pick

LETTUCE = (1, "Lettuce seedlings need twelve hours of light a day.")
WORMS = (2, "Red wigglers turn kitchen scraps into castings.")
LAMPS = (3, "Grow lights for lettuces use about 20 watts.")


def test_passages_that_speak_most_of_the_query_come_first() -> None:
    assert pick([WORMS, LAMPS, LETTUCE], ["lettuce seedlings"]) == [LETTUCE, LAMPS]


def test_a_passage_without_any_word_of_the_query_is_not_picked() -> None:
    assert pick([WORMS], ["lettuce"]) == []


def test_endings_of_a_word_count_as_the_word_and_other_words_do_not() -> None:
    passages = [
        (1, "Tomatoes ripen."),
        (2, "The tomato ripens."),
        (3, "Automatons ripen."),
        (4, "Tomatorium"),
    ]
    assert {document for document, _ in pick(passages, ["tomatoes"])} == {1}
    assert {document for document, _ in pick(passages, ["tomato"])} == {1, 2}


def test_a_short_word_is_looked_for_as_it_is() -> None:
    passages = [(1, "An LED lasts."), (2, "It ledged.")]
    assert pick(passages, ["LED"]) == [passages[0]]


def test_one_long_document_does_not_crowd_out_the_others() -> None:
    crowd = [(1, f"Lettuce lettuce lettuce number {n}.") for n in range(50)]
    others = [(n, f"Here lettuce grows beside crop {n} in a row of its own.") for n in range(2, 8)]
    assert len({document for document, _ in pick([*crowd, *others], ["lettuce"], k=20)}) == 7


def test_what_is_said_twice_is_picked_once() -> None:
    assert pick([LETTUCE, (9, LETTUCE[1].upper())], ["lettuce"]) == [LETTUCE]


def test_rare_words_weigh_more_than_words_that_are_everywhere() -> None:
    passages = [(n, f"Lettuce grows in bed {n}.") for n in range(20)] + [(99, "Oxalis grows too.")]
    assert pick(passages, ["lettuce", "oxalis"], k=1) == [(99, "Oxalis grows too.")]


def test_nothing_to_pick_from_or_to_look_for_gives_nothing() -> None:
    assert pick([], ["lettuce"]) == []
    assert pick([LETTUCE], []) == []
    assert pick([LETTUCE], ["!?"]) == []
    assert pick([LETTUCE], ["lettuce"], k=0) == []


def test_scripts_without_spaces_are_searched_too() -> None:
    passages = [(1, "水耕栽培では土を使いません。"), (2, "トマトは日光を好みます。")]
    assert pick(passages, ["水耕栽培"]) == [passages[0]]


def test_five_thousand_passages_are_searched() -> None:
    chance = random.Random(7)
    words = [
        f"{a}{b}" for a in ("plant", "water", "light", "grow", "leaf") for b in ("", "s", "ing", "er", "ed")
    ]
    words += ["".join(chance.choices("abcdefghij", k=6)) for _ in range(2_000)]
    passages = [(n % 300, " ".join(chance.choices(words, k=80))) for n in range(5_000)]
    query = ["growing plants indoors", "water use", "light", "leaf", "grow tent"]
    picked = pick(passages, query)
    assert len(picked) == 40
    assert all(
        any(word in text for word in ("grow", "plant", "water", "light", "leaf")) for _, text in picked
    )


def test_a_document_named_for_the_matter_gives_more_than_one_named_for_something_narrower() -> None:
    cheese = [(1, f"## Aging\nCheese ages in cave {n} of stone.") for n in range(4)]
    goat = [(2, f"## Aging\nGoat cheese ages in cellar {n}, as goat milk asks.") for n in range(4)]
    titles = {1: "Making cheese", 2: "Goat cheese"}
    first = pick([*goat, *cheese], ["how to make cheese"], 4, main=["making cheese"], titles=titles)
    assert {document for document, _ in first} == {1}


def test_a_numbered_procedure_brings_its_document_with_it() -> None:
    steps = (1, "## How to press cheese\n1. Fill the mold.\n2. Press it for a day.")
    beside = (1, "## What is needed\nA press, a mold and a cloth.\nA day of cheese and patience.")
    others = [(n, f"## Cheese {n}\nCheese, cheese and more cheese of dairy {n}.") for n in range(2, 12)]
    titles = {1: "Pressing cheese"}
    main = ["how to press cheese"]
    picked = pick([*others, beside, steps], ["cheese"], 4, main=main, titles=titles, steps=True)
    assert {steps, beside} <= set(picked)


def test_a_list_of_references_is_picked_last() -> None:
    listed = (
        1,
        "## References\nCheese https://a.example\nCheese https://b.example\nCheese https://c.example",
    )
    assert pick([listed, (2, "Milk becomes cheese.")], ["cheese"])[-1] == listed


def test_what_is_picked_is_read_in_the_order_of_its_document() -> None:
    passages = [(1, "One."), (2, "Two."), (1, "Three."), (2, "Four.")]
    best = [passages[3], passages[2], passages[1], passages[0]]
    assert in_reading_order(best, passages) == [passages[1], passages[3], passages[0], passages[2]]
