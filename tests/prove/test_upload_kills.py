"""An upload to YouTube may be killed at any point: it goes on at the byte, and makes one video."""

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sweep.street import served
from upload_sender import PARTS

from nightdesk.rehearsal.youtube import STEP, UPLOAD, FakeYouTube

ROOT = Path(__file__).parents[2]
SIZE = PARTS * STEP - 1000
KILLED = -9

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]


@dataclass
class Uploads:
    """Uploads in processes of their own, each to a fake YouTube of its own."""

    sender: "subprocess.Popen[str]"
    folder: Path

    def run(self, name: str, **arms: str) -> tuple[FakeYouTube, int]:
        """One upload to its end; what its first process ended with."""
        folder = self.folder / name
        folder.mkdir()
        platform = FakeYouTube()
        book = {"state": "queued", "token": None, "secrets": platform.secrets, "key": uuid.uuid4().hex}
        (folder / "book.json").write_text(json.dumps(book))
        with served(platform) as address:
            first = ended = self.order(folder=str(folder), address=address, **arms)
            for _ in range(3):
                if ended == 0:
                    break
                assert len(platform.videos) <= 1
                ended = self.order(folder=str(folder), address=address)
            assert ended == 0, name
        return platform, first

    def order(self, **order: str) -> int:
        assert self.sender.stdin is not None
        assert self.sender.stdout is not None
        self.sender.stdin.write(json.dumps(order) + "\n")
        self.sender.stdin.flush()
        return int(self.sender.stdout.readline())


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Uploads]:
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT / "tests" / "prove")])
    command = [sys.executable, "-m", "upload_sender"]
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as sender:
        yield Uploads(sender, tmp_path)
        assert sender.stdin is not None
        sender.stdin.close()


def test_an_upload_that_is_killed_at_any_point_goes_on_at_the_byte_and_makes_one_video(
    uploads: Uploads, tmp_path: Path
) -> None:
    log = tmp_path / "points"
    _whole(uploads.run("undisturbed", log=str(log))[0])
    places = [line.split()[1] for line in log.read_text().splitlines()]
    again = 0
    for number, name in enumerate(places, 1):
        platform, first = uploads.run(f"{number}", kill_at=str(number))
        assert first == KILLED, f"{number} {name}"
        again += _whole(platform) - SIZE
    names = Counter(places)
    assert names["youtube.part.before"] == PARTS
    assert {"youtube.session.after", "youtube.cover.before", "youtube.captions.after"} <= set(names)
    print(f"\nuploads killed={len(places)} points={len(names)} kinds; bytes sent again={again}")


def _whole(platform: FakeYouTube) -> int:
    """Looks at what is there at the end; how many bytes of the file were sent in all."""
    (video,) = platform.videos.values()
    assert len(video.body) == SIZE
    assert video.cover
    assert len(video.captions) == 1
    parts = [one for one in platform.requests if one.line == f"PUT {UPLOAD}" and one.body]
    sent = sum(len(one.body) for one in parts)
    assert SIZE <= sent <= SIZE + STEP
    return sent
