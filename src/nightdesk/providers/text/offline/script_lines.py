"""What the sources offer a script: sentences that can be said aloud, weighed, each with its passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.kit.text import sentences
from nightdesk.providers.text.offline.compilation import Compilation
from nightdesk.providers.text.offline.lexicon import manners_of, marks_of
from nightdesk.providers.text.offline.passages import plain
from nightdesk.providers.text.offline.queries import GENERIC
from nightdesk.providers.text.offline.selection import says_the_same
from nightdesk.providers.text.offline.sentences import Sentence, figures, weigh
from nightdesk.providers.text.offline.words import cues, stems, subject_stems
from nightdesk.providers.text.pace import words_in, words_said
from nightdesk.providers.text.questions import ArticleToWrite, Passage
from nightdesk.providers.text.video_questions import NumberedPassage, VideoSubject

LONGEST_SECONDS = 10
"""Of one sentence; a listener cannot go back."""
_ASIDE = re.compile(r"\s?[(（][^()（）]{0,120}[)）]")
_CITED = re.compile(r", (?:according to|as reported by) [^,.]{3,80}(?=[,.])")
_LEAST, _FITS = 0.12, 0.3
_UNSAYABLE = re.compile(r"[\[\]{}|<>=\\^_#*]|https?:|www\.")
_FEWEST_LETTERS = 6
_OVER, _WHOLE, _TOPIC, _ASKED, _NAMING = 0.5, 0.15, 0.1, 0.2, 0.3
"""What counts beside the weight: a heading with words of the title, with all of them, the first sentence
under one, an answer in the manner that the title asks for; and against it that a sentence is on names."""
_OF_NAMES = cues("spellings?|spelled|so-called|also called|also known as|abbreviat\\w+|synonyms?|written")
_BEGINNING = 5
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_PARTED = re.compile("[^\\W_]+")
_ENDS = ("。", "！", "।", "۔", ".", "!", "”", "」")


@dataclass(frozen=True)
class Line:
    """One sentence as it is said; `weight` from 0 to 1 says how much it is to the point.

    `place` is where it stands in the sources (document, block, sentence); `leans` on the line before it.
    """

    says: str
    weight: float
    heading: str
    place: tuple[int, int, int]
    passage: int
    sentence: Sentence
    leans: bool = False
    step: bool = False
    over: float = 0.0
    """Share of what the title is about that the heading names, 0 to 1."""
    names: float = 0.0
    """The same for the beginning of the line itself."""

    @property
    def words(self) -> int:
        return words_said(self.says)

    @property
    def figures(self) -> tuple[str, ...]:
        return self.sentence.figures


def lines_of(subject: VideoSubject) -> list[Line]:
    """The lines of the passages that are on the subject, those of most weight first; none twice."""
    found = _compiled(subject) or _unparted(subject)
    longest = words_in(LONGEST_SECONDS, subject.language)
    kept: list[Line] = []
    for line in sorted(found, key=lambda line: -line.weight):
        sayable = not _UNSAYABLE.search(line.says) and 1 < line.words <= longest
        if sayable and not any(says_the_same(line.sentence, other.sentence) for other in kept):
            kept.append(line)
    return kept


def aloud(text: str) -> str:
    """A sentence without what stands in brackets: a listener has no use for it."""
    bare = _ASIDE.sub("", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare.split()))


def article_of(subject: VideoSubject) -> ArticleToWrite:
    """The subject as the question about an article that has the same sources."""
    return ArticleToWrite(
        site=subject.site,
        title=subject.title,
        angle=subject.summary[:600],
        keywords=[subject.title],
        intent="informational",
        structure="list" if subject.kind == "list" else "guide",
        outline=[],
        words=subject.words,
        documents=subject.documents,
        passages=[Passage(document=one.document, text=one.text) for one in subject.passages],
    )


def _compiled(subject: VideoSubject) -> list[Line]:
    """By the machinery that compiles articles; empty for scripts that part no words."""
    work = Compilation(article_of(subject))
    wanted = frozenset(subject_stems(subject.title)) - GENERIC
    asked = frozenset(manners_of(subject.title))
    texts = {one.number: (one.document, " ".join(plain(one.text).split())) for one in subject.passages}
    found = []
    for sentence, score in work.scores.items():
        block = work.blocks[sentence.block]
        fit = work.fit.of(block)
        if score < _LEAST or fit < _FITS:
            continue
        number = _passage(sentence, texts)
        place = (sentence.document, sentence.block, sentence.place)
        over = _share(wanted, block.heading)
        weight = score * fit * (1 - _OVER / 2 + _OVER * over) + _WHOLE * (over == 1)
        weight += _TOPIC * (sentence.place == 0) + _ASKED * bool(asked.intersection(marks_of(block.heading)))
        weight -= _NAMING * bool(_OF_NAMES.search(sentence.text))
        found.append(
            Line(
                aloud(sentence.text),
                weight,
                block.heading,
                place,
                number,
                sentence,
                sentence.leans,
                step=block.kind == "steps",
                over=over,
                names=_share(wanted, " ".join(sentence.text.split()[:_BEGINNING])),
            )
        )
    return found


def _share(wanted: frozenset[str], text: str) -> float:
    return len(wanted & frozenset(stems(text))) / len(wanted) if wanted else 0.0


def _passage(sentence: Sentence, texts: dict[int, tuple[int, str]]) -> int:
    """The number of the passage that the sentence stands in."""
    own = [number for number, (document, _) in texts.items() if document == sentence.document]
    start = sentence.text.rstrip(".")
    holding = (number for number in own if start in texts[number][1])
    return next(holding, own[0])


def _unparted(subject: VideoSubject) -> list[Line]:
    """For languages without spaces: sentences by the pairs of letters that they share with the title."""
    wanted = _letters(f"{subject.title}") or _letters(subject.summary)
    found: list[Line] = []
    unparted = (passage for passage in subject.passages if _WITHOUT_SPACES.search(passage.text))
    for block, passage in enumerate(unparted):
        heading, body = _parted(passage)
        for place, text in enumerate(sentences(plain(body))):
            shared = len(wanted & _letters(f"{heading} {text}")) / max(len(wanted), 1)
            if shared > 0 and len(text) >= _FEWEST_LETTERS and text.endswith(_ENDS):
                sentence = weigh(text, passage.document, block, place)
                where = (passage.document, block, place)
                weight = min(shared + 0.1 * bool(figures(text)), 1.0)
                found.append(Line(aloud(text), weight, heading, where, passage.number, sentence))
    return found


def _parted(passage: NumberedPassage) -> tuple[str, str]:
    first, _, rest = passage.text.strip().partition("\n")
    return (first.lstrip("# ").strip(), rest) if first.startswith("#") else ("", passage.text)


def _letters(text: str) -> frozenset[str]:
    """Pairs of neighbouring letters."""
    bare = "".join(_PARTED.findall(text))
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def in_source_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.place)
