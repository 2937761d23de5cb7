"""What a script is filled from and made of: scenes of lines that stand together, as many as may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from nightdesk.providers.text.offline.asking import as_question
from nightdesk.providers.text.offline.flow import flowing
from nightdesk.providers.text.offline.script_lines import Line
from nightdesk.providers.text.offline.script_words import Phrases
from nightdesk.providers.text.pace import words_in, words_said
from nightdesk.providers.text.video_questions import VideoSubject

SCENE_SECONDS = 9
"""Up to which lines share a scene."""
LONGEST_SHOT = 11
"""Seconds of what is said over one picture."""


@dataclass(frozen=True)
class Said:
    """What one scene says, in whose voice, and the lines that it is made of."""

    says: str
    lines: tuple[Line, ...]
    speaker: Literal[0, 1] = 0
    heading: str = ""
    unsaid: tuple[Line, ...] = ()
    """What follows and is written in the description instead."""


@dataclass(frozen=True)
class Made:
    hook: Said
    scenes: list[Said]


@dataclass(frozen=True)
class Room:
    """What a shape fills: the subject, its lines, the words that are to be said, and phrases of its own."""

    subject: VideoSubject
    lines: Sequence[Line]
    words: int
    phrases: Phrases

    @property
    def english(self) -> bool:
        return self.subject.language.casefold().startswith("en")

    @property
    def scene_words(self) -> int:
        return words_in(SCENE_SECONDS, self.subject.language)


def together(lines: Sequence[Line], room: Room) -> list[Said]:
    """Scenes of one line, or of more under one heading where they are short."""
    scenes: list[Said] = []
    for group in by_heading(lines):
        held: list[Line] = []
        for line in group:
            if held and sum(one.words for one in held) + line.words > room.scene_words:
                scenes.append(_scene(held, room))
                held = []
            held.append(line)
        scenes.append(_scene(held, room))
    return scenes


def _scene(lines: Sequence[Line], room: Room) -> Said:
    said = [line.says for line in lines]
    return Said(joined(flowing(said) if room.english else said), tuple(lines), 0, lines[0].heading)


def joined(said: Sequence[str]) -> str:
    """What is said in a row; scripts without spaces get none between sentences."""
    return "".join(one if one.endswith(("。", "！")) else f"{one} " for one in said if one).strip()


def by_heading(lines: Sequence[Line]) -> list[list[Line]]:
    return [list(group) for _, group in groupby(lines, key=lambda line: (line.place[0], line.heading))]


def title_question(line: Line, room: Room) -> str:
    """What the title asks, where the line stands under a heading that asks the same; else empty."""
    asked = as_question(room.subject.title) if room.english else ""
    return asked if asked == as_question(line.heading) else ""


def within(scenes: list[Said], room: Room) -> list[Said]:
    """No more scenes than may be: the shortest neighbours share one, while a viewer can bear it."""
    most = room.subject.most_scenes - 2
    longest = words_in(LONGEST_SHOT, room.subject.language)
    while len(scenes) > most:
        pairs = [words_said(one.says) + words_said(two.says) for one, two in pairwise(scenes)]
        if min(pairs) > longest:
            break
        at = pairs.index(min(pairs))
        one, two = scenes[at], scenes[at + 1]
        both = Said(joined([one.says, two.says]), (*one.lines, *two.lines), one.speaker, one.heading)
        scenes = [*scenes[:at], both, *scenes[at + 2 :]]
    return scenes
