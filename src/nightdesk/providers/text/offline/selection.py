"""Chooses runs of sentences from the sources: relevant, able to stand alone, nothing said twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nightdesk.providers.text.offline.passages import Block
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.words import likeness, overlap

Scores = Mapping[Sentence, float]

FLOOR = 0.3
"""A sentence under this share of the best one's weight costs its run more than it brings."""
_TOGETHER = 0.15
"""What a run of two or more consecutive sentences is worth beyond its sentences: it reads as prose."""
_ALONE = 0.2
"""What a sentence torn from its neighbours must be worth above the floor."""
_LIKE, _LIKE_WITH_FIGURES, _WITHIN = 0.55, 0.34, 0.85


@dataclass(frozen=True)
class Run:
    """Consecutive sentences of one block, and what they are worth."""

    sentences: tuple[Sentence, ...]
    value: float

    @property
    def words(self) -> int:
        return sum(sentence.length for sentence in self.sentences)


class Spent:
    """The sentences that an article has used: none comes twice, nor another that says the same."""

    def __init__(self) -> None:
        self._sentences: list[Sentence] = []

    def __contains__(self, sentence: Sentence) -> bool:
        return any(says_the_same(sentence, other) for other in self._sentences)

    def add(self, sentences: Iterable[Sentence]) -> None:
        self._sentences += sentences


def says_the_same(one: Sentence, other: Sentence) -> bool:
    """True for equal sentences, near copies, and two wordings around the same figures."""
    if one.text == other.text:
        return True
    alike = likeness(one.stems, other.stems)
    shared = set(one.figures) & set(other.figures)
    if len(shared) >= 2 and alike >= _LIKE_WITH_FIGURES:
        return True
    if one.figures and other.figures and not shared:
        return False
    shorter = min(len(one.stems), len(other.stems))
    return alike >= _LIKE or (shorter >= 5 and overlap(one.stems, other.stems) >= _WITHIN)


def best_run(
    block: Block, scores: Scores, spent: Spent, longest: int = 4, floor: float = FLOOR
) -> Run | None:
    """The run of the block that is worth most, None where none is worth its place.

    A run never begins with a sentence that leans on the one before it.
    """
    free = [scores.get(sentence, 0.0) > 0 and sentence not in spent for sentence in block.sentences]
    best: Run | None = None
    for start, first in enumerate(block.sentences):
        if first.leans or not free[start]:
            continue
        taken: list[Sentence] = []
        value = 0.0
        for place in range(start, min(start + longest, len(block.sentences))):
            sentence = block.sentences[place]
            if not free[place] or any(says_the_same(sentence, other) for other in taken):
                break
            taken.append(sentence)
            value += scores[sentence] - floor
            worth = value + (_TOGETHER if len(taken) > 1 else -_ALONE)
            if worth > (best.value if best else 0.0):
                best = Run(tuple(taken), worth)
    return best


def best_runs(
    blocks: Iterable[Block], scores: Scores, spent: Spent, words: int, longest: int = 4, floor: float = FLOOR
) -> list[Run]:
    """Runs from these blocks, best first taken, until about `words` words; in the order of the sources.

    What is returned is spent.
    """
    remaining = list(blocks)
    chosen: list[Run] = []
    while remaining and sum(run.words for run in chosen) < words:
        found = [(best_run(block, scores, spent, longest, floor), block) for block in remaining]
        worth = [(run, block) for run, block in found if run]
        if not worth:
            break
        run, _ = max(worth, key=lambda pair: pair[0].value)
        chosen.append(run)
        spent.add(run.sentences)
        remaining = [block for _, block in worth]
    return sorted(chosen, key=lambda run: (run.sentences[0].block, run.sentences[0].place))


def told(block: Block, scores: Scores, spent: Spent, words: int) -> list[Run]:
    """The block from its beginning, without what is spent or says nothing to the point, about `words` words.

    A sentence that leans on the one before it goes where that one goes. What is returned is spent.
    """
    runs: list[Run] = []
    held: list[Sentence] = []
    for sentence in block.sentences:
        count = sum(run.words for run in runs) + sum(one.length for one in held)
        kept = scores.get(sentence, 0.0) > 0 and sentence not in spent and count < words
        if kept and (not sentence.leans or held):
            held.append(sentence)
            spent.add([sentence])
        elif held:
            runs.append(Run(tuple(held), 1.0))
            held = []
    return [*runs, Run(tuple(held), 1.0)] if held else runs
