"""Where each scene lies in its video: from which moment it is heard, and over which frames it is seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.media.captions.words import Word
from nightdesk.media.sound.narration import pause_after
from nightdesk.store.tables.videos import Scene

RATE = 30
"""Frames a second: scenes change between frames, never within one."""
LEAD, TAIL = 0.2, 0.8
"""Seconds before the first word and after the last."""
_BEFORE = 0.15
"""Seconds at most by which a scene is seen before it is heard."""


@dataclass(frozen=True)
class Placed:
    """A scene: heard from second `at` of the video, seen from frame `first` for `seconds`, whole frames.

    `pause` is the silence after it. `words` have times from the start of its frames.
    """

    scene: Scene
    at: float
    pause: float
    first: int
    seconds: float
    words: tuple[Word, ...]


def placed(scenes: Sequence[Scene]) -> list[Placed]:
    """The spoken scenes of a video, in their order."""
    ordered = sorted(scenes, key=lambda scene: scene.position)
    pauses = [_pause(scene) for scene in ordered[:-1]] + [TAIL] * bool(ordered)
    starts, at = list[float](), LEAD
    for scene, pause in zip(ordered, pauses, strict=True):
        starts.append(at)
        at += (scene.seconds or 0.0) + pause
    before = [0.0, *pauses[:-1]]
    firsts = [
        round((s - min(p / 2, _BEFORE)) * RATE) if n else 0
        for n, (s, p) in enumerate(zip(starts, before, strict=True))
    ]
    ends = [*firsts[1:], round(at * RATE)]
    return [
        Placed(scene, start, pause, first, (end - first) / RATE, _words(scene, start - first / RATE))
        for scene, start, pause, first, end in zip(ordered, starts, pauses, firsts, ends, strict=True)
    ]


def _pause(scene: Scene) -> float:
    return pause_after(scene.words[-1][0] if scene.words else scene.says)


def _words(scene: Scene, by: float) -> tuple[Word, ...]:
    return tuple(Word(str(text), float(start) + by, float(end) + by) for text, start, end in scene.words)
