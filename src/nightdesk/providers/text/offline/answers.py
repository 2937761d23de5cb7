"""Questions and the answers that the sources hold: from keywords, and from headings turned into questions."""

import re
from collections.abc import Iterable, Mapping

from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.lexicon import aspects_of
from nightdesk.providers.text.offline.phrases import QUESTION, sentence_case
from nightdesk.providers.text.offline.queries import phrase_query
from nightdesk.providers.text.offline.selection import says_the_same
from nightdesk.providers.text.offline.sentences import Sentence
from nightdesk.providers.text.offline.statements import base_form, is_verb
from nightdesk.providers.text.offline.words import STOP, listed, stem, subject_stems, words

_CONSIDERED = 12
_GOOD_ENOUGH = 0.5
_COVERED = 0.72
"""Share of the question's weight (rarity of its words) that an answer with its heading must speak of."""
_ASKED = re.compile(r"^(how|why|when|what|where)((?: (?:long|often|much|many|hot|big|old))?) (.+)$", re.I)
_FIGURE = re.compile(r"^how (?:long|often|much|many|hot|big|old)\b|\bwhat (?:size|temperature|ratio)\b", re.I)
_TO_DO = re.compile(r"^(how(?: often| long| much| many)?|when|where) to (.+)$", re.I)


def questions_in(phrases: Iterable[str]) -> list[str]:
    """The phrases that are questions, spelled as such; two that ask the same are one."""
    found: list[str] = []
    seen: set[frozenset[str]] = set()
    for phrase in phrases:
        question = as_question(phrase)
        key = (
            frozenset(subject_stems(question)) | {question.split()[0].casefold()} if question else frozenset()
        )
        if question and key not in seen:
            seen.add(key)
            found.append(question)
    return found


def as_question(phrase: str) -> str:
    """A search phrase or heading as a question; empty where it is none and cannot be turned into one."""
    bare = phrase.strip().rstrip("?.! ")
    if not QUESTION.match(bare) or len(words(bare)) < 3:
        return ""
    to_do = _TO_DO.match(bare)
    if to_do:
        return sentence_case(f"{to_do[1]} {'should' if ' ' in to_do[1] else 'do'} you {to_do[2]}?")
    turned = bare if _is_inverted(bare) else _inverted(bare)
    return f"{sentence_case(turned)}?" if turned else ""


_AUXILIARY = listed("""
    is are was do does did can could should will would must may
""")


def _is_inverted(bare: str) -> bool:
    """True where the auxiliary already stands before the subject, or asks at the start."""
    parts = bare.casefold().split()
    return (
        parts[0] in _AUXILIARY
        or parts[1] in _AUXILIARY
        or (len(parts) > 2 and parts[2] in _AUXILIARY and parts[1] not in STOP)
        or parts[0] in {"which", "who"}
    )


def _inverted(bare: str) -> str:
    """`How long composting takes` → `How long does composting take`; empty where no verb is found."""
    asked = _ASKED.match(bare)
    if not asked:
        return ""
    opening, parts = f"{asked[1]}{asked[2]}", asked[3].split()
    for place in range(len(parts) - 1, 0, -1):
        verb = parts[place]
        if not is_verb(verb.casefold()):
            continue
        subject, rest = " ".join(parts[:place]), " ".join(parts[place + 1 :])
        if verb in {"is", "are", "can", "should", "must", "was", "were"}:
            return f"{opening} {verb} {subject} {rest}".strip()
        helper = "does" if base_form(verb) != verb else "do"
        return f"{opening} {helper} {subject} {base_form(verb)} {rest}".strip()
    return ""


def answer(work: Compilation, question: str, longest: int = 3) -> tuple[Sentence, ...]:
    """The unspent sentences that answer the question; empty where the sources have no answer.

    What is found is spent.
    """
    query = phrase_query(question)
    scores = work.material.scores(query)
    asked = {
        term: work.material.rarity(term) for term in query if " " not in term and not term.startswith("<")
    }
    figure = (
        [aspect.mark for aspect in aspects_of(frozenset(stems_asked(question)))]
        if _FIGURE.match(question)
        else []
    )
    for sentence in sorted(scores, key=lambda s: -scores[s])[:_CONSIDERED]:
        if scores[sentence] < _GOOD_ENOUGH or sentence.leans or sentence in work.spent:
            continue
        if _covers(work, sentence, asked) and (not figure or sentence.terms & frozenset(figure)):
            said = _with_what_follows(work, sentence, scores, longest)
            work.spent.add(said)
            return said
    return ()


def stems_asked(question: str) -> list[str]:
    """The stems that tell which kind of figure is asked for: `long`, `often`, `siz`."""
    return [stem(word) for word in words(question)[:3]]


def _covers(work: Compilation, sentence: Sentence, asked: Mapping[str, float]) -> bool:
    """True where the sentence and its heading speak of what was asked, itself of what is rare."""
    over = frozenset(subject_stems(work.blocks[sentence.block].heading))
    own = {term: weight for term, weight in asked.items() if term not in work.common}
    covered = sum(weight for term, weight in asked.items() if term in sentence.stems or term in over)
    direct = any(term in sentence.stems for term in own)
    return direct and covered >= _COVERED * sum(asked.values())


def _with_what_follows(
    work: Compilation, first: Sentence, scores: Mapping[Sentence, float], longest: int
) -> tuple[Sentence, ...]:
    """The sentence and those after it in its block that stay on the question."""
    said = [first]
    for sentence in work.blocks[first.block].sentences[first.place + 1 :]:
        on_it = scores[sentence] >= _GOOD_ENOUGH * scores[first] or sentence.leans
        repeats = sentence in work.spent or any(says_the_same(sentence, other) for other in said)
        if len(said) >= longest or not on_it or repeats:
            break
        said.append(sentence)
    return tuple(said)
