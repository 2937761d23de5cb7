"""The small English of the offline provider: questions, subjects, flow, like statements."""

import pytest

from nightdesk.providers.text.offline.asking import as_question, questions_in
from nightdesk.providers.text.offline.draft import escaped
from nightdesk.providers.text.offline.facts import parallels
from nightdesk.providers.text.offline.flow import flowing
from nightdesk.providers.text.offline.naming import as_thing
from nightdesk.providers.text.offline.sentences import figures, weigh
from nightdesk.providers.text.offline.statements import subject_of


@pytest.mark.parametrize(
    ("phrase", "question"),
    [
        ("can you compost bread", "Can you compost bread?"),
        ("how often to turn compost", "How often should you turn compost?"),
        ("how to sift compost", "How do you sift compost?"),
        ("How long composting takes", "How long does composting take?"),
        ("What greens and browns are", "What are greens and browns?"),
        ("Why a compost pile heats up", "Why does a compost pile heat up?"),
        ("how much compost do i need", "How much compost do I need?"),
        ("What worms eat and what to avoid", "What do worms eat?"),
        ("Kinds of compost bins", "What kinds of compost bins are there?"),
        ("Bokashi compared with compost", "How does bokashi compare with compost?"),
        ("how many worms for compost bin", ""),
        ("compost tumbler", ""),
    ],
)
def test_phrases_become_well_formed_questions_or_none(phrase: str, question: str) -> None:
    assert as_question(phrase) == question


def test_a_question_that_is_spelled_in_several_ways_is_one():
    phrases = ["can you compost eggshells", "can you compost egg shells", "Can you compost egg-shells?"]
    assert questions_in([*phrases, "can you compost bread"]) == [
        "Can you compost eggshells?",
        "Can you compost bread?",
    ]


@pytest.mark.parametrize(
    ("phrase", "thing"),
    [
        ("how to lower soil ph", "lowering soil ph"),
        ("can you compost bread", "composting bread"),
        ("what is leaf mold", "leaf mold"),
        ("best compost bin", "compost bin"),
        ("why does my compost smell", ""),
    ],
)
def test_a_search_becomes_a_thing_to_write_about(phrase: str, thing: str) -> None:
    assert as_thing(phrase) == thing


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("Food waste makes up about 24 percent of waste.", "Food waste"),
        ("A bin of 80 gallons suits most households.", "A bin of 80 gallons"),
        ("Finished compost usually has a pH between 6 and 8.", "Finished compost"),
        ("Grass clippings and wet leaves pack into mats.", "Grass clippings and wet leaves"),
    ],
)
def test_the_subject_of_a_plain_statement_is_found(sentence: str, subject: str) -> None:
    found = subject_of(sentence)
    assert found is not None
    assert found[0] == subject


def test_a_subject_said_twice_becomes_a_pronoun_once() -> None:
    said = flowing(["Leaf mold is dark.", "Leaf mold holds water.", "Leaf mold rots slowly."])
    assert said == ["Leaf mold is dark.", "It holds water.", "Leaf mold rots slowly."]


def test_no_pronoun_follows_a_sentence_that_names_another_thing() -> None:
    said = ["Leaf mold is cold, while compost is hot.", "Leaf mold holds water."]
    assert flowing(said) == said


def test_statements_built_alike_become_a_table() -> None:
    texts = [
        "Straw has a C:N ratio of about 40:1 to 100:1.",
        "Bark has a C:N ratio of about 100:1 to 130:1.",
        "Autumn leaves have a C:N ratio of about 30:1 to 80:1, depending on the tree.",
    ]
    (family,) = parallels([weigh(text, 2, 0, place) for place, text in enumerate(texts)])
    assert family.table.header[1] == "C:N ratio"
    assert [tuple(cell.text for cell in row) for row in family.table.rows] == [
        ("Straw", "about 40:1 to 100:1"),
        ("Bark", "about 100:1 to 130:1"),
        ("Autumn leaves", "about 30:1 to 80:1, depending on the tree"),
    ]


def test_figures_are_told_from_years_and_names() -> None:
    assert figures("In 1994 ASTM D6400 asked for 90% of CO2 within 180 days at 58°C.") == (
        "90%",
        "180",
        "58°C",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [("# no heading", r"\# no heading"), ("3. no list", r"3\. no list"), ("a < b_c", r"a &lt; b\_c")],
)
def test_text_cannot_become_markdown(text: str, shown: str) -> None:
    assert escaped(text) == shown
