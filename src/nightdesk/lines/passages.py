"""Picks from the documents of a site the passages that a piece is to be written from."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nightdesk.quality.words import content_words

D = TypeVar("D")

_K1, _B = 1.2, 0.75
_AGAIN = 0.95
_MAIN = 3.0
"""How much more a word of what the article is about counts than one of its outline."""
_HEADING = 2.0
"""How much a query word in a passage's heading adds, beside its count in the text."""
_EXACT = 3
"""Words up to this length are looked for without other endings."""
_NAMED, _BEST = 0.5, 10
"""What a passage gains whose heading, and again whose document's title, names all that the article is about
and nothing narrower, as a share of what the best ten have."""
_LEAD = 1.6
"""The same for the document that has the procedure asked for."""
_STEPS = re.compile(r"^\s*1[.)] .*\n\s*2[.)] ", re.M)
_MORE = 0.2
"""How much each further word in a procedure's heading speaks against it."""
_MANY = 3
"""Documents whose headings have a word that names no thing."""
_LINKS, _LISTED = 3, 0.1
"""Addresses that make a passage a list of references, and what is left of its score."""
_SPREAD, _APART, _FEWEST = 0.4, 0.8, 3
"""Share of a word's passages in one document up to which it belongs to all, and from which to that one."""
_CLAUSE = re.compile(r"[:;,] ")
_REST = re.compile(r"[^\W_]{0,3}(?![^\W_])")
_END = re.compile(r"(?![^\W_])")
_WITHOUT_SPACES = 0x2E80
"""From this letter on, scripts are written without spaces between words."""


NO_TITLES: Mapping[Any, str] = {}


def pick(
    passages: Sequence[tuple[D, str]],
    query_terms: Sequence[str],
    k: int = 40,
    *,
    main: Sequence[str] = (),
    titles: Mapping[D, str] = NO_TITLES,
    steps: bool = False,
) -> list[tuple[D, str]]:
    """The `k` passages that speak most of the query, best first; none that does not speak of it at all.

    `main` are the phrases that say what the article is about: their words count more than those of
    `query_terms`. Scored by BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) with a word's other endings
    counted as the word, and again for the heading, a first line that begins with `#`. Each further passage of
    the same document counts a little less than the one before, so that one long document does not crowd out
    the others; a passage that says the same again is left out. `titles` of documents lift the passages of
    those that are named for the article's own matter, less where they are on something narrower; headings do
    so too. With `steps`, numbered procedures count more, and with the best of them its document.
    """
    weights = dict.fromkeys(_query_words(query_terms), 1.0) | dict.fromkeys(_query_words(main), _MAIN)
    if not passages or not weights or k < 1:
        return []
    texts = [text for _, text in passages]
    joined, headings = _Joined(texts), [_heading(text) for text in texts]
    scores = _bm25(joined, weights)
    scores += _HEADING * _bm25(_Joined(headings), weights)
    documents = [document for document, _ in passages]
    naming = _Naming(joined, documents, _things(_query_words(main), headings, documents, titles))
    named = np.array([naming.of(heading) for heading in headings])
    lifts = named + [naming.of(titles.get(document, "")) for document in documents]
    if steps:
        shown = np.array(
            [
                naming.under(heading, titles.get(document, "")) if _STEPS.search(text) else 0.0
                for heading, (document, text) in zip(headings, passages, strict=True)
            ]
        )
        lead = documents[int(np.argmax(shown))] if shown.max() > 0 else None
        lifts += shown + _LEAD * np.array([lead is not None and document == lead for document in documents])
    scores += _NAMED * float(np.sort(scores)[-_BEST:].mean()) * lifts
    scores *= [_LISTED if text.count("://") >= _LINKS else 1.0 for text in texts]
    return [passages[at] for at in _diverse(passages, scores, k)]


def in_reading_order(
    picked: Sequence[tuple[D, str]], passages: Sequence[tuple[D, str]]
) -> list[tuple[D, str]]:
    """The picked passages by document, the best one's first, and within a document as in `passages`."""
    place = {passage: at for at, passage in enumerate(passages)}
    rank = {document: at for at, document in reversed(list(enumerate(d for d, _ in picked)))}
    return sorted(picked, key=lambda passage: (rank[passage[0]], place.get(passage, 0)))


def _things(
    words: Sequence[str], headings: Sequence[str], documents: Sequence[D], titles: Mapping[D, str]
) -> list[str]:
    """The words without those that many documents use in headings and none in its title (`make`, `use`)."""
    named = [_query_words([title]) for title in titles.values()]
    over = [
        (document, _query_words([heading])) for heading, document in zip(headings, documents, strict=True)
    ]

    def is_form(word: str) -> bool:
        users = {document for document, said in over if any(_alike(word, other) for other in said)}
        return len(users) >= _MANY and not any(_alike(word, other) for said in named for other in said)

    return [word for word in words if not is_form(word)] or list(words)


