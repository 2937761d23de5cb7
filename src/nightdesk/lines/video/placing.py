"""Where each scene lies in its video: from which moment it is heard, and over which frames it is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

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
    """The spoken scenes of a video, in their order.

    Each begins to be heard on a whole frame, so that a scene that did not change is shown by the same frames
    wherever it comes to lie.
    """
    ordered = sorted(scenes, key=lambda scene: scene.position)
    starts, pauses, before = [round(LEAD * RATE)], list[float](), [0]
    for scene in ordered:
        heard = scene.seconds or 0.0
        pause = TAIL if scene is ordered[-1] else _pause(scene)
        # Reckoned from its own start, so that no rounding depends on where it lies.
        frames = ceil((heard + pause) * RATE)
        starts.append(starts[-1] + frames)
        pauses.append(frames / RATE - heard)
        before.append(round(min(pause / 2, _BEFORE) * RATE))
    firsts = [
        0,
        *(start - ahead for start, ahead in zip(starts[1:-1], before[1:-1], strict=True)),
        starts[-1],
    ]
    return [
        Placed(
            scene,
            starts[n] / RATE,
            pauses[n],
            firsts[n],
            (firsts[n + 1] - firsts[n]) / RATE,
            _words(scene, (starts[n] - firsts[n]) / RATE),
        )
        for n, scene in enumerate(ordered)
    ]


def _pause(scene: Scene) -> float:
    return pause_after(scene.words[-1][0] if scene.words else scene.says)


def _words(scene: Scene, by: float) -> tuple[Word, ...]:
    return tuple(Word(str(text), float(start) + by, float(end) + by) for text, start, end in scene.words)
