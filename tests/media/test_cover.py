"""The cover is the key frame with the most detail: never a black or an empty one where there is another."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG, plainly, tone
from PIL import Image

from nightdesk.kit.endings import Refused
from nightdesk.media.cover import cover

SCENES = (
    "color=black:size=160x120:rate=30:duration=1",
    "testsrc2=size=160x120:rate=30:duration=1,gblur=sigma=12",
    "mandelbrot=size=160x120:rate=30",
    "color=0x3060a0:size=160x120:rate=30:duration=1",
)
"""One second each: black, blurred, full of detail, empty."""


def film(folder: Path, *sound: str) -> Path:
    inputs = [word for scene in SCENES for word in ("-f", "lavfi", "-t", "1", "-i", scene)]
    graph = "".join(f"[{n}:v]settb=1/30,setsar=1,format=yuv420p[s{n}];" for n in range(len(SCENES)))
    graph += "".join(f"[s{n}]" for n in range(len(SCENES))) + f"concat=n={len(SCENES)}:v=1:a=0[v]"
    keys = ["-force_key_frames", "1,2,3", "-sc_threshold", "0", "-c:v", "libx264", "-preset", "veryfast"]
    path = folder / "film.mp4"
    shown = ["-filter_complex", graph, "-map", "[v]", *keys]
    plainly(*inputs, *sound, *shown, *(("-map", "4:a") if sound else ()), str(path))
    return path


async def taken(folder: Path, between: tuple[float, float] = (0.0, inf)) -> float:
    return await cover(FFMPEG, folder / "film.mp4", folder, folder / "cover.png", seconds=30, between=between)


async def test_the_scene_with_the_most_detail_gives_the_cover(tmp_path: Path) -> None:
    video = film(tmp_path)
    assert await taken(tmp_path) == pytest.approx(2, abs=0.02)
    plainly("-i", str(video), "-vf", r"select=eq(n\,60)", "-frames:v", "1", str(tmp_path / "60.png"))
    with Image.open(tmp_path / "cover.png") as got, Image.open(tmp_path / "60.png") as meant:
        assert (got.format, got.size) == ("PNG", (160, 120))
        assert np.array_equal(np.asarray(got.convert("RGB")), np.asarray(meant.convert("RGB")))


async def test_sound_beside_the_pictures_changes_nothing(tmp_path: Path) -> None:
    film(tmp_path, "-i", str(tone(tmp_path / "voice.wav", 4)))
    assert await taken(tmp_path) == pytest.approx(2, abs=0.02)


async def test_intro_and_outro_give_it_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    film(tmp_path)
    assert await taken(tmp_path, (0.5, 1.5)) == pytest.approx(1, abs=0.02)
    assert await taken(tmp_path, (3.5, 3.6)) == pytest.approx(2, abs=0.02)


async def test_what_shows_nothing_gives_none_and_says_so(tmp_path: Path) -> None:
    plainly("-i", str(tone(tmp_path / "voice.wav", 1)), "-c:a", "aac", str(tmp_path / "film.mp4"))
    with pytest.raises(Refused, match="no frame to take a cover from"):
        await taken(tmp_path)
    (tmp_path / "film.mp4").write_bytes(b"\0" * 4096)
    with pytest.raises(Refused, match="no frame to take a cover from"):
        await taken(tmp_path)
    assert not (tmp_path / "cover.png").exists()
