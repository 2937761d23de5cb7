"""The four kinds of script: which lines each takes, in which order, and who says them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from nightdesk.providers.text.offline.asking import as_question
from nightdesk.providers.text.offline.flow import flowing
from nightdesk.providers.text.offline.phrases import lower_first
from nightdesk.providers.text.offline.script_lines import Line, in_source_order
from nightdesk.providers.text.offline.script_selection import filled, hook_of, unfolded
from nightdesk.providers.text.offline.script_words import Phrases, in_words
from nightdesk.providers.text.pace import words_in, words_said
from nightdesk.providers.text.video_questions import VideoKind, VideoSubject

SCENE_SECONDS = 9
"""Up to which lines share a scene."""
_ITEM_WORDS = 17
_FEWEST_ITEMS, _MOST_ITEMS = 2, 9
_TURN_WORDS = 26
"""Of a question with its answer."""


@dataclass(frozen=True)
class Said:
    """What one scene says, in whose voice, and the lines that it is made of."""

    says: str
    lines: tuple[Line, ...]
    speaker: Literal[0, 1] = 0
    heading: str = ""


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


def explainer(room: Room) -> Made | None:
    """The most telling line, then what it is, why, how much and what goes wrong."""
    hook = hook_of(room.lines)
    if hook is None:
        return None
    body = filled(room.lines, room.words - hook.words, [hook])
    return Made(Said(hook.says, (hook,)), _together(unfolded(body), room))


def story(room: Room) -> Made | None:
    """One document's thread, or the steps of one procedure, in the order in which the source tells it."""
    steps = [line for line in room.lines if line.step]
    hook = hook_of(room.lines)
    if hook is None:
        return None
    left = room.words - hook.words
    told = _procedure(steps, left, room) or _thread(room, hook, left)
    return Made(Said(hook.says, (hook,)), told)


def listing(room: Room) -> Made | None:
    """A telling line and how many follow; each entry from under another heading, the best first."""
    hook = hook_of(room.lines)
    if hook is None:
        return None
    most = min(max(round((room.words - hook.words) / _ITEM_WORDS), _FEWEST_ITEMS), _MOST_ITEMS)
    rest = [line for line in room.lines if not line.leans and not line.step]
    count = room.phrases.count.format(in_words(most, room.subject.language))
    marks = most * words_said(room.phrases.number)
    left = room.words - hook.words - words_said(count) - marks
    chosen = filled(rest, left, [hook], of_a_heading=1)[:most] if left > 0 else []
    chosen.sort(key=lambda line: -line.weight)
    count = room.phrases.count.format(in_words(len(chosen), room.subject.language)) if len(chosen) > 1 else ""
    items = [
        Said(_marked(room, number, line), (line,), 0, line.heading) for number, line in enumerate(chosen, 1)
    ]
    return Made(Said(f"{hook.says} {count}".strip(), (hook,)), items)


def dialogue(room: Room) -> Made | None:
    """A voice that asks what the headings promise and one that answers; in turn where none can be asked."""
    hook = hook_of(room.lines)
    if hook is None:
        return None
    chosen = filled(room.lines, round((room.words - hook.words) * 0.72), [hook], of_a_heading=2)
    turns: list[Said] = []
    for group in _by_heading(unfolded(chosen)):
        asked = _question(group[0].heading, room) if room.english else ""
        answer = " ".join(flowing([line.says for line in group]) if room.english else [g.says for g in group])
        if asked:
            turns.append(Said(asked, (), 0, group[0].heading))
        voice: Literal[0, 1] = 1 if asked or not len(turns) % 2 else 0
        turns.append(Said(answer, tuple(group), voice, group[0].heading))
    return Made(Said(hook.says, (hook,)), turns)


SHAPES: Mapping[VideoKind, Callable[[Room], Made | None]] = {
    "explainer": explainer,
    "list": listing,
    "story": story,
    "dialogue": dialogue,
}


def _marked(room: Room, number: int, line: Line) -> str:
    mark = room.phrases.number.format(in_words(number, room.subject.language))
    return f"{mark} {line.says}".strip()


def _question(heading: str, room: Room) -> str:
    asked = as_question(heading)
    if asked or not heading:
        return asked
    return (
        room.phrases.what_about.format(lower_first(heading.rstrip(".:?"))) if room.phrases.what_about else ""
    )


def _procedure(steps: Sequence[Line], words: int, room: Room) -> list[Said]:
    """The procedure most to the point, from its first step on as far as the words reach; else nothing."""
    if not steps or not room.phrases.steps:
        return []
    best = max(
        {line.place[:2] for line in steps}, key=lambda at: max(s.weight for s in steps if s.place[:2] == at)
    )
    whole = in_source_order([line for line in steps if line.place[:2] == best])
    if [line.place[2] for line in whole] != list(range(len(whole))):
        return []
    if sum(line.words + 1 for line in whole) > 1.15 * words or len(whole) < 3:
        return []
    first, *between, last = room.phrases.steps
    opened = [first, *(between[at % len(between)] for at in range(len(whole) - 2)), last]
    return [
        Said(f"{opening} {lower_first(line.says)}", (line,), 0, line.heading)
        for opening, line in zip(opened, whole, strict=True)
    ]


def _thread(room: Room, hook: Line, words: int) -> list[Said]:
    """The lines of the document that has most to say."""
    depth: dict[int, float] = {}
    for line in room.lines:
        depth[line.place[0]] = depth.get(line.place[0], 0.0) + line.weight
    main = max(depth, key=lambda number: depth[number])
    own = [line for line in room.lines if line.place[0] == main and not line.step]
    chosen = filled(own, words, [hook], of_a_heading=6)
    return _together(in_source_order(chosen), room)


def _together(lines: Sequence[Line], room: Room) -> list[Said]:
    """Scenes of one line, or of more under one heading where they are short."""
    scenes: list[Said] = []
    for group in _by_heading(lines):
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
    return Said(_joined(flowing(said) if room.english else said), tuple(lines), 0, lines[0].heading)


def _joined(said: Sequence[str]) -> str:
    return "".join(one if one.endswith(("。", "！")) else f"{one} " for one in said).strip()


def _by_heading(lines: Sequence[Line]) -> list[list[Line]]:
    return [list(group) for _, group in groupby(lines, key=lambda line: (line.place[0], line.heading))]
