"""The demo's video of 30 s looks and sounds right, and a picture of it is kept for the README."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from cli.cli_command import Command
from media.film_looks import looks_right, sheet, sounds_right, watched

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
SHEET = "demo-video.png"


@pytest.fixture
def nightdesk(data_folder: Path) -> Iterator[Command]:
    with tempfile.TemporaryDirectory(prefix="film-", dir=data_folder) as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "here").mkdir()
        yield Command(home / "data", home / "here")


def test_the_demos_video_of_30_seconds_looks_and_sounds_right(nightdesk: Command, tmp_path: Path) -> None:
    demo = nightdesk.start("demo", "--articles", 1, "--once")
    told, _ = demo.communicate(timeout=500)
    assert demo.returncode == 0, told
    (file,) = (nightdesk.data / "demo" / "heap-and-soil" / "videos").glob("*.mp4")
    film = watched(file, file.with_suffix(".srt"))
    looks_right(film, 30)
    sounds_right(film)
    folder = Path(os.environ.get("NIGHTDESK_PICTURES", tmp_path))
    sheet(film).quantize(128, Image.Quantize.MEDIANCUT).save(folder / SHEET, optimize=True)
    assert (folder / SHEET).stat().st_size < 400_000
