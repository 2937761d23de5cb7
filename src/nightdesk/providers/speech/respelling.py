"""What is said for what is written: the pronunciation lexicon, and which written words each part is for."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import clean
from nightdesk.providers.speech.contract import LONGEST

# Quotes, brackets and sentence marks around a word; the lexicon sees the word within.
_WORD = re.compile(r"^([^\w]*)(.*?)(['’]s)?([^\w]*)$", re.S)
_PICTOGRAPHS = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Cf"))
# Joiners shape letters of some scripts, and are no letters themselves.
_JOINERS = frozenset("\u200c\u200d")
_MARKS_OF_PICTOGRAPHS = "\u200c\u200d\ufe0e\ufe0f"


@dataclass(frozen=True)
class Part:
    """Written words that stand for spoken ones together; often one for one."""

    written: tuple[str, ...]
    spoken: tuple[str, ...]


def respelled(text: str, lexicon: Mapping[str, str]) -> tuple[Part, ...]:
    """The text's words with what is said for each, in order.

    Entries match whole words and phrases, in their own case or in any where the entry is in small letters;
    the longest wins. Emoji and other pictures are not said. Raises `Refused` where nothing is left to say,
    or where the text is too long.
    """
    words = clean(text).split()
    if sum(map(len, words)) > LONGEST:
        raise Refused(f"This text is longer than {LONGEST:,} characters: divide it into several.")
    entries = {tuple(key.split()): value for key, value in lexicon.items() if key.strip()}
    longest = max(map(len, entries), default=0)
    parts: list[Part] = []
    at = 0
    while at < len(words):
        part = _entry(words, at, entries, longest) or Part((words[at],), tuple(_sayable(words[at]).split()))
        parts.append(part)
        at += len(part.written)
    if not any(char.isalnum() for part in parts for word in part.spoken for char in word):
        raise Refused("nothing_to_say: there is no word in this text that could be read aloud.")
    return tuple(parts)


def spoken_words(parts: Sequence[Part]) -> list[str]:
    """Every spoken word in order."""
    return [word for part in parts for word in part.spoken]


def _entry(
    words: Sequence[str], at: int, entries: Mapping[tuple[str, ...], str], longest: int
) -> Part | None:
    for length in range(min(longest, len(words) - at), 0, -1):
        written = tuple(words[at : at + length])
        before, *_ = _taken_apart(written[0])
        _, _, s, after = _taken_apart(written[-1])
        bare = _bare(written)
        said = entries.get(bare) or entries.get(tuple(word.lower() for word in bare))
        if said is not None:
            return Part(written, tuple(f"{before}{_sayable(said).strip()}{s}{after}".split()))
    return None


def _bare(written: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a phrase without what stands before its first and after its last."""
    if len(written) == 1:
        return (_taken_apart(written[0])[1],)
    (_, head, s, after), (before, tail, _, _) = _taken_apart(written[0]), _taken_apart(written[-1])
    return (head + s + after, *written[1:-1], before + tail)


def _taken_apart(word: str) -> tuple[str, str, str, str]:
    found = _WORD.match(word)
    before, inner, s, after = found.groups() if found else ("", word, "", "")
    return before, inner, s or "", after


def _sayable(word: str) -> str:
    if word.isascii():
        return word
    kept = "".join(
        char for char in word if char in _JOINERS or unicodedata.category(char) not in _PICTOGRAPHS
    )
    return kept.strip(_MARKS_OF_PICTOGRAPHS)
