"""The kind of script in which two voices talk: one asks what the headings promise, the other answers."""

from collections.abc import Sequence
from dataclasses import replace

from nightdesk.providers.text.offline.asking import as_question
from nightdesk.providers.text.offline.flow import flowing
from nightdesk.providers.text.offline.phrases import QUESTION, lower_first
from nightdesk.providers.text.offline.script_lines import Line, in_source_order
from nightdesk.providers.text.offline.script_room import (
    LONGEST_SHOT,
    Made,
    Room,
    Said,
    joined,
    title_question,
    together,
)
from nightdesk.providers.text.offline.script_selection import filled, hook_of, unfolded
from nightdesk.providers.text.offline.selection import says_the_same
from nightdesk.providers.text.pace import words_in, words_said

_QUESTION_WORDS, _BESIDE_IT = 7, 0.4
_ANSWERS = 0.5
"""Share of the best weight under a heading from which its first line answers what the heading asks."""
_OVER = 0.08
"""Share of the words wanted that the last turn may exceed them by."""


def dialogue(room: Room) -> Made | None:
    """A voice that asks what the headings promise and one that answers; in turn where none can be asked."""
    hook = hook_of(room.lines, room.words)
    if hook is None:
        return None
    opening, turns = _opened(hook, room)
    left = room.words - words_said(opening.says) - sum(words_said(s.says) for turn in turns for s in turn)
    for answer in _answers(room, hook, left):
        turn = _turn(answer, room)
        words = sum(words_said(said.says) for said in turn)
        answered = any(answer[0].heading == one[-1].heading for one in turns)
        fits = words <= left + _OVER * room.words and len(turns) < _most_turns(room)
        if turn and fits and not answered:
            left -= words
            turns.append(turn)
    turns = _lengthened(turns, hook, left, room)
    place = {id(line): at for at, line in enumerate(unfolded(_first(turn) for turn in turns))}
    turns.sort(key=lambda turn: place[id(_first(turn))])
    said = [one for turn in turns for one in turn]
    return Made(opening, said if room.english else _in_turn(said))


def _opened(hook: Line, room: Room) -> tuple[Said, list[list[Said]]]:
    """The hook; where the title asks what the hook answers, the question, with the hook as first answer."""
    asked = title_question(hook, room)
    if not asked:
        return Said(hook.says, (hook,)), []
    return Said(asked, (), 0, hook.heading), [[Said(hook.says, (hook,), 1, hook.heading)]]


def _most_turns(room: Room) -> int:
    """Of a question and its answer each, beside the hook and the call to action."""
    return (room.subject.most_scenes - 2) // 2


def _answers(room: Room, hook: Line, words: int) -> list[list[Line]]:
    """What each heading says first, with more of it where there is time, the weightiest heading first."""
    meant = words // max(_most_turns(room), 1) - _QUESTION_WORDS
    longest = min(max(room.scene_words, meant), words_in(LONGEST_SHOT, room.subject.language))
    found: dict[tuple[int, str], list[Line]] = {}
    for line in room.lines:
        if not line.step and not says_the_same(line.sentence, hook.sentence):
            found.setdefault((line.place[0], line.heading), []).append(line)
    best = max((line.weight for lines in found.values() for line in lines), default=0.0)
    answers = [_answer(lines, longest) for lines in found.values() if lines[0].weight >= _BESIDE_IT * best]
    return sorted(filter(None, answers), key=lambda answer: -max(line.weight for line in answer))


def _answer(lines: Sequence[Line], longest: int) -> list[Line]:
    """From the first line on that is worth it and can stand alone, about as many words as one can follow."""
    free = [line for line in lines if not line.leans and line.weight >= _ANSWERS * lines[0].weight]
    if not free:
        return []
    first = min(free, key=lambda line: line.place)
    said = [first]
    for line in in_source_order(lines):
        if line.place > first.place and sum(one.words for one in said) + line.words <= longest:
            said.append(line)
    return said


def _turn(answer: Sequence[Line], room: Room) -> list[Said]:
    """The answer with its question; alone where no question can be made, nothing where half of one stands."""
    heading = answer[0].heading
    asked = as_question(heading) if room.english else ""
    if not asked and room.english and QUESTION.match(heading):
        return []
    if not asked and heading and room.phrases.what_about:
        asked = room.phrases.what_about.format(lower_first(heading.rstrip(".:?")))
    told = [line.says for line in answer]
    says = Said(joined(flowing(told) if room.english else told), tuple(answer), 1, heading)
    return [Said(asked, (), 0, heading), says] if asked else [says]


def _first(turn: Sequence[Said]) -> Line:
    """The line that a turn's answer begins with."""
    return next(line for said in turn for line in said.lines)


def _lengthened(turns: list[list[Said]], hook: Line, words: int, room: Room) -> list[list[Said]]:
    """The turns with more of the same headings behind their answers, while there is time and room."""
    used = [hook, *(line for turn in turns for said in turn for line in said.lines)]
    over = {turn[-1].heading: turn for turn in turns}
    scenes = sum(len(turn) for turn in turns) + 2
    more = [line for line in room.lines if line.heading in over and not line.step]
    for scene in together(unfolded(filled(more, words, used)), room):
        if scenes < room.subject.most_scenes:
            over[scene.heading].append(replace(scene, speaker=1))
            scenes += 1
    return turns


def _in_turn(said: Sequence[Said]) -> list[Said]:
    """Two voices that share what is told, a line each; the other than the hook's begins."""
    lines = [line for one in said for line in one.lines]
    return [Said(line.says, (line,), 0 if at % 2 else 1, line.heading) for at, line in enumerate(lines)]
