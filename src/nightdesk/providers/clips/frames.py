"""The sizes and lengths that video models can make, nearest to what a scene wants."""

from dataclasses import dataclass

SIDE_STEP = 32
FRAME_STEP = 8
"""LTX works on blocks of 32 x 32 pixels and 8 frames after the first (https://arxiv.org/abs/2501.00103)."""


@dataclass(frozen=True)
class Film:
    """What is asked of a model: sides in pixels, frames, frames a second."""

    width: int
    height: int
    frames: int
    rate: int


def film_for(
    width: int, height: int, seconds: float, *, longest: int = 1280, rate: int = 24, most: int = 257
) -> Film:
    """The film for a scene: its longer side is `longest` at most, its frames `most`, 8 n + 1 of them.

    What lasts longer than `most` frames is shown again from its start by the renderer.
    """
    scale = min(longest / max(width, height), 1.0)
    blocks = -(-(seconds * rate - 1) // FRAME_STEP)
    frames = max(1, min(int(blocks), (most - 1) // FRAME_STEP)) * FRAME_STEP + 1
    return Film(_side(width * scale), _side(height * scale), frames, rate)


def _side(wanted: float) -> int:
    return max(SIDE_STEP, round(wanted / SIDE_STEP) * SIDE_STEP)
