"""Words of a script get the times of those that were recognised, whatever the listener misheard."""

from itertools import pairwise

import pytest

from nightdesk.providers.speech.contract import WordTime
from nightdesk.providers.speech.hearing import SLOWEST, times_heard
from nightdesk.providers.speech.timing import Span, filled


def listened(text: str, start: float = 0.0, step: float = 0.5) -> list[WordTime]:
    """Each word of `text` heard for four fifths of `step` seconds, one after another."""
    return [
        WordTime(f" {word}", start + step * number, start + step * (number + 0.8))
        for number, word in enumerate(text.split())
    ]


def times(script: str, heard: list[WordTime], seconds: float = 10.0) -> list[Span]:
    words = script.split()
    found = times_heard(words, heard, seconds)
    assert found is not None
    spans = filled(words, found, seconds)
    assert len(spans) == len(words)
    assert all(start <= end for start, end in spans)
    assert all(one[1] <= two[0] + 1e-9 for one, two in pairwise(spans))
    return spans


def at(start: float, end: float) -> object:
    return pytest.approx((start, end))


def test_words_heard_as_they_are_written_have_the_times_of_the_listener() -> None:
    spans = times("“Worms — don’t smell!”", listened("Worms don't smell."))
    assert spans[0] == at(0, 0.4)
    assert spans[1][0] == spans[1][1]
    assert spans[2:] == [at(0.5, 0.9), at(1.0, 1.4)]


def test_words_that_are_heard_beside_the_script_move_no_other() -> None:
    spans = times("Compost wants air", listened("Well compost really wants um air thank you"))
    assert spans == [at(0.5, 0.9), at(1.5, 1.9), at(2.5, 2.9)]


def test_a_misheard_word_has_the_time_of_what_was_heard_in_its_place() -> None:
    spans = times("The colour of Nguyen is bright", listened("the color of when is bright"))
    assert spans[1] == at(0.5, 0.9)
    assert spans[3] == at(1.5, 1.9)
    assert spans[5] == at(2.5, 2.9)


def test_a_number_that_was_spoken_out_has_the_time_of_all_its_words_and_the_other_way_round() -> None:
    spans = times("In 1984 there were bins", listened("in nineteen eighty four there were bins"))
    assert spans[1] == at(0.5, 1.9)
    assert spans[2] == at(2.0, 2.4)
    owe, five, hundred, now = times("owe five hundred now", listened("owe 500 now"))
    assert (owe, now) == (at(0, 0.4), at(1.0, 1.4))
    assert five[0] == pytest.approx(0.5)
    assert five[1] == hundred[0]
    assert hundred[1] == pytest.approx(0.9)


def test_a_word_that_was_not_heard_lies_between_its_neighbours_and_is_no_longer_than_a_word() -> None:
    heard = [WordTime(" one", 1.0, 1.4), WordTime(" three", 6.0, 6.4), WordTime(" four", 6.5, 6.9)]
    spans = times("one two three four", heard)
    assert spans[1] == at(1.4, 1.4 + 3 * SLOWEST)
    first = times("zero one three four", heard)[0]
    assert first == at(0, 1)
    late = [WordTime(word.text, word.start + 3, word.end + 3) for word in heard]
    assert times("zero one three four", late)[0] == at(4 - 4 * SLOWEST, 4)
    assert times("one three four five", heard)[3] == at(6.9, 6.9 + 4 * SLOWEST)


def test_a_word_without_room_of_its_own_shares_that_of_the_one_ahead() -> None:
    heard = [WordTime(" ice", 0.0, 1.0), WordTime(" melts", 1.0, 1.5)]
    ice, cream, melts = times("ice cream melts", heard)
    assert ice[0] == 0
    assert 0 < ice[1] == cream[0] < cream[1] <= 1.0
    assert melts == at(1.0, 1.5)


def test_words_heard_as_one_and_one_heard_as_several_are_told_apart() -> None:
    ice, cream, a, day = times("ice cream a day", [WordTime(" icecream", 0.0, 0.8), *listened("a day", 1.0)])
    assert (ice[0], cream[1]) == (0, pytest.approx(0.8))
    assert ice[1] == pytest.approx(0.3)
    assert (a, day) == (at(1.0, 1.4), at(1.5, 1.9))
    gardening, helps = times("gardening helps", listened("garden ing helps"))
    assert (gardening, helps) == (at(0, 0.9), at(1.0, 1.4))


def test_scripts_without_spaces_and_with_accents_are_matched_by_their_letters() -> None:
    heard = [WordTime(char, number * 0.2, number * 0.2 + 0.2) for number, char in enumerate("堆肥需要空气")]
    assert times("堆肥需要空氣。 堆肥", [*heard, WordTime("堆肥", 2.0, 2.4)])[1] == at(2.0, 2.4)
    assert times("Où ça élève", listened("ou ca eleve")) == [at(0, 0.4), at(0.5, 0.9), at(1.0, 1.4)]


@pytest.mark.parametrize(
    "heard",
    [
        [],
        listened("vielen dank für ihre aufmerksamkeit und bis bald"),
        listened("♪ … !"),
        listened("compost"),
        listened("t e s t " * 3000),
    ],
)
def test_too_little_of_the_script_heard_is_told_as_nothing(heard: list[WordTime]) -> None:
    script = "Compost wants air, water and patience; worms help once heat went."
    assert times_heard(script.split(), heard, 10.0) is None
    assert times_heard([script * 20], heard * 2, 10.0) is None


def test_times_out_of_order_and_past_the_end_are_put_right() -> None:
    heard = [WordTime(" one", 2.0, 2.4), WordTime(" two", 1.0, 1.5), WordTime(" three", 9.0, 90.0)]
    spans = times("one two three", heard)
    assert spans[2][1] == 10.0
