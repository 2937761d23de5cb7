"""The four kinds of script: which lines each takes, in which order, and who says them."""

import re
from collections.abc import Callable, Mapping, Sequence

from nightdesk.providers.text.offline.phrases import lower_first
from nightdesk.providers.text.offline.script_dialogue import dialogue
from nightdesk.providers.text.offline.script_lines import Line, in_source_order
from nightdesk.providers.text.offline.script_room import (
    LONGEST_SHOT,
    Made,
    Room,
    Said,
    joined,
    title_question,
    together,
    within,
)
from nightdesk.providers.text.offline.script_selection import filled, hook_of, unfolded
from nightdesk.providers.text.offline.script_words import in_words
from nightdesk.providers.text.offline.words import cues
from nightdesk.providers.text.pace import words_in, words_said
from nightdesk.providers.text.video_questions import VideoKind

_ITEM_WORDS = 17
_FEWEST_STEPS, _ON_IT = 3, 0.5
_HOW_TO = cues("how to|step by step|steps|making|building|recipe")
_REASON = re.compile(r", (?:because|so that|so) [^.]+\.$")
"""The reason for a step, which a listener does without."""
_FEWEST_ITEMS, _MOST_ITEMS = 2, 9
_LONGEST_ASKING_HOOK, _FEWEST_LEAD_WORDS = 22, 14
_OVERTIME, _FOLLOWING = 1.15, 7
"""Share of its time that a procedure may take, and words to say that more steps follow."""
_ENOUGH = 0.75
"""Share of the words wanted from which one document's thread is a story."""


def explainer(room: Room) -> Made | None:
    """The most telling line, then what it is, why, how much and what goes wrong; a procedure for a how-to."""
    hook = hook_of(room.lines, room.words)
    if hook is None:
        return None
    opening = _asking(hook, room)
    left = room.words - words_said(opening.says)
    steps = _procedure(room, left, partly=True) if _HOW_TO.search(room.subject.title) else []
    return Made(opening, _led_in(steps, hook, left, room))


def story(room: Room) -> Made | None:
    """The steps of one procedure, or one document's thread, in the order in which the source tells it."""
    hook = hook_of(room.lines, room.words)
    if hook is None:
        return None
    left = room.words - hook.words
    steps = _procedure(room, left)
    thread = [] if steps else _thread(room, hook, left)
    enough = sum(words_said(said.says) for said in thread) >= _ENOUGH * left
    return Made(Said(hook.says, (hook,)), thread if enough else _led_in(steps, hook, left, room))


def listing(room: Room) -> Made | None:
    """A telling line and how many follow; each entry from under another heading, the best first."""
    hook = hook_of(room.lines, room.words)
    if hook is None:
        return None
    most = min(max(round((room.words - hook.words) / _ITEM_WORDS), _FEWEST_ITEMS), _MOST_ITEMS)
    left = room.words - hook.words - words_said(_counted(room, most)) - most * words_said(room.phrases.number)
    rest = [line for line in room.lines if not line.leans and not line.step]
    entries = filled(rest, left, [hook], of_a_heading=1)[:most] if left > 0 else []
    more = _behind(entries, hook, left - sum(line.words for line in entries), room)
    longest = words_in(LONGEST_SHOT, room.subject.language)
    items = []
    for number, line in enumerate(sorted(entries, key=lambda line: -line.weight), 1):
        told = [line]
        for other in more.get(line.heading, []):
            told += [other] if sum(one.words for one in told) + other.words <= longest else []
        counted = room.phrases.number.format(in_words(number, room.subject.language))
        mark = counted if len(entries) > 1 else ""
        items.append(Said(joined([mark, *(one.says for one in told)]), tuple(told), 0, line.heading))
    return Made(Said(joined([hook.says, _counted(room, len(items))]), (hook,)), items)


SHAPES: Mapping[VideoKind, Callable[[Room], Made | None]] = {
    "explainer": explainer,
    "list": listing,
    "story": story,
    "dialogue": dialogue,
}


