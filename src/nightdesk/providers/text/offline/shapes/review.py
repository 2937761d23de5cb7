"""A review: what to check, the criteria one by one, what it costs, and whom it suits."""

from nightdesk.providers.text.offline.compilation import Compilation, paragraphs
from nightdesk.providers.text.offline.draft import Entries, Heading, Part
from nightdesk.providers.text.offline.naming import as_thing
from nightdesk.providers.text.offline.phrases import lower_first, plural, sentence_case
from nightdesk.providers.text.offline.selection import best_runs, says_the_same
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.words import cues, subject_stems

_VERDICT = cues("worth|benefit|drawback|advantage|best|found that|test|compared|saves?|suits?")
_CHECK = cues(
    """should|must|check|look for|at least|criteri(?:on|a)|features?|avoid|matters?|easier|better than
    useful|decides?|too small|no deeper|resists?"""
)
_SUITS = cues("suits?|for people|for those|poor value|worth its|households?|families|best for|users?")
_CHECKS = (
    "What to check before paying",
    "The checks that matter",
    "What to look at first",
    "Before the money is spent",
)
_WHOM = ("Who gets most from {}", "For whom {} are made, and for whom not", "When {} are worth having")
_MOST_CHECKS, _LEAST_CHECKS, _RELEVANT = 7, 3, 0.4


def compile_review(work: Compilation) -> list[Part]:
    """Verdict first, a list of checks, the criteria as the sources treat them, then whom it suits."""
    subject = _subject(work)
    suits = _suits(work, subject)
    parts = work.lede(lambda s: 0.7 * bool(_VERDICT.search(s.text)) + 0.2 * bool(s.figures), longest=3)
    checks = _checks(work)
    topics = work.topics()
    sections: list[Part] = []
    for topic in topics:
        sections += work.section(topic.heading, topic.blocks, work.article.words // (len(topics) + 1))
    return [*parts, *checks, *sections, *suits]


def _subject(work: Compilation) -> str:
    """What is reviewed, for the middle of a heading: `compost bins` from `best compost bin`."""
    phrases = work.article.keywords or [work.article.title]
    seen = frozenset(word.casefold() for phrase in phrases for word in phrase.split())
    return lower_first(sentence_case(plural(as_thing(phrases[0]) or phrases[0], seen)))


def _checks(work: Compilation) -> list[Part]:
    """Statements that say what to look for, one point each, the most relevant."""
    found = [s for s, score in work.scores.items() if score >= 0.45 and _CHECK.search(s.text) and not s.leans]
    chosen: list[Sentence] = []
    for sentence in sorted(found, key=lambda s: -work.scores[s]):
        if sentence not in work.spent and len(chosen) < _MOST_CHECKS:
            chosen += [] if any(says_the_same(sentence, other) for other in chosen) else [sentence]
    if len(chosen) < _LEAST_CHECKS:
        return []
    work.spent.add(chosen)
    chosen.sort(key=lambda s: (s.block, s.place))
    return [Heading(one_of(_CHECKS, work.article.title)), Entries(tuple((s,) for s in chosen))]


def _suits(work: Compilation, subject: str) -> list[Part]:
    wanted = frozenset(subject_stems(subject)) - work.common
    scores = {
        s: min(1.0, score + 0.3)
        for s, score in work.scores.items()
        if score >= _RELEVANT and _SUITS.search(s.text) and _names(s, wanted)
    }
    runs = best_runs([b for b in work.blocks if b.kind == "prose"], scores, work.spent, 110)
    heading = one_of(_WHOM, work.article.title).format(subject)
    return [Heading(sentence_case(heading)), *paragraphs(runs)] if runs else []


def _names(sentence: Sentence, wanted: frozenset[str]) -> bool:
    """True where the subject of the statement is what is reviewed."""
    found = subject_of(sentence.text)
    return bool(found) and wanted <= frozenset(subject_stems(found[0] if found else ""))
