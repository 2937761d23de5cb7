"""Parts Chinese and Japanese, which are written without spaces, where a reader would not mind a break.

No dictionary is asked: Japanese phrases end with their kana, Chinese ones stand between the small words that
join them, and where none is found, every two letters: most of its words have two.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise

MOST = 7
"""Letters of a phrase that is kept whole."""

_NEVER_FIRST = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶーゝゞヽヾ々〻～〜…‥％℃")
"""Letters that no line begins with, beside closing signs (JIS X 4051, "Formatting rules for Japanese")."""

_BEFORE = frozenset(
    "在和与與及或而但并並且是把被对對从從向为為由比用以因如若当當就都也还還不没沒会會将將让讓使每这這那"
)
_AFTER = frozenset("的了着著过過们們吗嗎呢吧地得")
_WORDS = re.compile(
    "不[是会會能可要用对對同]|目的|因[为為此]|如[果此何]|而且|但是|[还還]是|或者|以[及为為后後前上下]|所以"
    "|由[于於]|[并並]且|这[些个样里]|這[些個樣裡]|那[些个個么麼]|可以|用[于於]|地[方面球区區]|了解|得到|和平|共和|饱和|飽和|比如|使用|每[天年]"
)
"""Words that hold one of those letters, and no break."""
_HONORED = ("お", "ご")
_FOLLOWS = re.compile(
    "(?=ください|ましょう|ません|ました|ます|なければ|でしょう|している|してい|られ|こと[をはがに]|もの[をはが]"
    "|ため[にの]|ように|という|として|について|によって|から|まで|より)"
)
"""Where a long phrase of kana may break: before a verb's helper or a long particle."""


def is_eastern(char: str) -> bool:
    """Whether it is a letter or sign of a script that is set in squares."""
    return unicodedata.east_asian_width(char) in "WF"


def phrases(text: str) -> list[str]:
    """The pieces of a text without spaces; between two of them a line may end.

    A word of Korean stays whole, as its words stand between spaces.
    """
    if not any(map(is_eastern, text)) or any("\uac00" <= char <= "\ud7a3" for char in text):
        return [text]
    units = list(_units(text))
    japanese = any("\u3041" <= char <= "\u30ff" for char in text)
    found: list[str] = []
    for stretch in _stretches(units, _after_kana if japanese else _at_small_words(units)):
        if _short(stretch):
            found.append("".join(stretch))
        else:
            found += _helped(stretch) if japanese else _paired(stretch)
    return found


def _short(units: list[str]) -> bool:
    return sum(char.isalnum() for unit in units for char in unit) <= MOST


def _units(text: str) -> Iterator[str]:
    """Single letters with the signs that must not part from them, and words of other scripts whole."""
    unit = ""
    for char in text:
        apart = unit and (is_eastern(char) or is_eastern(unit[-1]))
        if apart and not _closes(char) and unicodedata.category(unit[-1]) not in ("Ps", "Pi"):
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit


def _closes(char: str) -> bool:
    kind = unicodedata.category(char)
    return char in _NEVER_FIRST or kind in ("Pe", "Pf", "Po") or kind.startswith("M")


def _stretches(units: list[str], ends: Callable[[int, str, str], bool]) -> Iterator[list[str]]:
    """The units in phrases: one ends with a sign, and where `ends` says so of the unit of that place."""
    stretch = units[:1]
    for place, (before, after) in enumerate(pairwise(units)):
        sign = unicodedata.category(before[-1])
        signed = sign == "Po" or (sign in ("Pe", "Pf") and _script(after) != "HIRAGANA")
        if signed or (ends(place, before, after) and "".join(stretch) not in _HONORED):
            yield stretch
            stretch = []
        stretch.append(after)
    yield stretch


def _after_kana(_: int, before: str, after: str) -> bool:
    return _script(before) == "HIRAGANA" and (_script(after) != "HIRAGANA" or before == "を")


def _at_small_words(units: list[str]) -> Callable[[int, str, str], bool]:
    whole = set[int]()
    for found in _WORDS.finditer("".join(unit[0] if is_eastern(unit[0]) else "\0" for unit in units)):
        whole.update(range(found.start(), found.end() - 1))

    def ends(place: int, before: str, after: str) -> bool:
        return place not in whole and (
            (before in _AFTER and after not in _AFTER) or (after[0] in _BEFORE and before[0] not in _BEFORE)
        )

    return ends


def _helped(stretch: list[str]) -> list[str]:
    """A long phrase of Japanese, parted before what helps its verb, else where a word seems to begin."""
    parts = [part for part in _FOLLOWS.split("".join(stretch)) if part]
    if len(parts) > 1:
        return [piece for part in parts for piece in phrases(part)]
    found = stretch[:1]
    for before, after in pairwise(stretch):
        new = _script(after) not in ("HIRAGANA", _script(before))
        found = [*found, after] if new else [*found[:-1], found[-1] + after]
    return found if len(found) > 1 else stretch


def _paired(stretch: list[str]) -> list[str]:
    """A long phrase of Chinese by two letters, those small words at its head each alone."""
    head = next((at for at, unit in enumerate(stretch) if unit[0] not in _BEFORE), 0)
    rest = stretch[head:]
    pairs = ["".join(rest[at : at + 2]) for at in range(0, len(rest) - len(rest) % 2, 2)]
    return [*stretch[:head], *pairs[:-1], "".join([*pairs[-1:], *rest[len(rest) - len(rest) % 2 :]])]


def _script(unit: str) -> str:
    """CJK, HIRAGANA, KATAKANA, or what else the name of its first letter begins with."""
    return unicodedata.name(unit[0], "").split(" ")[0]