def _counted(room: Room, entries: int) -> str:
    return room.phrases.count.format(in_words(entries, room.subject.language)) if entries > 1 else ""


def _behind(entries: Sequence[Line], hook: Line, words: int, room: Room) -> dict[str, list[Line]]:
    """What else stands under the entries' headings, while there are words left."""
    over = {line.heading for line in entries}
    free = [line for line in room.lines if line.heading in over and not line.step]
    more: dict[str, list[Line]] = {}
    for line in in_source_order(filled(free, words, [hook, *entries])) if words > 0 else []:
        more.setdefault(line.heading, []).append(line)
    return more


def _asking(hook: Line, room: Room) -> Said:
    """The hook behind the title's own question, where it answers that."""
    says = f"{title_question(hook, room)} {hook.says}".strip()
    return Said(says if words_said(says) <= _LONGEST_ASKING_HOOK else hook.says, (hook,))


def _procedure(room: Room, words: int, *, partly: bool = False) -> list[Said]:
    """The procedure most to the point, whole, where there is time for it; else nothing.

    With `partly` its beginning where there is no more time, and where the other steps are.
    """
    steps = [line for line in room.lines if line.step and line.over >= _ON_IT]
    if not steps or not room.phrases.steps:
        return []
    main = max(steps, key=lambda line: line.weight).place[:2]
    whole = in_source_order([line for line in room.lines if line.place[:2] == main])
    if [line.place[2] for line in whole] != list(range(len(whole))) or len(whole) < _FEWEST_STEPS:
        return []
    told = _in_time(whole, words)
    if len(told) < len(whole) and (not partly or len(told) < _FEWEST_STEPS):
        return []
    first, *between, last = room.phrases.steps
    opened = [first, *(between[at % len(between)] for at in range(len(told) - 1))]
    opened[-1] = last if len(told) == len(whole) else opened[-1]
    said = [
        Said(f"{opening} {lower_first(_step(line))}", (line,), 0, line.heading)
        for opening, line in zip(opened, told, strict=True)
    ]
    if len(told) == len(whole):
        return said
    # The description has what there is no time to say.
    return [*said, Said(room.phrases.follows, (), 0, whole[0].heading, tuple(whole[len(told) :]))]


def _step(line: Line) -> str:
    return _REASON.sub(".", line.says)


def _in_time(steps: Sequence[Line], words: int) -> Sequence[Line]:
    """All of the steps where they take little more than the time, else those from the first that fit."""
    needed = [words_said(_step(line)) + 1 for line in steps]
    if sum(needed) <= _OVERTIME * words:
        return steps
    return [line for at, line in enumerate(steps) if sum(needed[: at + 1]) <= words - _FOLLOWING]


def _led_in(steps: Sequence[Said], hook: Line, words: int, room: Room) -> list[Said]:
    """The steps behind what there is time to say of the matter before them."""
    left = words - sum(words_said(said.says) for said in steps)
    told = [line for line in room.lines if not line.step]
    lead = filled(told, left, [hook]) if left >= _FEWEST_LEAD_WORDS or not steps else []
    if not lead and not steps:
        # There is not time for it, and yet a hook alone is no script.
        free = [line for line in told if line is not hook and not line.leans]
        lead = sorted(free, key=lambda line: line.words)[:1]
    return within([*together(unfolded(lead), room), *steps], room)


def _thread(room: Room, hook: Line, words: int) -> list[Said]:
    """The lines of the document that has most to say."""
    depth: dict[int, float] = {}
    for line in room.lines:
        depth[line.place[0]] = depth.get(line.place[0], 0.0) + line.weight
    main = max(depth, key=lambda number: depth[number])
    own = [line for line in room.lines if line.place[0] == main and not line.step]
    chosen = filled(own, words, [hook], of_a_heading=6)
    return within(together(in_source_order(chosen), room), room)
