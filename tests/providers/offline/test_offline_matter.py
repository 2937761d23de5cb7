"""An article keeps to its own matter: the right procedure, an opening on its subject, sections in order."""

import re

import pytest

from nightdesk.providers.text.offline.articles import write_article
from nightdesk.providers.text.offline.pictures import prompt_pictures
from nightdesk.providers.text.questions import (
    ArticleToWrite,
    ArticleWritten,
    ContentToPicture,
    OutlineSection,
    Passage,
    SiteBrief,
    SourceDocument,
    Structure,
)

SITE = SiteBrief(name="Crumb", subject="Bread baking at home")
TITLES = {1: "Baking bread at home, step by step", 2: "Keeping a sourdough starter", 3: "Rye and its flour"}
LOAF = """## What a beginner needs
A beginner needs flour, water, salt and yeast to bake bread.
A kitchen scale that reads single grams makes every loaf repeatable.
A lidded iron pot of 5 quarts (4.7 L) keeps steam around the bread while it bakes.

## How to bake a loaf of bread
1. Mix 500 g of flour with 350 g of water, 10 g of salt and 7 g of yeast.
2. Knead the dough for ten minutes and let it rise for two hours.
3. Shape the bread and let it rise again for one hour.
4. Bake it in a covered pot at 450°F (232°C) for 40 minutes.

## How long bread takes
A loaf of bread takes about four hours from mixing to cooling.
Only about half an hour of that time is work for the baker.
Bread should cool for an hour before it is cut.

## Common mistakes with bread
Cutting bread while it is hot makes the crumb gummy.
Dough that rises too long spreads flat in the oven.
Bread that is baked too briefly has a pale and soft crust.
"""
STARTER = """## What a starter is
A starter is a mix of flour and water in which wild yeast and acid bacteria live.
A starter doubles in four to eight hours after feeding at 75°F (24°C).
A starter smells of yogurt and fruit when it is healthy.

## How to make a bread starter
1. Mix 50 g of rye flour with 50 g of water in a jar for the starter.
2. Leave the starter loosely covered for 24 hours.
3. Discard half of the starter and feed 50 g of flour and 50 g of water every day.
4. Use the starter for bread when it doubles within eight hours.

## How to store a starter
A starter keeps for about two weeks in the refrigerator between feedings.
A dried starter keeps for years in a closed jar.
A grey liquid on a starter is alcohol and can be stirred in.
"""
RYE = """## What rye flour is
Rye flour is flour milled from rye grain, and rye flour holds little gluten.
Rye flour takes up more water than wheat flour does.
Rye flour makes a dense crumb that keeps for a week.

## How to bake rye bread
1. Mix 500 g of rye flour with 425 g of water and 100 g of starter.
2. Fill the rye batter into an oiled pan and smooth the top.
3. Let the rye batter rise for four hours.
4. Bake the rye bread at 400°F (204°C) for 55 minutes.
"""


def cut(text: str, number: int) -> list[Passage]:
    return [
        Passage(document=number, text=section.strip())
        for section in re.split(r"^(?=## )", text, flags=re.M)[1:]
    ]


def written(title: str, *keywords: str, structure: Structure = "how_to") -> ArticleWritten:
    return write_article(
        ArticleToWrite(
            site=SITE,
            title=title,
            angle="",
            keywords=list(keywords) or [title.lower()],
            intent="informational",
            structure=structure,
            outline=[OutlineSection(heading="What it needs"), OutlineSection(heading="How it is done")],
            words=600,
            documents=[SourceDocument(number=number, title=name) for number, name in TITLES.items()],
            # The narrower things come first, as where their words are rarer.
            passages=[*cut(STARTER, 2), *cut(RYE, 3), *cut(LOAF, 1)],
        )
    )


def headings(article: ArticleWritten) -> list[str]:
    return re.findall(r"^## (.+)$", article.markdown, re.M)


