"""Documents are cut into passages that can be cited, without cutting a sentence."""

import random

import pytest

from nightdesk.kit.text import count_words, sentences
from nightdesk.sources.documents import Document, split_passages
from nightdesk.sources.documents.plain import blocks_of_markdown


def document(*blocks: str) -> Document:
    return Document("A title", "\n\n".join(blocks))


def prose(number: int, words: int = 12) -> str:
    return " ".join(f"Sentence {n} has {' '.join(['word'] * (words - 3))}." for n in range(number))


def test_short_paragraphs_are_kept_together_and_whole() -> None:
    one, two, three = prose(3), prose(4), prose(5)
    assert split_passages(document(one, two, three)) == [f"{one}\n\n{two}\n\n{three}"]
    assert split_passages(document(one, two, three), words=84) == [f"{one}\n\n{two}", three]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = split_passages(document(prose(40)))
    assert len(passages) == 4
    assert all(100 <= count_words(passage) <= 150 for passage in passages)
    assert " ".join(passages) == prose(40)


def test_a_passage_begins_with_the_heading_it_stands_under() -> None:
    passages = split_passages(document(prose(2), "## First", prose(14), "## Empty", "## Second", prose(2)))
    assert passages == [
        prose(2),
        f"## First\n\n{' '.join(sentences(prose(14))[:10])}",
        f"## First\n\n{' '.join(sentences(prose(14))[10:])}",
        f"## Second\n\n{prose(2)}",
    ]


def test_list_entries_and_table_rows_are_never_cut() -> None:
    entries = [f"- entry {n}. With two sentences of a few words each." for n in range(40)]
    passages = split_passages(document("\n".join(entries)))
    assert [line for passage in passages for line in passage.split("\n")] == entries
    assert len(passages) > 2


def test_a_text_without_end_is_cut_somewhere() -> None:
    passages = split_passages(document("word " * 5000))
    assert all(count_words(passage) <= 150 for passage in passages)
    assert sum(map(count_words, passages)) == 5000


@pytest.mark.parametrize("text", ["", "\n\n", "## Only a heading"])
def test_nothing_to_cite_gives_no_passage(text: str) -> None:
    assert split_passages(Document("A title", text)) == []


HOSTILE = (
    *("[", "[a](", "![", "*a ", "_a ", "**", "`", "<a", "<!--", "<script>", "> ", "- ", "|", "\\"),
    *("a\n", "-\n", "# ", "```\n", "&amp;", "İ<script>x</script>", "[a]: b\n", "| a\n", "1. "),
)


@pytest.mark.timeout(15)
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_markdown_takes_no_longer_than_its_length(piece: str) -> None:
    split_passages(Document("x", "\n\n".join(blocks_of_markdown(piece * (200_000 // len(piece))))))


def test_no_sentence_is_lost_doubled_or_cut_whatever_the_shape() -> None:
    chance = random.Random(7)
    for _ in range(50):
        blocks = [
            "## Heading" if chance.random() < 0.2 else prose(chance.randint(1, 30), chance.randint(4, 40))
            for _ in range(chance.randint(1, 12))
        ]
        wanted = chance.choice([20, 60, 120, 300])
        passages = split_passages(document(*blocks), words=wanted)
        told = [sentence for block in blocks if block[0] != "#" for sentence in sentences(block)]
        cited = [sentence for passage in passages for sentence in sentences(passage) if sentence[0] != "#"]
        assert cited == told
