"""A section compiled anew: from what the sources say on the note's words, or refused."""

from collections.abc import Callable

import pytest

from nightdesk.kit.endings import Refused
from nightdesk.providers.text.offline.sections import write_section
from nightdesk.providers.text.questions import ArticleToWrite, SectionToWrite

PRESENT = "A kettle of 3 kW boils one litre (1.06 quarts) in about 2 minutes.[^4]"
Asked = Callable[..., ArticleToWrite]


@pytest.fixture
def asked(kettle_article: Asked) -> Callable[..., SectionToWrite]:
    article = kettle_article()

    def ask(note: str, **changes: object) -> SectionToWrite:
        usual: dict[str, object] = {
            "site": article.site,
            "title": article.title,
            "headings": ["What a kettle is", "How much power a kettle uses"],
            "heading": "How much power a kettle uses",
            "note": note,
            "present": PRESENT,
            "words": 60,
            "documents": article.documents,
            "passages": article.passages,
        }
        return SectionToWrite.model_validate(usual | changes)

    return ask


def test_what_the_sources_say_on_the_note_comes_in_cited(asked: Callable[..., SectionToWrite]) -> None:
    made = write_section(asked("Say something about limescale, and about travel kettles")).markdown
    assert "Limescale makes a kettle slower and louder." in made
    assert "A travel kettle of 1 kW boils one litre in about 6 minutes.[^4]" in made
    assert not made.startswith("#")


def test_what_the_rest_of_the_article_says_is_not_said_again(asked: Callable[..., SectionToWrite]) -> None:
    rest = "## Scale\n\n- Limescale makes a kettle slower and louder.[^4]\n"
    made = write_section(asked("Say something about scale and limescale", rest=rest)).markdown
    assert "Limescale makes" not in made
    assert "usually has scale on its sensor" in made


def test_steps_that_the_note_asks_for_come_whole(asked: Callable[..., SectionToWrite]) -> None:
    made = write_section(asked("How does one descale it?")).markdown
    assert "1. Fill the kettle halfway" in made
    assert "3. Pour the mix away" in made


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("More about copper samovars", "anything new on “copper”, “samovars”"),
        ("Please make it shorter and simpler", "can be looked for by the words of the note"),
    ],
)
def test_a_note_that_no_source_speaks_of_is_refused(
    asked: Callable[..., SectionToWrite], note: str, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        write_section(asked(note))


def test_nothing_is_made_where_all_on_the_note_is_said_already(asked: Callable[..., SectionToWrite]) -> None:
    limescale = "Limescale makes a kettle slower and louder.[^4]"
    with pytest.raises(Refused, match="anything new on “limescale”"):
        write_section(asked("Say something about limescale", rest=limescale))
    with pytest.raises(Refused, match="The section stays as it was"):
        write_section(asked("Say something about limescale", passages=[], documents=[]))


def test_the_same_question_gets_the_same_answer(asked: Callable[..., SectionToWrite]) -> None:
    note = "Compare it with a pan on the hob"
    assert write_section(asked(note)) == write_section(asked(note))
