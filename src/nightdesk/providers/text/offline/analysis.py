"""Reads from a text by counting what makes it work: its opening, parts, feelings, cues, words and pace."""

import re
from collections import Counter
from statistics import fmean

from nightdesk.kit.text import count_words, sentences, shorten
from nightdesk.providers.text.offline.feelings import FEELINGS, OPENINGS, TRIGGERS
from nightdesk.providers.text.offline.words import stem, subject_stems, words
from nightdesk.providers.text.topic_questions import (
    DocumentAnalysed,
    DocumentToAnalyse,
    FoundEmotion,
    Hook,
    Pace,
    Pacing,
)

_SLOW, _BRISK = 22.0, 13.0
"""Words a sentence from which a text is slow, and up to which it is brisk."""

_STRONG = 0.02
"""Share of words of one feeling that is as strong as it gets: one word of fifty."""

_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)
_LIST = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+\S", re.MULTILINE)


def analyse_document(asked: DocumentToAnalyse) -> DocumentAnalysed:
    """What counting finds; a text of which there is nothing to say gets empty lists."""
    prose = _HEADING.sub("", asked.text)
    said = sentences(prose)
    lengths = [count_words(sentence) for sentence in said] or [0]
    return DocumentAnalysed(
        hook=_hook(said[0] if said else asked.title),
        structure=_structure(asked.text, said),
        emotions=_emotions(asked.text),
        triggers=[name for name, cue in TRIGGERS.items() if cue.search(asked.text)],
        keywords=_keywords(f"{asked.title} {asked.title} {prose}"),
        pacing=Pacing(
            pace=_pace(fmean(lengths)),
            words_a_sentence=round(fmean(lengths), 1),
            shortest=min(lengths),
            longest=max(lengths),
        ),
    )


def _hook(first: str) -> Hook:
    kind = next((kind for kind, form in OPENINGS if form.search(first)), "claim")
    return Hook(text=shorten(first, 400), kind=kind)


def _structure(text: str, said: list[str]) -> list[str]:
    """Headings where there are some; else how it opens, what it holds and how it ends."""
    if headings := _HEADING.findall(text):
        return [shorten(heading, 300) for heading in headings[:20]]
    parts = [f"opens with a {_hook(said[0]).kind}"] if said else []
    if entries := len(_LIST.findall(text)):
        parts.append(f"a list of {entries}" if entries > 1 else "a list of one")
    if asked := sum(sentence.endswith("?") for sentence in said[1:]):
        parts.append("a question along the way" if asked == 1 else f"{asked} questions along the way")
    if len(said) > 1:
        ends = (
            "a question" if said[-1].endswith("?") else "a call" if said[-1].endswith("!") else "a statement"
        )
        parts.append(f"ends with {ends}")
    return parts


def _emotions(text: str) -> list[FoundEmotion]:
    """By their share of all words, the strongest first."""
    length = max(count_words(text), 1)
    found = {name: len(cue.findall(text)) for name, cue in FEELINGS.items()}
    strong = [
        FoundEmotion(name=name, strength=round(min(n / length / _STRONG, 1.0), 2))
        for name, n in found.items()
        if n
    ]
    return sorted(strong, key=lambda one: -one.strength)


def _keywords(text: str) -> list[str]:
    """The words that come most often, each as it is spelled most often; those that come once are none."""
    spelled: dict[str, Counter[str]] = {}
    about = set(subject_stems(text))
    for word in words(text):
        root = stem(word)
        if root in about and len(word) > 2 and not word[0].isdigit():
            spelled.setdefault(root, Counter())[word.casefold()] += 1
    often = sorted(spelled.values(), key=lambda forms: -forms.total())
    return [forms.most_common(1)[0][0][:80] for forms in often if forms.total() > 1][:12]


def _pace(length: float) -> Pace:
    return "slow" if length >= _SLOW else "brisk" if length <= _BRISK else "even"
