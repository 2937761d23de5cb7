"""A part of full size has the same bytes each time, for its name says of what it is made and nothing else."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nightdesk.kit.clock import SystemClock
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Look, RenderRequest, Scene
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
TIMES, SECONDS = 4, 5.0


def detailed(path: Path) -> Path:
    """Spots of three sizes: with two threads of x264 four renders of it gave three different films."""
    dice = np.random.default_rng(7)
    whole = np.zeros((1600, 1200, 3), np.float32)
    for spot in (4, 16, 64):
        small = dice.integers(0, 255, (1600 // spot, 1200 // spot + 1, 3), np.uint8)
        whole += np.asarray(Image.fromarray(small).resize((1200, 1600), Image.Resampling.BICUBIC)) / 3
    Image.fromarray(whole.astype(np.uint8)).save(path)
    return path


def test_a_scene_rendered_anew_each_time_has_the_same_bytes(tmp_path: Path) -> None:
    scene = Scene(detailed(tmp_path / "spots.png"), SECONDS, "push-in")
    request = RenderRequest((scene,), look=Look(1080, 1920, captions=""))
    renderer, films = FfmpegRenderer(Ffmpeg(), SystemClock()), set[bytes]()
    for number in range(TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        work = renderer.render(request, folder / "video.mp4", folder / "parts", ListMeter())
        films.add(asyncio.run(work).video.read_bytes())
    assert len(films) == 1
