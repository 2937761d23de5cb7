"""A piece is compared with the site's other pieces, and with itself."""

import random
import zlib

from nightdesk.quality import originality
from nightdesk.quality.fingerprints import fingerprint

LETTUCE = (
    "Lettuce seedlings need about twelve hours of light on every day of the week. "
    "The roots hang in water that a small pump keeps moving all day long. "
    "After five weeks the outer leaves are large enough to be cut for dinner."
)
WORMS = (
    "Red wigglers eat their own weight in kitchen scraps within a couple of days. "
    "Their castings feed tomatoes better than most fertiliser from a bag does."
)


def test_a_piece_of_its_own_scores_full() -> None:
    report = originality.check(LETTUCE, [(1, "Worms", WORMS)])
    assert report.score == 100
    assert report.findings == []


def test_a_copy_is_serious_and_names_the_piece_it_copies() -> None:
    report = originality.check(LETTUCE, [(1, "Worms", WORMS), (2, "Lettuce", LETTUCE + " " + WORMS)])
    assert report.score == 0
    assert report.serious[0].code == "close_to_own_piece"
    assert "“Lettuce”" in report.serious[0].message
    assert report.facts["closest"] == {
        "id": 2,
        "title": "Lettuce",
        "shared_runs": 1.0,
        "shared_sentences": 1.0,
    }


def test_case_punctuation_and_line_ends_do_not_hide_a_copy() -> None:
    disguised = LETTUCE.upper().replace(" ", "\n").replace(".", " !")
    assert originality.check(disguised, [(1, "Lettuce", LETTUCE)]).score == 0


def test_a_copied_third_is_a_warning_with_the_shared_sentence() -> None:
    text = LETTUCE + " " + WORMS + " Basil likes it warm, and it hates a cold draught from an open window. "
    text += "Mint on the other hand grows wherever it finds a wet corner and takes it over completely."
    report = originality.check(text, [(7, "All about lettuce", LETTUCE)])
    (finding,) = report.findings
    assert finding.severity == "warning"
    assert finding.where.startswith("Lettuce seedlings need")
    assert 40 <= (report.score or 0) <= 70


def test_words_in_another_order_are_no_copy() -> None:
    shuffled = " ".join(reversed(LETTUCE.split()))
    assert originality.check(shuffled, [(1, "Lettuce", LETTUCE)]).score == 100


def test_a_sentence_that_comes_again_is_told_with_how_often() -> None:
    report = originality.check(LETTUCE + "\n\n" + LETTUCE, [])
    assert [f.code for f in report.findings] == ["repeated_sentence"] * 3
    assert report.facts["repeated_sentences"] == 3
    assert "2 times" in report.findings[0].message
    assert report.score == 76


def test_short_phrases_may_come_again() -> None:
    assert originality.check("Cut it. Wash it. Cut it. Wash it.", []).findings == []


def test_an_empty_text_or_site_is_no_error() -> None:
    assert originality.check("", [(1, "Lettuce", LETTUCE), (2, "", "")]).score == 100
    assert originality.check(LETTUCE, []).facts["closest"] is None


def test_the_closest_of_many_pieces_is_named() -> None:
    words = LETTUCE.split()
    others = [(n, f"Piece {n}", " ".join(words[: n * 3])) for n in range(12)]
    report = originality.check(LETTUCE, others)
    assert report.facts["closest"]["id"] == 11


def test_the_share_of_a_fingerprint_tells_the_share_of_the_text() -> None:
    chance = random.Random(5)
    words = ["".join(chance.choices("abcdefghij", k=6)) for _ in range(3_000)]
    pieces = [" ".join(chance.choices(words, k=4_000)) for _ in range(3)]
    half = " ".join([*pieces[0].split()[:2_000], *pieces[1].split()[:2_000]])
    marks = set(fingerprint(half))
    for piece, share in zip(pieces, (0.5, 0.5, 0.0), strict=True):
        assert abs(len(marks & set(fingerprint(piece))) / len(marks) - share) < 0.1
    assert fingerprint("") == []


def test_a_fingerprint_is_small_and_always_the_same() -> None:
    chance = random.Random(7)
    text = " ".join("".join(chance.choices("abcdefghij", k=6)) for _ in range(8_000))
    marks = fingerprint(text)
    assert 400 < len(marks) < 600
    assert all(-(2**63) <= mark < 2**63 for mark in marks)
    assert zlib.crc32(repr(marks).encode()) == 1196577697
