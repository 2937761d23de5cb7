"""Articles compiled from the demo's documents: cited, grounded, never repeating, each in its own shape."""

import itertools
import re
from collections import Counter
from collections.abc import Callable

import pytest

from nightdesk.kit.text import sentences
from nightdesk.providers.text.offline.articles import write_article
from nightdesk.providers.text.questions import ArticleToWrite, ArticleWritten, Structure

Asked = Callable[[str, Structure, list[str]], ArticleToWrite]
Pair = tuple[ArticleToWrite, ArticleWritten]

PLAN: tuple[tuple[str, Structure, list[str]], ...] = (
    ("Hot composting in plain words", "guide", ["hot composting", "berkeley hot composting method"]),
    ("Compost tumblers vs. bins, point by point", "comparison", ["compost tumbler vs bin"]),
    ("Leaf mold or compost: the differences", "comparison", ["leaf mold vs compost", "leaf mold"]),
    ("What worms eat, one by one", "list", ["what do compost worms eat", "worm bin food"]),
    ("How to lower soil pH", "how_to", ["how to lower soil ph", "how to raise soil ph"]),
    ("How to make leaf mold", "how_to", ["how to make leaf mold"]),
    ("Electric composters, judged by the facts", "review", ["best electric composter", "electric composter"]),
    ("Can you compost it? Short answers", "faq", [
        "can you compost eggshells", "can you compost bread", "can you compost citrus peels",
        "can you compost weeds", "can you compost cardboard",
    ]),
    ("Bokashi by the numbers", "guide", ["what is bokashi", "bokashi composting", "bokashi bran"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def written(demo_article: Asked) -> list[Pair]:
    asked = [demo_article(*one) for one in PLAN]
    return [(one, write_article(one)) for one in asked]


def statements(markdown: str) -> list[tuple[str, list[int]]]:
    """Each sentence outside headings with the documents that the run it stands in cites."""
    found = []
    for line in markdown.splitlines():
        if line.startswith(("#", "→", "| ---")) or not line.strip():
            continue
        cells = line.strip("| ").split(" | ") if line.startswith("|") else [re.sub(r"^(\d+\.|-) ", "", line)]
        for cell in cells:
            runs = re.findall(r"(.+?)((?:\[\^\d+\])+|$)", cell)
            for text, marks in runs:
                cited = [int(n) for n in re.findall(r"\d+", marks)]
                found += [(one.replace("\\", "").strip(), cited) for one in sentences(text)]
    return [(text, cited) for text, cited in found if len(text.split()) > 3]


def prose(article: ArticleWritten) -> list[str]:
    lines = "\n".join(line for line in article.markdown.splitlines() if not line.startswith("|"))
    return [text for text, _ in statements(lines)]


def test_no_sentence_stands_twice_in_an_article(written: list[Pair]) -> None:
    for asked, article in written:
        repeated = [text for text, times in Counter(prose(article)).items() if times > 1]
        assert not repeated, asked.title


def test_every_statement_is_cited_to_a_document_that_makes_it(written: list[Pair]) -> None:
    for asked, article in written:
        said: dict[int, str] = {}
        for passage in asked.passages:
            said[passage.document] = said.get(passage.document, "") + " " + " ".join(passage.text.split())
        for text in statements("\n".join(x for x in article.markdown.splitlines() if not x.startswith("|"))):
            sentence, cited = text
            # A subject may have become a pronoun; what is said of it may not have changed.
            ending = " ".join(sentence.split()[-5:])
            assert cited, f"{asked.title}: {sentence}"
            assert any(ending in said[number] for number in cited), f"{asked.title}: {sentence}"


def test_every_figure_stands_in_a_document_that_is_cited(written: list[Pair]) -> None:
    for asked, article in written:
        cited = {int(number) for number in re.findall(r"\[\^(\d+)\]", article.markdown)}
        said = " ".join(passage.text for passage in asked.passages if passage.document in cited)
        body = re.sub(r"\[\^\d+\]|^#+ \d+\. |^\d+\. ", "", article.markdown, flags=re.M)
        missing = [figure for figure in re.findall(r"\d+(?:[.,:]\d+)*", body) if figure not in said]
        assert not missing, asked.title


def test_articles_on_different_matters_share_hardly_a_sentence(written: list[Pair]) -> None:
    shares = {}
    for (one, first), (other, second) in itertools.combinations(written, 2):
        mine, theirs = set(prose(first)), set(prose(second))
        shares[one.title, other.title] = len(mine & theirs) / min(len(mine), len(theirs))
    # Two of them are on leaf mold, so they may share its facts.
    apart = {pair: share for pair, share in shares.items() if not all("eaf mold" in title for title in pair)}
    assert max(apart.values()) <= 0.25, max(apart, key=lambda pair: apart[pair])
    assert sum(apart.values()) / len(apart) <= 0.03


def test_each_structure_has_a_shape_of_its_own(written: list[Pair]) -> None:
    for asked, article in written:
        headings = re.findall(r"^## (.+)$", article.markdown, re.M)
        shape = {
            "comparison": article.markdown.count("| --- | --- | --- |") == 1,
            "list": all(re.match(rf"{n}\. ", heading) for n, heading in enumerate(headings, 1)),
            "how_to": bool(re.search(r"^1\. .+\n2\. .+\n3\. ", article.markdown, re.M)),
            "review": len(headings) >= 3 and not headings[0][0].isdigit(),
            "faq": all(heading.endswith("?") for heading in headings) and len(headings) >= 4,
            "guide": len(headings) >= 3,
        }
        assert shape[asked.structure], f"{asked.title}: {headings}"


def test_questions_whose_answers_come_to_little_make_way_for_a_guide_that_begins_with_one(
    demo_article: Asked,
) -> None:
    searches = ["compost temperature", "hot composting temperature"]
    asked = demo_article("How hot does a compost pile get?", "faq", searches)
    article = write_article(asked)
    assert len(article.markdown.split()) >= 0.6 * asked.words
    assert "131°F" in article.markdown.split("## ")[0]


def test_a_comparison_sets_figures_of_both_sides_into_its_table(written: list[Pair]) -> None:
    tables = {asked.title: article.markdown for asked, article in written if asked.structure == "comparison"}
    rows = re.findall(r"^\| (\w[\w ]*) \| (.+?) \| (.+?) \|$", tables[PLAN[1][0]], re.M)
    by_label = {label: (one, other) for label, one, other in rows}
    assert "35 to 60 gallons" in by_label["Size"][0]
    assert "80 to 120 gallons" in by_label["Size"][1]
    assert all("[^" in cell for cells in list(by_label.values())[1:] for cell in cells)


def test_no_section_is_empty_and_no_heading_comes_twice(written: list[Pair]) -> None:
    for asked, article in written:
        headings = re.findall(r"^## (.+)$", article.markdown, re.M)
        assert len(set(headings)) == len(headings), asked.title
        assert not re.search(r"^## .+\n+(?=## |\Z)", article.markdown, re.M), asked.title


def test_titles_and_descriptions_fit_a_result_page(written: list[Pair]) -> None:
    for _, article in written:
        assert 10 <= len(article.meta_title) <= 60
        assert 50 <= len(article.meta_description) <= 160
        assert article.meta_description.endswith((".", "…"))
        assert "[^" not in article.meta_description


def test_an_article_is_never_padded_beyond_the_words_asked(written: list[Pair]) -> None:
    for asked, article in written:
        assert len(re.findall(r"\w+", article.markdown)) <= asked.words * 1.3
