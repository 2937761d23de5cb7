"""Knows the same story again: by its address, by its title, or by what its title and summary say.

MinHash (Broder 1997): for each of 64 orders of all possible words, the word that comes first is noted; the
share of orders in which two texts note the same word estimates the share of words that they have in common.
Bands of two of the notes, kept as rows, find candidates among a site's topics without reading them
(Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from operator import eq
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from nightdesk.kit.text import shorten
from nightdesk.quality.words import stems, words

VALUES = 64
BANDS = 12
ROWS = 2
LOOKED_AT = 60
"""Words of a summary: of one story a feed gives a line or all, and the beginning is what they share."""

ALIKE = 0.8
"""Share of words in common from which two texts tell the same, whatever their titles."""

TOLD, WITH_TITLE = 0.38, 0.72
"""Share of words in common, where the other tells that much of one's title."""

FEWEST = 3
"""Words that a text has to say before another can be known to say the same."""

LONGEST_TITLE = 300

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPREAD = 0x9E3779B97F4A7C15
_TRACKERS = frozenset(
    ("fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "ocid", "cmpid", "smid")
)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Story:
    """What a text is compared by.

    `normal` is its title as two spellings share it; `title` the stems and `figures` the numbers in it;
    `said` the stems of all that is looked at; `marks` the 64 notes; `handles` the numbers by which
    candidates are found, `sure` those among them, at their end, that prove it by themselves (its title, its
    address).
    """

    normal: str
    title: frozenset[str]
    figures: frozenset[str]
    said: frozenset[str]
    marks: tuple[int, ...]
    handles: tuple[int, ...]
    sure: frozenset[int]


def story(title: str, summary: str = "", url: str = "") -> Story:
    """What the text is compared by."""
    return stories([(title, summary, url)])[0]


def stories(told: Sequence[tuple[str, str, str]]) -> list[Story]:
    """The same of many, each a title, a summary and an address; much less work than one after the other."""
    spelled = [words(title[:LONGEST_TITLE]) for title, _, _ in told]
    heads = [stems(each) for each in spelled]
    said = [head | _summary(summary) for head, (_, summary, _) in zip(heads, told, strict=True)]
    marks, bands = _marks(said)
    urls = [url for _, _, url in told]
    return list(map(_story, spelled, heads, said, marks, bands, urls))


def _story(
    spelled: list[str],
    heads: frozenset[str],
    said: frozenset[str],
    marks: tuple[int, ...],
    bands: tuple[int, ...],
    url: str,
) -> Story:
    normal = " ".join(spelled)
    sure = {handle("title", normal)} if normal else set()
    if url:
        sure.add(handle("url", canonical(url)))
    return Story(normal, heads, _figures(spelled), said, marks, (*bands, *sure), frozenset(sure))


def known(title: str, summary: str, marks: Sequence[int]) -> Story:
    """The same of a topic that is kept, as far as `same` needs it."""
    spelled = words(title)
    heads = stems(spelled)
    said = heads | _summary(summary)
    return Story("", heads, _figures(spelled), said, tuple(marks), (), frozenset())


def same(one: Story, other: Story) -> bool:
    """Whether the two tell the same story, by their words alone.

    Titles whose numbers contradict each other tell of two things, however alike they are; of a word or two
    nothing can be told.
    """
    if min(len(one.said), len(other.said)) < FEWEST:
        return False
    if one.figures and other.figures and not (one.figures <= other.figures or other.figures <= one.figures):
        return False
    shared = likeness(one.marks, other.marks)
    if shared >= ALIKE:
        return True
    return shared >= TOLD and max(_told(one, other), _told(other, one)) >= WITH_TITLE


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of words in common, estimated; 0 where one of the texts has none."""
    if not one or len(one) != len(other):
        return 0.0
    alike: int = sum(map(eq, one, other))
    return alike / len(one)


def without_outlet(title: str, outlet: str) -> str:
    """The title without the name of who tells it (`Headline - The Paper`)."""
    bare = shorten(title, LONGEST_TITLE)
    for mark in (" - ", " | ", " – ", " — "):
        head, found, tail = bare.rpartition(mark)
        if found and len(head) > len(tail) and _letters(tail) and _letters(tail) in _letters(outlet):
            return head
    return bare


def outlet_of(title: str, address: str) -> str:
    """The names of who tells what a feed of that title and address brings."""
    return f"{title} {host_of(address)}"


def canonical(url: str) -> str:
    """The address without what only says where a reader came from; as it is where it cannot be read."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, _PORTS.get(parts.scheme)) else ""
    except ValueError:
        return url.strip()
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("utm_") and name.lower() not in _TRACKERS
    ]
    query = f"?{urlencode(sorted(asked))}" if asked else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def host_of(url: str) -> str:
    """Who tells it: the host of an address; empty where there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def handle(kind: str, text: str) -> int:
    """A number of 63 bits for a text, the same on every machine."""
    low, high = zlib.crc32(f"{kind}:{text}".encode()), zlib.crc32(f"{text}:{kind}".encode())
    return ((high << 32) | low) & (2**63 - 1)


@cache
def _orders() -> "tuple[NDArray[np.uint64], NDArray[np.uint64]]":
    import numpy as np  # noqa: PLC0415 (who reads feeds for nobody to compare starts without it)

    random = np.random.Generator(np.random.PCG64(20))
    factors = random.integers(1, 2**63, VALUES, dtype=np.uint64) | np.uint64(1)
    return factors, random.integers(0, 2**63, VALUES, dtype=np.uint64)


def _marks(said: Sequence[frozenset[str]]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The notes of each text, and the numbers of their bands; none of one that says nothing."""
    import numpy as np  # noqa: PLC0415

    sizes = [len(each) for each in said]
    if not (total := sum(sizes)):
        return [()] * len(sizes), [()] * len(sizes)
    factors, added = _orders()
    every = map(zlib.crc32, map(str.encode, chain.from_iterable(said)))
    numbers = np.fromiter(every, dtype=np.uint64, count=total)
    # Arithmetic wraps at 2^64; the high half is what multiplication mixes best.
    numbers = numbers * np.uint64(_SPREAD)
    numbers ^= numbers >> np.uint64(29)
    placed = (numbers[:, None] * factors + added) >> np.uint64(32)
    begins = [end - size for end, size in zip(accumulate(sizes), sizes, strict=True) if size]
    least = np.minimum.reduceat(placed, begins, axis=0)
    banded = least[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS)
    joined: NDArray[np.uint64] = banded[:, :, 0] << np.uint64(32) | banded[:, :, 1]
    mixed: NDArray[np.uint64] = (joined ^ joined >> np.uint64(31)) * factors[:BANDS] >> np.uint64(1)
    return _each(least, sizes), _each(mixed, sizes)


def _each(rows: "NDArray[np.uint64]", sizes: Sequence[int]) -> list[tuple[int, ...]]:
    listed: list[list[int]] = rows.tolist()
    following = iter(listed)
    return [tuple(next(following)) if size else () for size in sizes]


def _summary(summary: str) -> frozenset[str]:
    return stems(words(summary[: LOOKED_AT * 12])[:LOOKED_AT])


def _told(one: Story, other: Story) -> float:
    """The share of one's title that the other tells."""
    return len(one.title & other.said) / len(one.title) if len(one.title) > 1 else 0.0


def _figures(said: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in said if word[0].isdigit())


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