def test_a_procedure_for_something_narrower_does_not_stand_in_for_the_titles_own() -> None:
    for title in ("How to bake bread", "How to make bread", "How to bake bread at home"):
        article = written(title)
        steps = re.search(r"^1\. (.+)$", article.markdown, re.M)
        assert steps, title
        assert steps[1].startswith("Mix 500 g of flour with 350 g"), title


def test_the_narrower_procedure_is_given_to_the_title_that_asks_for_it() -> None:
    rye = written("How to bake rye bread", "how to bake rye bread", "rye bread")
    starter = written("How to make a bread starter", "how to make a bread starter", "bread starter")
    assert "1. Mix 500 g of rye flour with 425 g" in rye.markdown
    assert "1. Mix 50 g of rye flour with 50 g" in starter.markdown


@pytest.mark.parametrize(
    ("title", "keyword", "others"),
    [("How to bake bread", "how to bake bread", ("starter", "rye")),
     ("How to store a starter", "how to store a starter", ("loaf", "rye"))],
)  # fmt: skip
def test_an_opening_speaks_of_the_titles_subject(title: str, keyword: str, others: tuple[str, ...]) -> None:
    opening = re.sub(r"^#.*$", "", written(title, keyword).markdown, flags=re.M).strip().split("\n")[0]
    assert not any(other in opening.casefold() for other in others), opening


def test_what_is_needed_comes_before_the_steps_and_what_goes_wrong_comes_last() -> None:
    found = headings(written("How to bake bread"))
    steps = next(
        place for place, name in enumerate(found) if "loaf" in name or "tep" in name or "order" in name
    )
    assert found.index("Common mistakes with bread") == len(found) - 1
    if "What a beginner needs" in found:
        assert found.index("What a beginner needs") < steps < found.index("How long bread takes")


def test_sections_on_what_only_another_source_is_about_stay_out_of_a_broad_article() -> None:
    for article in (written("How to bake bread"), written("Bread for beginners", structure="guide")):
        assert not [name for name in headings(article) if "starter" in name or "rye" in name]


def test_a_section_is_told_in_the_order_of_its_source() -> None:
    article = written("How to bake bread").markdown
    told = [
        article.find(text)
        for text in ("takes about four hours", "half an hour of that time", "cool for an hour")
    ]
    assert -1 not in told
    assert told == sorted(told)


def test_the_description_is_the_opening_of_the_article() -> None:
    article = written("How to store a starter", "how to store a starter", "sourdough starter")
    prose = re.sub(r"\[\^\d+\]", "", article.markdown)
    first = re.split(r"(?<=\.) ", article.meta_description)[0]
    assert first.split()[0] in {"A", "Rye", "Bread", "Only", "Cutting", "The"}
    assert prose.find(first) < 400


def test_answers_after_an_article_are_cited_and_ask_nothing_that_is_told_already() -> None:
    article = written(
        "How to store a starter", "how to store a starter", "what is a starter", "how long does bread take"
    )
    assert all(re.search(r"\[\^\d+\]", entry.answer) for entry in article.faq)
    assert not [entry for entry in article.faq if entry.question.rstrip("?") in headings(article)]


@pytest.mark.parametrize(
    ("title", "alt"),
    [
        ("How to make leaf mold, step by step", "Making leaf mold"),
        ("What rye flour is, and what it does", "Rye flour"),
        ("How to bake", "Baking"),
        ("Bread pans, judged by the facts", "Bread pans"),
        ("What to know about hydration", "Hydration"),
        ("How much water does dough need?", "How much water does dough need?"),
        ("What worms eat and what to avoid", "What worms eat and what to avoid"),
    ],
)
def test_an_alternative_text_is_a_phrase_that_stands_alone(title: str, alt: str) -> None:
    asked = ContentToPicture(site=SITE, title=title, summary="", headings=[], in_article=0)
    assert prompt_pictures(asked).pictures[0].alt == alt
