"""A comparison: a table of what both sides have figures for, each side in prose, and which suits whom."""

from nightdesk.providers.text.offline.compilation import Compilation, paragraphs
from nightdesk.providers.text.offline.contrast import Side, contrast_table, halves, sides_of, speaks_of
from nightdesk.providers.text.offline.draft import Heading, Part
from nightdesk.providers.text.offline.phrases import lower_first
from nightdesk.providers.text.offline.selection import best_runs
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.guide import compile_guide
from nightdesk.providers.text.offline.words import cues

_SUITS = cues(
    "suits?|best for|better for|do best|does best|for people (?:who|with)|for those who|worth its|poor value"
)
_LEAST_WORDS = 30
_ASTRAY = 0.5
"""How far a heading may name a third thing before its sentences belong to neither side."""


def compile_comparison(work: Compilation) -> list[Part]:
    """Table first, then side by side; where the title names no two things, a guide."""
    sides = sides_of(work.article, work.common)
    if sides is None:
        return compile_guide(work)
    one, other = sides
    table = _table(work, one, other)
    parts = [*work.lede(lambda sentence: _about_both(sentence, one, other), longest=2), *table]
    budget = work.article.words // 4
    parts += _against(work, one, other, budget)
    about = [_side(work, side, opposite, budget) for side, opposite in ((one, other), (other, one))]
    if all(about):
        return [*parts, *about[0], *about[1], *_for_whom(work, one, other)]
    more = [Heading(f"More about {lower_first(side.name)}") for side in (one, other)]
    alone = [part for heading, said in zip(more, about, strict=True) for part in (heading, *said[1:]) if said]
    return [*parts, *_for_whom(work, one, other), *alone]


def _about_both(sentence: Sentence, one: Side, other: Side) -> float:
    return 0.8 if one.within(sentence.text) and other.within(sentence.text) else 0.0


def _table(work: Compilation, one: Side, other: Side) -> list[Part]:
    relevant = sorted(work.scores, key=lambda s: -work.scores[s])
    found = contrast_table([s for s in relevant if s not in work.spent], one, other)
    if found is None:
        return []
    table, taken = found
    work.spent.add(taken)
    return [table]


def _against(work: Compilation, one: Side, other: Side, words: int) -> list[Part]:
    """The statements that set both against each other."""
    scores = {}
    for sentence, score in work.scores.items():
        if halves(sentence, one, other):
            scores[sentence] = 1.0
        elif _about_both(sentence, one, other):
            scores[sentence] = 0.35 + 0.35 * score
    runs = best_runs([b for b in work.blocks if b.kind == "prose"], scores, work.spent, words)
    if sum(run.words for run in runs) < _LEAST_WORDS:
        return []
    return [Heading(f"{one.name} against {lower_first(other.name)}"), *paragraphs(runs)]


def _side(work: Compilation, side: Side, opposite: Side, words: int) -> list[Part]:
    scores = {}
    for sentence, score in work.scores.items():
        belongs = _belongs(work, sentence, side, opposite)
        if belongs:
            scores[sentence] = min(1.0, 0.5 * belongs + 0.5 * score + 0.1 * bool(sentence.figures))
    runs = best_runs([b for b in work.blocks if b.kind == "prose"], scores, work.spent, words, floor=0.45)
    if sum(run.words for run in runs) < _LEAST_WORDS:
        return []
    return [Heading(side.name), *paragraphs(runs)]


def _belongs(work: Compilation, sentence: Sentence, side: Side, opposite: Side) -> float:
    """How much a sentence is about the side; what the whole site is about counts only beside the opposite."""
    heading = work.blocks[sentence.block].heading
    if side.is_common and not opposite.within(heading):
        return 0.0
    if work.fit.astray(heading, sentence.document) >= _ASTRAY:
        return 0.0
    return speaks_of(sentence, heading, side, opposite)


def _for_whom(work: Compilation, one: Side, other: Side) -> list[Part]:
    scores = {}
    for sentence, score in work.scores.items():
        about = max(_belongs(work, sentence, *pair) for pair in ((one, other), (other, one)))
        if about >= 1.0 and _SUITS.search(sentence.text):
            scores[sentence] = min(1.0, 0.6 + 0.4 * score)
    runs = best_runs([b for b in work.blocks if b.kind == "prose"], scores, work.spent, 120)
    if sum(run.words for run in runs) < _LEAST_WORDS:
        return []
    heading = f"Who is better off with {lower_first(one.name)}, and who with {lower_first(other.name)}"
    return [Heading(heading), *paragraphs(runs)]
