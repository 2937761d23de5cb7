"""The demo's input is whole: keywords as exported, documents that can be cited, a site that can be read."""

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

INPUT = Path(str(files("nightdesk") / "demo" / "input"))
DOCUMENTS = sorted((INPUT / "documents").glob("*.md"))
COLUMNS = [
    "Keyword",
    "Intent",
    "Volume",
    "Trend",
    "Keyword Difficulty",
    "CPC (USD)",
    "Competitive Density",
    "SERP Features",
    "Number of Results",
]
INTENTS = {"Informational", "Commercial", "Transactional", "Navigational"}
MISSPELT = {"vermicomposing", "bokasi composting", "compost tumbeler", "composte bin"}
# Words that say in what form an answer is wanted, not what it is about.
ASKED_AS = """
how to what is can you i do does a an the for in of at are it with on my why when where should not
and near me go best long much many often vs know between difference list chart calculator guide
beginner reviews diy sale ideal troubleshooting poop countertop
"""

documents = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


def front_matter(text: str) -> dict[str, str]:
    head = text.split("---\n")[1]
    return {name: value.strip(' "') for name, value in (line.split(": ", 1) for line in head.splitlines())}


def body(text: str) -> str:
    return text.split("---\n", 2)[2].split("## References")[0]


def references(text: str) -> list[str]:
    return [line for line in text.split("## References\n")[1].splitlines() if line.startswith("- ")]


def sentences(text: str) -> list[str]:
    lines = (line for line in body(text).splitlines() if line and not line.startswith("#"))
    return [re.sub(r"^\d+\. ", "", line) for line in lines]


def keywords() -> list[dict[str, str]]:
    with (INPUT / "keywords.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stem(word: str) -> str:
    return next(
        (word.removesuffix(end) for end in ("ing", "ies", "es", "s", "ed", "e") if _ends(word, end)), word
    )


def _ends(word: str, end: str) -> bool:
    return word.endswith(end) and len(word) - len(end) >= 3


def stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[a-z0-9:]+", text.lower().replace("'s", ""))}


def test_the_keywords_have_the_columns_of_a_semrush_export() -> None:
    rows = keywords()
    assert list(rows[0]) == COLUMNS
    assert 190 <= len(rows) <= 240
    for row in rows:
        assert set(row) == set(COLUMNS), row
        assert set(row["Intent"].split(", ")) <= INTENTS
        assert min(int(row["Volume"]), int(row["Number of Results"])) > 0
        assert 0 <= int(row["Keyword Difficulty"]) <= 100
        assert float(row["CPC (USD)"]) >= 0
        assert 0 <= float(row["Competitive Density"]) <= 1
        trend = [float(month) for month in row["Trend"].split(",")]
        assert len(trend) == 12
        assert 0 <= min(trend) < max(trend) == 1


def test_the_keywords_are_as_untidy_as_people_type_them() -> None:
    phrases = [row["Keyword"] for row in keywords()]
    exact, folded = Counter(phrases), Counter(phrase.lower() for phrase in phrases)
    assert 1 <= sum(count - 1 for count in exact.values()) <= 5
    assert len(folded) < len(exact)
    assert set(phrases) >= MISSPELT
    same_words = Counter(" ".join(sorted(phrase.lower().split())) for phrase in exact)
    assert sum(count > 1 for count in same_words.values()) >= 4
    assert {intent for row in keywords() for intent in row["Intent"].split(", ")} == INTENTS


def test_every_keyword_can_be_answered_from_a_single_document() -> None:
    vocabularies = [stems(path.read_text(encoding="utf-8")) for path in DOCUMENTS]
    about = {
        row["Keyword"]: stems(
            " ".join(set(row["Keyword"].lower().replace("'s", "").split()) - set(ASKED_AS.split()))
        )
        for row in keywords()
        if row["Keyword"] not in MISSPELT
    }
    assert [
        phrase for phrase, words in about.items() if not any(words <= known for known in vocabularies)
    ] == []


def test_there_are_about_a_dozen_documents_with_titles_of_their_own() -> None:
    titles = {front_matter(path.read_text(encoding="utf-8"))["title"] for path in DOCUMENTS}
    assert 12 <= len(DOCUMENTS) <= 16
    assert len(titles) == len(DOCUMENTS)


@documents
def test_a_document_says_whose_facts_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    meta = front_matter(text)
    assert set(meta) == {"title", "author", "url", "published"}
    assert body(text).lstrip().startswith(f"# {meta['title']}\n")
    assert meta["url"].startswith("https://")
    assert meta["author"]
    date.fromisoformat(meta["published"])
    assert len(references(text)) >= 2


@documents
def test_a_document_has_enough_sentences_figures_and_aspects_to_build_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = sentences(text)
    assert 55 <= len(said) <= 95
    assert 600 <= len(body(text).split()) <= 1700
    assert sum(bool(re.search(r"\d", sentence)) for sentence in said) >= 10
    headings = re.findall(r"^##+ (.+)$", body(text), re.MULTILINE)
    assert len(headings) >= 7


@documents
def test_a_sentence_stands_on_a_line_of_its_own_and_names_its_subject(path: Path) -> None:
    for sentence in sentences(path.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[A-Z].+\.", sentence), sentence
        assert len(sentence.split()) <= 40, sentence
        assert not re.match(r"(It|This|That|They|These|Those|He|She|Such|There|The same)\b", sentence), (
            sentence
        )


@documents
def test_a_numbered_list_counts_from_one_without_a_gap(path: Path) -> None:
    for section in re.split(r"^##+ ", body(path.read_text(encoding="utf-8")), flags=re.MULTILINE)[1:]:
        numbers = [int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1)), section.splitlines()[0]


def test_no_sentence_is_said_twice_and_no_two_are_nearly_the_same() -> None:
    said = [sentence for path in DOCUMENTS for sentence in sentences(path.read_text(encoding="utf-8"))]
    assert [sentence for sentence, count in Counter(said).items() if count > 1] == []
    words = [frozenset(re.findall(r"[a-z0-9.:]+", sentence.lower())) for sentence in said]
    pairs = ((a, b) for a in range(len(said)) for b in range(a) if len(words[a] & words[b]) >= 8)
    near = [
        (said[b], said[a]) for a, b in pairs if len(words[a] & words[b]) > 0.75 * len(words[a] | words[b])
    ]
    assert near == []


def test_every_heading_is_used_once_over_all_documents() -> None:
    headings = [
        heading
        for path in DOCUMENTS
        for heading in re.findall(r"^##+ (.+)$", body(path.read_text(encoding="utf-8")), re.MULTILINE)
    ]
    assert [heading for heading, count in Counter(headings).items() if count > 1] == []


def test_the_site_can_be_read_and_has_a_voice_a_timezone_and_colours() -> None:
    site = tomllib.loads((INPUT / "site.toml").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", site["slug"])
    assert all(site[field].strip() for field in ("name", "subject", "audience", "voice"))
    assert site["language"] == "en"
    ZoneInfo(site["timezone"])
    assert {"primary", "accent", "background", "ink"} <= set(site["brand"])
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in site["brand"].values())
