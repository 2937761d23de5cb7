"""Differences that people read, and two edits of one text brought together."""

import random

import pytest

from nightdesk.desk.review.differences import differences, paragraphs, words
from nightdesk.desk.review.merging import parts, together

TEXT = "## One\n\nFirst paragraph here.\n\nSecond one stays.\n\n- a\n- b\n\nThird ends it.\n"


def test_one_word_changed_is_one_word_shown() -> None:
    found = differences(TEXT, TEXT.replace("stays", "moves"))
    assert [one.kind for one in found] == ["same", "same", "changed", "same", "same"]
    assert [(piece.op, piece.text) for piece in found[2].pieces] == [
        ("same", "Second one "),
        ("removed", "stays"),
        ("added", "moves"),
        ("same", "."),
    ]


def test_a_paragraph_that_came_and_one_that_went_are_shown_whole() -> None:
    new = TEXT.replace("Second one stays.\n\n", "") + "\nQuite another thing about bricks.\n"
    found = differences(TEXT, new)
    assert [one.kind for one in found] == ["same", "same", "removed", "same", "same", "added"]


def test_neighbouring_changes_are_one_and_no_crumbs_stand_between() -> None:
    found = words("the old grey house", "a new red house")
    assert [(piece.op, piece.text) for piece in found] == [
        ("removed", "the old grey"),
        ("added", "a new red"),
        ("same", " house"),
    ]


@pytest.mark.parametrize("seed", range(30))
def test_both_texts_can_be_read_out_of_the_difference(seed: int) -> None:
    chance = random.Random(seed)
    old, new = _text(chance), _text(chance)
    found = differences(old, new)
    for side, text in (("removed", old), ("added", new)):
        read = ["".join(piece.text for piece in one.pieces if piece.op in ("same", side)) for one in found]
        assert [part for part in read if part] == paragraphs(text)


def test_changes_in_different_places_come_together_by_themselves() -> None:
    mine = TEXT.replace("First", "My first")
    theirs = TEXT.replace("Third ends it.", "Third goes on.\n\nA fourth.")
    found = parts(TEXT, mine, theirs)
    assert [one.kind for one in found if one.kind != "same"] == ["mine", "theirs"]
    merged = together(found, {})
    assert "My first" in merged
    assert "A fourth." in merged
    assert "Third ends" not in merged


def test_where_both_changed_one_paragraph_mine_stands_until_theirs_is_chosen() -> None:
    mine, theirs = TEXT.replace("Second one", "My second"), TEXT.replace("Second one", "Their second")
    found = parts(TEXT, mine, theirs)
    (clash,) = [one for one in found if one.kind == "both"]
    assert "My second" in together(found, {})
    chosen = together(found, {clash.number: "theirs"})
    assert "Their second" in chosen
    assert "My second" not in chosen


@pytest.mark.parametrize("seed", range(40))
def test_a_merge_with_oneself_or_with_nothing_changed_is_the_text(seed: int) -> None:
    chance = random.Random(seed)
    base, mine, theirs = _text(chance), _text(chance), _text(chance)
    assert paragraphs(together(parts(base, base, theirs), {})) == paragraphs(theirs)
    assert paragraphs(together(parts(base, mine, base), {})) == paragraphs(mine)
    assert paragraphs(together(parts(base, mine, mine), {})) == paragraphs(mine)
    found = parts(base, mine, theirs)
    for side in ("mine", "theirs"):
        whole = together(found, {one.number: side for one in found})
        assert paragraphs(whole) == paragraphs(mine if side == "mine" else theirs)


def _text(chance: random.Random) -> str:
    pool = ["One word.", "Two words here.", "## Head", "Three of them now.", "- a\n- b", "Last, then."]
    return "\n\n".join(chance.choices(pool, k=chance.randint(0, 7)))
