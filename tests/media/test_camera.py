"""The camera moves smoothly, the same every time, and keeps a picture's colours."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from nightdesk.kit.endings import Refused
from nightdesk.media.camera import Camera, chosen
from nightdesk.media.moves import MOVES, Move
from nightdesk.media.planes import Frame, planes, stamp
from nightdesk.media.zoom import Zoom
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.opening import ClipSurroundings

FRAME = (180, 320)
MOST_JITTER = 0.1


def as_png(rgb: NDArray[np.uint8]) -> bytes:
    out = BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return out.getvalue()


def bright_spot() -> bytes:
    y, x = np.mgrid[:640, :540]
    light = 255 * np.exp(-((x - 300.0) ** 2 + (y - 290.0) ** 2) / 40)
    return as_png(np.repeat(light.astype(np.uint8)[..., None], 3, axis=2))


def path_of_spot(move: Move, count: int = 60) -> NDArray[np.float64]:
    camera, frame = Camera(bright_spot(), FRAME, move, seconds=2, seed=5), Frame(*FRAME)
    y, x = np.mgrid[: FRAME[1], : FRAME[0]]
    places = []
    for number in range(count):
        camera.shoot(number / (count - 1), frame)
        light = np.clip(frame.y.astype(float) - 24, 0, None)
        places.append(((x * light).sum() / light.sum(), (y * light).sum() / light.sum()))
    return np.array(places)


@pytest.mark.parametrize("move", [move for move in MOVES if move != "still"])
def test_a_move_goes_one_way_without_jitter(move: Move) -> None:
    path = path_of_spot(move)
    time = np.linspace(0, 1, len(path))
    way = int(np.argmax(np.abs(path[-1] - path[0])))
    steps = np.diff(path[:, way])
    assert abs(path[-1, way] - path[0, way]) > 2
    assert (steps > 0).all() or (steps < 0).all()
    for axis in (0, 1):
        smooth = np.polyval(np.polyfit(time, path[:, axis], 6), time)
        assert np.abs(path[:, axis] - smooth).max() < MOST_JITTER


def test_a_still_camera_stands_still() -> None:
    path = path_of_spot("still", 5)
    assert (path == path[0]).all()


@pytest.mark.parametrize("step", [1.0, 1.0004, 1.003, 1.05, 1.12])
def test_a_zoom_is_one_picture_without_seams(step: float) -> None:
    """Against one warp of the whole, which takes three times as long."""
    rgb = np.random.default_rng(1).integers(0, 255, (360, 210, 3), np.uint8)
    picture = planes(cv2.GaussianBlur(rgb, (0, 0), 1.2))
    here, there, frame = (110, 90), (130, 104), Frame(*FRAME)
    Zoom(picture, FRAME, here, there).shoot(step, frame)
    for source, shown, part in ((picture.y, frame.y, 1), (picture.u, frame.u, 2), (picture.v, frame.v, 2)):
        # The edge between two pixels keeps its place: half a pixel before their middles.
        by = [at / part - 0.5 - step * (point / part - 0.5) for at, point in zip(there, here, strict=True)]
        matrix = np.array([[step, 0, by[0]], [0, step, by[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (shown.shape[1], shown.shape[0])
        warped = cv2.warpAffine(source, matrix, size, None, flags, cv2.BORDER_REPLICATE)
        assert np.abs(warped.astype(int) - shown).max() <= 2


def test_the_same_seed_gives_the_same_frames_and_another_seed_others() -> None:
    def last(seed: int) -> bytes:
        frame = Frame(*FRAME)
        Camera(bright_spot(), FRAME, "push-in", seconds=2, seed=seed).shoot(1.0, frame)
        return frame.data.tobytes()

    assert last(1) == last(1)
    assert last(1) != last(2)


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [((255, 0, 0), (63, 102, 240)), ((0, 255, 0), (173, 42, 26)), ((255, 255, 255), (235, 128, 128))],
)
def test_colours_are_those_of_bt709(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    made = planes(np.full((4, 4, 3), rgb, np.uint8))
    assert (made.y[0, 0], made.u[0, 0], made.v[0, 0]) == yuv


def test_a_picture_of_any_shape_fills_the_frame() -> None:
    for size in ((30, 4000), (4000, 30), (2, 2)):
        white = as_png(np.full((size[1], size[0], 3), 255, np.uint8))
        for move in MOVES:
            frame = Frame(64, 64)
            Camera(white, (64, 64), move, seconds=3).shoot(1.0, frame)
            assert (frame.y == 235).all()


def test_what_is_no_picture_is_refused() -> None:
    whole = bright_spot()
    for content in (b"", b"<html>", whole[: len(whole) // 2]):
        with pytest.raises(Refused, match="bad media"):
            Camera(content, FRAME, "still", seconds=1)


def test_a_stamp_lies_where_it_was_put_as_strong_as_it_was_asked() -> None:
    white = as_png(np.full((20, 20, 3), 255, np.uint8))
    frame = Frame(64, 64)
    frame.y[:] = 16
    stamp(white, 20, 0.5).at(41, 10).onto(frame)
    assert frame.y[11, 45] == pytest.approx((16 + 235) / 2, abs=1)
    assert frame.y[9, 45] == frame.y[11, 39] == frame.y[31, 45] == 16


async def test_motion_chooses_a_move_that_suits_the_picture() -> None:
    wide = as_png(np.zeros((60, 400, 3), np.uint8))
    provider, meter = open_clips(Choice.parse("motion"), ClipSurroundings()), ListMeter()
    moves = set()
    for seed in range(12):
        moves.add((await provider.make(ClipRequest(wide, "", 3, seed=seed), meter)).move)
    assert moves == {"pan-left", "pan-right", "push-in"}
    assert all(call.ok and call.kind == "clip" for call in meter.calls)
    assert chosen(3, 10, 10, (10, 10)) == chosen(3, 10, 10, (10, 10))
