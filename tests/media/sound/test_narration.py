"""Pieces of a narration come together with their words where they are heard."""

import numpy as np
import pytest

from nightdesk.media.sound.narration import (
    PARAGRAPH_PAUSE,
    Narration,
    TimedWord,
    joined,
    pause_after,
    trimmed,
)
from nightdesk.media.sound.waves import Sound, silence


def piece(text: str, rate: int = 16_000, ahead: float = 0.2, behind: float = 0.4) -> Narration:
    """Half a second of sound for each word, with silence ahead and behind."""
    words = text.split()
    sounds = np.concatenate([np.full(rate // 2, 0.1 * (number + 1)) for number in range(len(words))])
    samples = np.concatenate([np.zeros(round(ahead * rate)), sounds, np.zeros(round(behind * rate))])
    timed = (TimedWord(word, ahead + n / 2, ahead + (n + 1) / 2) for n, word in enumerate(words))
    return Narration(Sound(samples.astype(np.float32), rate), tuple(timed))


def heard_at(narration: Narration, word: TimedWord) -> float:
    """The level in the middle of a word."""
    middle = round((word.start + word.end) / 2 * narration.sound.rate)
    return round(float(narration.sound.samples[middle]), 3)


def test_silence_at_the_ends_is_cut_but_for_30_ms() -> None:
    found = trimmed(piece("one two"))
    assert found.sound.seconds == pytest.approx(1.06, abs=0.02)
    assert found.words[0].start == pytest.approx(0.03, abs=0.011)
    assert [heard_at(found, word) for word in found.words] == [0.1, 0.2]


def test_what_is_silent_throughout_stays_as_it_is() -> None:
    quiet = Narration(silence(1, 16_000), ())
    assert trimmed(quiet) is quiet
    assert trimmed(Narration(silence(0, 16_000), ())).sound.seconds == 0


def test_words_are_where_they_are_heard_after_joining() -> None:
    whole = joined([trimmed(piece("one two.")), trimmed(piece("three,")), piece("four")])
    assert [word.text for word in whole.words] == ["one", "two.", "three,", "four"]
    assert [heard_at(whole, word) for word in whole.words] == [0.1, 0.2, 0.1, 0.1]
    assert whole.words[-1].end <= whole.sound.seconds
    gap = whole.words[2].start - whole.words[1].end
    assert gap == pytest.approx(pause_after("two.") + 0.06, abs=0.03)


def test_pieces_at_two_rates_are_joined_at_the_higher() -> None:
    whole = joined([piece("one two"), piece("three four", 24_000)], [PARAGRAPH_PAUSE])
    assert whole.sound.rate == 24_000
    assert whole.sound.seconds == pytest.approx(2 * 1.6 + PARAGRAPH_PAUSE, abs=1e-3)
    assert [heard_at(whole, word) for word in whole.words] == pytest.approx([0.1, 0.2, 0.1, 0.2], abs=0.01)


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("end.", "clause,"),
        ("“End!”", "list;"),
        ("終わり。", "clause,"),
        ("list:", "dash –"),
        ("clause,", "plain"),
    ],
)
def test_a_pause_is_as_long_as_its_mark_is_strong(text: str, longer: str) -> None:
    assert pause_after(text) > pause_after(longer) > 0


def test_nothing_cannot_be_joined_and_pauses_have_to_fit() -> None:
    with pytest.raises(ValueError, match="nothing to join"):
        joined([])
    with pytest.raises(ValueError):
        joined([piece("one"), piece("two")], [])
