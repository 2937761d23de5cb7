"""Reads a text aloud piece by piece, where an engine takes only so much at a time, and joins the pieces."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nightdesk.kit.endings import Refused
from nightdesk.kit.wav import packed
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Timing
from nightdesk.providers.speech.respelling import respelled, spoken_words
from nightdesk.providers.speech.timing import Span, written_times

LONGEST_PAUSE = 10.0
SLOWEST = 1.0
"""Seconds that a character takes at most, beside that pause: a quarter of the pace leaves a fifth of it."""

_SAMPLE = 2
_SENTENCE_END = re.compile(r"[.!?…؟۔।。！？][\"'”’»)\]]*$")
_CLAUSE_END = re.compile(r"[,;:،؛、，]$")


@dataclass(frozen=True)
class Piece:
    """Some words read aloud: 16-bit mono samples, and a span in seconds for each word."""

    pcm: bytes
    rate: int
    spans: Sequence[Span]
    timing: Timing = "engine"


Read = Callable[[list[str]], Awaitable[Piece]]


async def spoken(request: SpeechRequest, longest: int, label: str, read: Read) -> Spoken:
    """The whole text, `read` in pieces of at most `longest` characters that end where sentences do.

    Raises `Refused` where there is nothing to say, an engine changed its rate on the way, or what came is
    silence or far longer than what was to be said; and what `read` raises.
    """
    parts = respelled(request.text, request.lexicon)
    pcm = bytearray()
    spans: list[Span] = []
    rate = 0
    timings: list[Timing] = []
    for words in divided(spoken_words(parts), longest):
        piece = await read(words)
        if rate not in (0, piece.rate):
            raise Refused(f"bad media: {label} spoke at {rate} Hz and then at {piece.rate} Hz")
        rate = piece.rate
        before = len(pcm) / _SAMPLE / rate
        spans += [(before + start, before + end) for start, end in piece.spans]
        pcm += piece.pcm
        timings.append(piece.timing)
    seconds = len(pcm) / _SAMPLE / rate
    _fits(pcm, seconds, len(request.text), label)
    return Spoken(
        sound=packed(bytes(pcm), rate),
        rate=rate,
        words=written_times(parts, spans),
        seconds=seconds,
        timing=max(timings, key=("engine", "aligned", "counted").index),
        label=label,
    )


def _fits(pcm: bytearray, seconds: float, characters: int, label: str) -> None:
    if not any(pcm):
        raise Refused(f"bad media: {label} gave {seconds:.0f} s of silence, not speech")
    if seconds > LONGEST_PAUSE + SLOWEST * characters:
        raise Refused(f"bad media: {label} gave {seconds:.0f} s of sound for {characters} characters")


def divided(words: Sequence[str], longest: int) -> list[list[str]]:
    """Words in runs of at most `longest` characters, cut after a sentence, else a clause, else a word.

    A single word that is longer stays whole. A run in which nothing is said joins the one ahead of it.
    """
    runs: list[list[str]] = []
    rest = list(words)
    while rest:
        taken = _cut(rest, longest)
        run, rest = rest[:taken], rest[taken:]
        if runs and not any(char.isalnum() for word in run for char in word):
            runs[-1] += run
        else:
            runs.append(run)
    return runs


def _cut(words: Sequence[str], longest: int) -> int:
    """How many words the first run takes."""
    size = 0
    fits = sentence = clause = 0
    for number, word in enumerate(words, 1):
        size += len(word) + 1
        if size - 1 > longest:
            break
        fits = number
        if _SENTENCE_END.search(word):
            sentence = number
        elif _CLAUSE_END.search(word):
            clause = number
    else:
        return len(words)
    return sentence or clause or max(fits, 1)