class _Naming:
    """Tells how well headings and titles name what the article is about, and nothing narrower."""

    def __init__(self, joined: "_Joined", documents: Sequence[object], wanted: Sequence[str]) -> None:
        self._joined, self._documents, self._wanted = joined, documents, wanted
        self._known: dict[str, float] = {"": 0.0}
        self._words: dict[str, float] = {}

    def of(self, name: str) -> float:
        """Share of the wanted words that the name has, less where it has one that a single document uses."""
        if name not in self._known:
            self._known[name] = self._weighed(name)
        return self._known[name]

    def under(self, heading: str, title: str) -> float:
        """The same for a heading, more where its document's title agrees, less for what neither asks for."""
        said = (*self._wanted, *_query_words([title]))
        more = sum(not any(_alike(word, other) for other in said) for word in _query_words([heading]))
        return self.of(heading) * (1 + self.of(title)) / 2 / (1 + _MORE * more)

    def _weighed(self, name: str) -> float:
        said = _query_words([_CLAUSE.split(name)[0]])
        named = sum(any(_alike(word, other) for other in said) for word in self._wanted)
        if not named:
            return 0.0
        extra = [word for word in said if not any(_alike(word, other) for other in self._wanted)]
        return named / len(self._wanted) * (1 - max(map(self._apart, extra), default=0.0))

    def _apart(self, word: str) -> float:
        """0 for a word that all documents use, 1 for one that hardly any but one uses, by passages."""
        if word not in self._words:
            held = Counter(self._documents[int(at)] for at in np.flatnonzero(self._joined.counts(word)))
            share = max(held.values(), default=0) / max(held.total(), 1)
            spread = min(max((share - _SPREAD) / (_APART - _SPREAD), 0.0), 1.0)
            self._words[word] = spread if held.total() >= _FEWEST else 0.0
        return self._words[word]


def _alike(one: str, other: str) -> bool:
    """True for words with the same beginning of all but their last few letters (`compost`, `composting`)."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and len(longer) - len(shorter) <= _EXACT and len(shorter) >= _EXACT


def _heading(text: str) -> str:
    first, _, _ = text.partition("\n")
    return first if first.startswith("#") else ""


def _query_words(query_terms: Sequence[str]) -> list[str]:
    """The single words of the query that carry meaning, each once, without a plural's ending."""
    every = [word for term in query_terms for word in re.findall(r"[^\W_]+", term.lower())]
    telling = [word for word in every if word.isdigit() or content_words(word)]
    said = telling or every
    bare = (w[:-1] if len(w) > _EXACT + 1 and w.endswith("s") and not w.endswith("ss") else w for w in said)
    return list(
        dict.fromkeys(
            word for word in bare if len(word) > 1 or word.isdigit() or ord(word) >= _WITHOUT_SPACES
        )
    )


class _Joined:
    """All passages in one string, in which a word is found faster than in each of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.lengths = np.fromiter(map(len, texts), dtype=np.float64, count=len(texts))
        # Lower case of the whole at once is faster than of each; it keeps lengths but for a few letters.
        self._text = "\n".join(texts).lower()
        if len(self._text) != int(self.lengths.sum()) + len(texts) - 1:
            lowered = [text.lower() for text in texts]
            self.lengths = np.fromiter(map(len, lowered), dtype=np.float64, count=len(texts))
        self._begins = np.concatenate(([0.0], np.cumsum(self.lengths + 1)[:-1]))

    def counts(self, word: str) -> NDArray[np.float64]:
        """How often the word begins a word of at most three letters more, for each passage."""
        starts = np.fromiter(self._found(word), dtype=np.float64)
        at = np.searchsorted(self._begins, starts, side="right") - 1
        return np.bincount(at, minlength=self.lengths.size).astype(np.float64)

    def _found(self, word: str) -> Iterator[int]:
        text, size = self._text, len(word)
        spaced = ord(word[0]) < _WITHOUT_SPACES
        rest = _REST if size > _EXACT else _END
        at = text.find(word)
        while at >= 0:
            if not spaced or ((at == 0 or not text[at - 1].isalnum()) and rest.match(text, at + size)):
                yield at
            at = text.find(word, at + size)


def _bm25(joined: _Joined, weights: Mapping[str, float]) -> NDArray[np.float64]:
    total = joined.lengths.size
    norm = _K1 * (1 - _B + _B * joined.lengths / max(joined.lengths.mean(), 1.0))
    scores = np.zeros(total)
    for word, counts in weights.items():
        times = joined.counts(word)
        holding = np.count_nonzero(times)
        weight = np.log1p((total - holding + 0.5) / (holding + 0.5))
        scores += counts * weight * times * (_K1 + 1) / (times + norm)
    return scores


def _diverse(passages: Sequence[tuple[D, str]], scores: NDArray[np.float64], k: int) -> list[int]:
    """Greedy: at each step the best passage, its document's earlier ones taken into account."""
    best_first = [int(at) for at in np.argsort(-scores, kind="stable") if scores[at] > 0]
    waiting: dict[D, list[int]] = {}
    for at in reversed(best_first):
        waiting.setdefault(passages[at][0], []).append(at)
    taken: Counter[D] = Counter()
    told: set[str] = set()
    picked: list[int] = []
    while waiting and len(picked) < k:
        document = max(waiting, key=lambda d: (scores[waiting[d][-1]] * _AGAIN ** taken[d], -waiting[d][-1]))
        at = waiting[document].pop()
        said = " ".join(passages[at][1].casefold().split())
        if said not in told:
            told.add(said)
            taken[document] += 1
            picked.append(at)
        if not waiting[document]:
            del waiting[document]
    return picked
