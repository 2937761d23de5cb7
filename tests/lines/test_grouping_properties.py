"""What holds for every list of phrases whatsoever: grouping is a partition and does not mind the order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk.lines.article.grouping import Phrase, blocks, group, lexicon_for, match_existing

LEXICONS = [lexicon_for(language) for language in ("en", "de", "es", "xx")]

WORDS = """
best buy how to clean cleaning air purifier purifiers purifer vs for pets pet hair cheap 2026 10 top price
smart phone smartphone word pdf review what is wie kaufen comprar 空気清浄機 ไทย 🎉 d'air
"""
vocabulary = st.sampled_from(WORDS.split())
texts = st.one_of(st.lists(vocabulary, max_size=7).map(" ".join), st.text(max_size=30))
phrase_lists = st.lists(st.builds(Phrase, texts, st.integers(0, 3)), max_size=25)


def as_sets(phrases: list[Phrase], lexicon: int) -> set[tuple[str, tuple[Phrase, ...], str, str]]:
    found = group(phrases, LEXICONS[lexicon])
    return {(one.key, one.members, one.intent, one.structure) for one in found}


@settings(max_examples=150, deadline=None)
@given(phrase_lists, st.integers(0, 3))
def test_every_phrase_is_in_exactly_one_group(phrases: list[Phrase], lexicon: int) -> None:
    found = group(phrases, LEXICONS[lexicon])
    assert sorted(at for one in found for at in one.positions) == list(range(len(phrases)))
    for one in found:
        assert tuple(phrases[at] for at in one.positions) == one.members
        assert one.representative.volume == max(member.volume for member in one.members)
        assert one.keys
        assert one.key.isprintable()


@settings(max_examples=100, deadline=None)
@given(phrase_lists, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_phrases_does_not_matter(
    phrases: list[Phrase], lexicon: int, chance: random.Random
) -> None:
    shuffled = list(phrases)
    chance.shuffle(shuffled)
    assert as_sets(phrases, lexicon) == as_sets(shuffled, lexicon)


@settings(max_examples=60, deadline=None)
@given(phrase_lists, st.integers(1, 6))
def test_blocks_hold_every_group_once_and_none_is_too_large(phrases: list[Phrase], at_most: int) -> None:
    found = group(phrases, LEXICONS[0])
    laid_out = blocks(found, at_most)
    assert sorted(one.key for block in laid_out for one in block) == sorted(one.key for one in found)
    assert all(0 < len(block) <= at_most for block in laid_out)


@settings(max_examples=60, deadline=None)
@given(phrase_lists)
def test_groups_are_found_again_by_their_own_keys(phrases: list[Phrase]) -> None:
    found = group(phrases, LEXICONS[0])
    matched = match_existing(found, {one.key: one.keys for one in found})
    assert all(found[place].key == cluster for place, cluster in matched.items())
