"""Where the sources say nothing, the answer is a brief, and says so."""

from collections.abc import Callable

from nightdesk.providers.text.offline.articles import write_article
from nightdesk.providers.text.questions import ArticleToWrite, OutlineSection, Passage

Asked = Callable[..., ArticleToWrite]


def test_without_passages_the_answer_is_a_brief_that_says_so_first(kettle_article: Asked) -> None:
    article = write_article(kettle_article(passages=[], documents=[]))
    assert article.markdown.startswith(
        "**This is a brief, not an article: no document has been gathered on it.**"
    )
    assert article.meta_title.startswith("Brief: ")


def test_a_brief_asks_the_questions_of_the_keywords_and_the_plan(kettle_article: Asked) -> None:
    plan = [OutlineSection(heading="How long a kettle lasts", points=["why kettles fail"])]
    brief = write_article(kettle_article(passages=[], outline=plan)).markdown
    assert "- How much power does a kettle use?" in brief
    assert "- How long does a kettle last?" in brief
    assert "- Why do kettles fail?" in brief
    assert "1. How long a kettle lasts" in brief


def test_passages_on_something_else_make_a_brief_not_an_article(kettle_article: Asked) -> None:
    other = [Passage(document=4, text="## Roses\nRoses bloom in June. Roses need sun for six hours a day.")]
    assert "brief, not an article" in write_article(kettle_article(passages=other)).markdown


def test_a_brief_makes_no_claim_and_cites_nothing(kettle_article: Asked) -> None:
    brief = write_article(kettle_article(passages=[])).markdown
    assert "[^" not in brief
    assert brief.count("\n## ") == 3
