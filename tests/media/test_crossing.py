"""A crossing begins with one scene, ends with the other, and never shows what is written in both."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from nightdesk.media.crossing import cross
from nightdesk.media.planes import Frame

SIZE = (1080, 1920)
STEPS = [number / 13 for number in range(14)]


def lettered(text: str, paper: int, ink: int, at: int) -> Frame:
    frame = Frame(*SIZE)
    frame.y[:], frame.u[:], frame.v[:] = paper, 128, 128
    cv2.putText(frame.y, text, (60, at), cv2.FONT_HERSHEY_DUPLEX, 5, ink, 14)
    return frame


LEAVING, COMING = lettered("Why it smells", 60, 235, 900), lettered("What it is", 200, 20, 960)


def crossed(share: float) -> Frame:
    mixed = Frame(*SIZE)
    cross(LEAVING, COMING, share, mixed)
    return mixed


def readable(frame: Frame, of: Frame, other: Frame) -> float:
    """How much of the edges of one scene's letters, where the other has none, stands in a frame: 0 to 1."""
    edges = [np.abs(np.diff(one.y.astype(int), axis=1)) for one in (frame, of, other)]
    own = (edges[1] > 60) & (edges[2] == 0)
    return float(edges[0][own].mean() / edges[1][own].mean())


@pytest.mark.parametrize(("share", "scene"), [(0.0, LEAVING), (1.0, COMING)], ids=["begins", "ends"])
def test_it_begins_with_the_one_scene_and_ends_with_the_other(share: float, scene: Frame) -> None:
    assert np.abs(crossed(share).data.astype(int) - scene.data).max() <= 1


def test_what_is_written_is_gone_before_the_next_can_be_read() -> None:
    old = [readable(crossed(share), LEAVING, COMING) for share in STEPS]
    new = [readable(crossed(share), COMING, LEAVING) for share in STEPS]
    assert old[0] == new[-1] == pytest.approx(1, abs=0.02)
    assert max(min(pair) for pair in zip(old, new, strict=True)) < 0.1
    assert max(old[6:]) < 0.1


def test_its_brightness_goes_from_the_one_to_the_other_without_a_jump() -> None:
    means = [float(crossed(share).y.mean()) for share in STEPS]
    assert means == sorted(means)
    assert max(after - before for before, after in pairwise(means)) < 0.2 * (means[-1] - means[0])
