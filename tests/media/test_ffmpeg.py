"""ffmpeg runs under limits: whole files or none, said plainly, and nobody is left running."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG, clip, running_in

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.ffmpeg import Ffmpeg, raw_source, source
from nightdesk.media.ffmpeg_ends import CutShort, DiskFull, OutOfMemory, TookTooLong, raise_for

SMALL = (64, 64)
X264 = ["-c:v", "libx264", "-preset", "ultrafast"]
ROOT_ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a small disk is mounted by root on Linux only"
)


def grey(count: int, pause: float = 0, size: tuple[int, int] = SMALL) -> Iterator[bytes]:
    for _ in range(count):
        time.sleep(pause)
        yield bytes(size[0] * size[1] * 3 // 2)


def noise(count: int, size: tuple[int, int]) -> Iterator[bytes]:
    dice = np.random.default_rng(1)
    for _ in range(count):
        yield dice.bytes(size[0] * size[1] * 3 // 2)


async def test_what_is_fed_is_all_in_the_file_and_progress_rises(tmp_path: Path) -> None:
    told: list[float] = []
    out = tmp_path / "out.mp4"
    arguments = [*raw_source(*SMALL, 30), *X264]
    await FFMPEG.make(arguments, tmp_path, out, seconds=30, frames=45, fed=grey(45, 0.02), told=told.append)
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0 < share < 1 for share in told)


async def test_fewer_frames_than_wanted_leave_no_file(tmp_path: Path) -> None:
    with pytest.raises(CutShort, match="44 frames of 45"):
        await FFMPEG.make(
            [*raw_source(*SMALL, 30), *X264],
            tmp_path,
            tmp_path / "out.mp4",
            seconds=30,
            frames=45,
            fed=grey(44),
        )
    assert list(tmp_path.iterdir()) == []


async def test_an_error_while_frames_are_made_comes_out_and_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield from grey(3)
        raise Refused("no more pictures")

    with pytest.raises(Refused, match="no more pictures"):
        await FFMPEG.make(
            [*raw_source(*SMALL, 30), *X264], tmp_path, tmp_path / "out.mp4", seconds=30, fed=broken()
        )
    assert list(tmp_path.iterdir()) == []


async def test_one_that_takes_too_long_is_stopped_with_its_reason(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TookTooLong, match=r"0\.5 s"):
        await FFMPEG.make(
            [*raw_source(*SMALL, 30), *X264],
            tmp_path,
            tmp_path / "out.mp4",
            seconds=0.5,
            fed=grey(200, 0.02),
        )
    assert time.monotonic() - began < 3
    assert running_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


async def test_one_ended_from_outside_leaves_no_short_file(tmp_path: Path) -> None:
    making = asyncio.create_task(
        FFMPEG.make(
            [*raw_source(*SMALL, 30), *X264],
            tmp_path,
            tmp_path / "out.mp4",
            seconds=30,
            frames=100,
            fed=grey(100, 0.02),
        )
    )
    while not list(tmp_path.glob("half-*")):
        await asyncio.sleep(0.02)
    for pid in running_in(tmp_path):
        if "ffmpeg" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]:
            os.kill(pid, signal.SIGTERM)
    with pytest.raises(CutShort):
        await making
    assert list(tmp_path.iterdir()) == []


async def test_a_cancelled_caller_takes_ffmpeg_along(tmp_path: Path) -> None:
    making = asyncio.create_task(
        FFMPEG.make(
            [*raw_source(*SMALL, 30), *X264], tmp_path, tmp_path / "o.mp4", seconds=30, fed=grey(999, 0.02)
        )
    )
    while not running_in(tmp_path):
        await asyncio.sleep(0.02)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert running_in(tmp_path) == []


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[Path]:
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", at], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", at], check=True)


@ROOT_ON_LINUX
async def test_a_full_disk_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "200k") as disk:
        with pytest.raises(DiskFull, match="The disk is full"):
            await FFMPEG.make(
                [*raw_source(320, 320, 30), *X264, "-crf", "1"],
                disk,
                disk / "out.mp4",
                seconds=30,
                frames=30,
                fed=noise(30, (320, 320)),
            )
        assert list(disk.iterdir()) == []


async def test_no_address_and_no_other_protocol_is_opened(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("ffconcat version 1.0\nfile 'http://127.0.0.1:9/x.mp4'\n")
    done = await FFMPEG.ask(
        [*source("list.txt", "concat", "-safe", "0"), "-f", "null", "-"], tmp_path, seconds=10
    )
    assert not done.well
    assert b"not on whitelist" in done.stderr or b"Protocol not" in done.stderr


async def test_a_file_that_cannot_be_read_says_why_without_addresses_of_memory(tmp_path: Path) -> None:
    (tmp_path / "in.mp4").write_bytes(b"\0" * 100)
    with pytest.raises(Refused) as refused:
        await FFMPEG.make(source("in.mp4", "mov"), tmp_path, tmp_path / "o.mp4", seconds=10)
    assert "ffmpeg cannot work with this" in refused.value.why
    assert "0x" not in refused.value.why


async def test_too_little_memory_is_said(tmp_path: Path) -> None:
    clip(tmp_path / "in.mp4", 0.2)
    tight = Ffmpeg(memory=200 << 20)
    with pytest.raises((OutOfMemory, CutShort)):
        await tight.make(source("in.mp4", "mov"), tmp_path, tmp_path / "o.mp4", seconds=10)


def test_a_missing_program_needs_a_person(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="not installed"):
        asyncio.run(Ffmpeg("no-such-ffmpeg").ask(["-version"], tmp_path, seconds=5))


def test_every_ending_has_its_own_reason() -> None:
    for code, ending in ((228, DiskFull), (229, Refused), (244, OutOfMemory), (-9, CutShort), (1, Refused)):
        with pytest.raises(ending):
            raise_for(code, b"[mov @ 0x55] broken")
    raise_for(0, b"")


WORKER = """
import asyncio, sys, time
from pathlib import Path
from nightdesk.media.ffmpeg import Ffmpeg, raw_source

def frames():
    while True:
        time.sleep(0.01)
        yield bytes(64 * 64 * 3 // 2)

folder = Path(sys.argv[1])
arguments = [*raw_source(64, 64, 30), "-c:v", "libx264"]
asyncio.run(Ffmpeg().make(arguments, folder, folder / "o.mp4", seconds=60, fed=frames()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after", [0.0, 0.05, 0.3])
def test_a_killed_worker_leaves_no_ffmpeg(tmp_path: Path, after: float) -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)])
    until = time.monotonic() + 20
    while not running_in(tmp_path) and time.monotonic() < until:
        time.sleep(0.01)
    assert running_in(tmp_path)
    time.sleep(after)
    worker.kill()
    worker.wait()
    until = time.monotonic() + 3
    while running_in(tmp_path) and time.monotonic() < until:
        time.sleep(0.02)
    assert running_in(tmp_path) == []
