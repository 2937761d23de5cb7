"""Compiles a section of an article anew from what the sources say on the words of the editor's note."""

from collections.abc import Sequence

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import sentences
from nightdesk.providers.text.offline.compilation import paragraphs
from nightdesk.providers.text.offline.draft import Entries, Part, markdown
from nightdesk.providers.text.offline.passages import Block, plain, read
from nightdesk.providers.text.offline.queries import GENERIC, phrase_query
from nightdesk.providers.text.offline.relevance import Material
from nightdesk.providers.text.offline.selection import FLOOR, Run, Scores, Spent, best_runs, says_the_same
from nightdesk.providers.text.offline.sentences import Sentence, weigh
from nightdesk.providers.text.offline.words import listed, stem, stems, words
from nightdesk.providers.text.questions import SectionToWrite, SectionWritten

_WISHES = listed("""
    section paragraph text sentenc word write rewrit reword phras simpl simpler short shorter long longer tone
    formal informal friendly livel pleas someth anyth mention
    includ remov cut leav focus mor les plain clear clearer anew better
""")
"""Stems of what editors say of any text: they name nothing that a source could speak of."""
_OF_HEADING = 0.4
"""What a word of the heading counts beside one of the note."""
_SHORTEST, _LEAST = 80, 8
"""Words that a section is filled up to at least, and below which there is none."""


def write_section(section: SectionToWrite) -> SectionWritten:
    """The section, every statement cited; it holds something on the note that the article did not say yet.

    Raises `Refused` where the passages have nothing of the kind: without a model there is no other wording.
    """
    work = _Section(section)
    parts = work.parts()
    if not work.brings_something(parts):
        raise Refused(_nothing(work.sought))
    return SectionWritten(markdown=markdown(parts, work.english))


class _Section:
    """One section being compiled."""

    def __init__(self, section: SectionToWrite) -> None:
        self.english = section.site.language.casefold().startswith("en")
        titles = {document.number: document.title for document in section.documents}
        self._material = Material(read(section.passages), titles)
        common = frozenset(stems(section.site.subject))
        said = dict.fromkeys(words(section.note))
        self.sought = [
            word for word in said if stem(word) in frozenset(stems(word)) - GENERIC - _WISHES - common
        ]
        self._sought = frozenset(stem(word) for word in self.sought)
        self._scores = self._weighed(section)
        self._present = _statements(section.present)
        self._spent = Spent()
        self._spent.add(_statements(section.rest))
        self._words = max(section.words, _SHORTEST)

    def parts(self) -> list[Part]:
        """Lists that are on the note whole, then runs of sentences, the most fitting first taken."""
        if not any(self._is_on_it(sentence) for sentence in self._material.sentences):
            return []
        lists = [block for block in self._material.blocks if block.kind != "prose" and self._lists(block)]
        listed_whole = [self._entries(block) for block in lists[:1]]
        left = self._words - sum(s.length for one in listed_whole for (s,) in one.entries)
        prose = [block for block in self._material.blocks if block.kind == "prose"]
        return [*paragraphs(self._runs(prose, left)), *listed_whole]

    def brings_something(self, parts: Sequence[Part]) -> bool:
        """True where there is enough, and a statement on the note that the section did not have."""
        said = _said(parts)
        new = (
            s for s in said if self._is_on_it(s) and not any(says_the_same(s, old) for old in self._present)
        )
        return sum(sentence.length for sentence in said) >= _LEAST and any(new)

    def _weighed(self, section: SectionToWrite) -> Scores:
        query = {term: _OF_HEADING * weight for term, weight in phrase_query(section.heading).items()}
        query |= phrase_query(" ".join(self.sought))
        return self._material.scores(query)

    def _runs(self, prose: Sequence[Block], left: int) -> list[Run]:
        """What is on the note first; then, where there is room, what is on the heading."""
        on_it = [block for block in prose if any(self._is_on_it(sentence) for sentence in block.sentences)]
        runs = best_runs(on_it, self._scores, self._spent, left) if left > 0 else []
        left -= sum(run.words for run in runs)
        rest = [block for block in prose if block not in on_it]
        return runs + (best_runs(rest, self._scores, self._spent, left) if left > 0 else [])

    def _is_on_it(self, sentence: Sentence) -> bool:
        heading = self._material.blocks[sentence.block].heading
        return bool(self._sought & (sentence.stems | frozenset(stems(heading))))

    def _lists(self, block: Block) -> bool:
        named = self._sought & frozenset(stems(block.heading))
        mean = sum(self._scores.get(s, 0.0) for s in block.sentences) / len(block.sentences)
        return bool(named) and mean >= FLOOR and not any(s in self._spent for s in block.sentences)

    def _entries(self, block: Block) -> Entries:
        self._spent.add(block.sentences)
        return Entries(tuple((sentence,) for sentence in block.sentences), ordered=block.kind == "steps")


def _said(parts: Sequence[Part]) -> list[Sentence]:
    found: list[Sentence] = []
    for part in parts:
        found += [s for entry in part.entries for s in entry] if isinstance(part, Entries) else []
        found += getattr(part, "sentences", ())
    return found


def _statements(text: str) -> list[Sentence]:
    """The sentences of an article's Markdown, as the sources' are measured."""
    lines = (plain(line.lstrip("#>-*0123456789. ")) for line in text.splitlines())
    said = [sentence for line in lines for sentence in sentences(line)]
    return [weigh(sentence, 0, 0, place) for place, sentence in enumerate(said)]


def _nothing(sought: Sequence[str]) -> str:
    asked = ", ".join(f"“{word}”" for word in sought)
    missing = f"says anything new on {asked}" if sought else "can be looked for by the words of the note"
    return (
        f"Nothing in the site's documents {missing}, and without a model there is no other wording. "
        "The section stays as it was. Add documents that say it, choose a text model, or edit it by hand."
    )
