"""Puts a narration together: silence trimmed and set by punctuation, the times of words shifted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdesk.media.sound.waves import Sound, resampled, silence

_QUIET = 10 ** (-50 / 20)
_WINDOW = 0.01
_KEPT = 0.03
"""Seconds of silence that trimming leaves at each end, where soft consonants are."""

_CLOSERS = "\"'”’»)]"
# Seconds after a mark, about what news readers leave; the last that matches the end of a text is taken.
PAUSES = (
    (re.compile(r"[.!?…؟۔।。！？]$"), 0.45),
    (re.compile(r"[;:؛；：]$"), 0.3),
    (re.compile(r"[,،、，]$|[—–-]$"), 0.2),
)
PARAGRAPH_PAUSE = 0.7
PLAIN_PAUSE = 0.12


@dataclass(frozen=True)
class TimedWord:
    """A word and when it is said, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Narration:
    """Sound and the words in it, in order."""

    sound: Sound
    words: tuple[TimedWord, ...]


def trimmed(narration: Narration) -> Narration:
    """Without the silence at both ends, but for 30 ms; what is silent throughout stays as it is."""
    sound, rate = narration.sound, narration.sound.rate
    window = max(round(_WINDOW * rate), 1)
    whole = len(sound.samples) // window
    loud = np.abs(sound.samples[: whole * window]).reshape(whole, window).max(axis=1, initial=0) > _QUIET
    heard = np.flatnonzero(loud)
    if not len(heard):
        return narration
    start = max(int(heard[0]) * window - round(_KEPT * rate), 0)
    end = min((int(heard[-1]) + 1) * window + round(_KEPT * rate), len(sound.samples))
    cut = Sound(sound.samples[start:end], rate)
    return Narration(cut, _moved(narration.words, -start / rate, cut.seconds))


def joined(pieces: Sequence[Narration], pauses: Sequence[float] | None = None) -> Narration:
    """One narration of several, the words of each shifted to where it now begins.

    `pauses` are the seconds of silence after each piece but the last; by default its last mark decides. The
    highest rate of all is that of the whole. Raises ValueError where there is no piece.
    """
    if not pieces:
        raise ValueError("there is nothing to join")
    if pauses is None:
        pauses = [pause_after(piece.words[-1].text if piece.words else "") for piece in pieces[:-1]]
    rate = max(piece.sound.rate for piece in pieces)
    samples = []
    words: list[TimedWord] = []
    at = 0
    for piece, pause in zip(pieces, [*pauses, 0.0], strict=True):
        sound = resampled(piece.sound, rate)
        words += _moved(piece.words, at / rate, at / rate + sound.seconds)
        quiet = silence(pause, rate)
        samples += [sound.samples, quiet.samples]
        at += len(sound.samples) + len(quiet.samples)
    return Narration(Sound(np.concatenate(samples), rate), tuple(words))


def pause_after(text: str) -> float:
    """Seconds of silence that belong after a text, by the mark it ends with."""
    bare = text.rstrip().rstrip(_CLOSERS)
    return next((seconds for mark, seconds in PAUSES if mark.search(bare)), PLAIN_PAUSE)


def _moved(words: Sequence[TimedWord], by: float, latest: float) -> tuple[TimedWord, ...]:
    earliest = max(by, 0.0)
    return tuple(
        replace(
            word,
            start=min(max(word.start + by, earliest), latest),
            end=min(max(word.end + by, earliest), latest),
        )
        for word in words
    )
