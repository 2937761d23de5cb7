"""Runs ffmpeg as a limited child: named files, no network, a deadline, progress; whole files or none."""

import asyncio
import fcntl
import importlib.util
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.points import reach
from nightdesk.kit.processes import ChildLimits, Finished, end_all, exit_of, launch, run
from nightdesk.media.ffmpeg_ends import CutShort, raise_for

Told = Callable[[float], None]
"""Takes how much of the work is done, as a share from 0 to 1."""


def tell_nobody(_share: float) -> None:
    """Tells nobody."""


LARGEST_BLOCK = 256 << 20
"""Bytes that ffmpeg may ask for at once (`-max_alloc`)."""

MEMORY = 4 << 30
"""Bytes of address space; what is touched stays far below (1080 x 1920: 350 MB)."""

LARGEST_FILE = 4 << 30
PIPE_SIZE = 1 << 20
UNDECODED = ("-codec_whitelist", "none")
"""Options of a source whose packets are only copied: no decoder looks into them, which takes its time."""

_LAST_WORDS = 1 << 13
_LET_GO = 1.0


def source(name: str, demuxer: str, *options: str) -> list[str]:
    """Arguments that read a file of the job's folder, as the format that its own bytes showed."""
    return ["-protocol_whitelist", "file,pipe", "-f", demuxer, *options, "-i", f"./{name}"]


def raw_source(width: int, height: int, rate: int) -> list[str]:
    """Arguments that read frames (YUV 4:2:0, 8 bits, BT.709) from what `make` is fed."""
    shape = ["-pixel_format", "yuv420p", "-video_size", f"{width}x{height}", "-framerate", str(rate)]
    return ["-protocol_whitelist", "file,pipe", "-f", "rawvideo", *shape, "-i", "pipe:0"]


class Ffmpeg:
    """One ffmpeg program, and how it may be run."""

    def __init__(self, program: str | None = None, *, threads: int = 2, memory: int = MEMORY) -> None:
        """`program`: a path or name; None takes the one of the package imageio-ffmpeg. `threads`: of its
        first decoder.

        Raises `NeedsPerson` where there is none.
        """
        self.program = program or _packaged()
        self._threads = threads
        self._memory = memory

    def within(self, memory: int) -> "Ffmpeg":
        """The same program with so many bytes of address space at most, for files of strangers."""
        return Ffmpeg(self.program, threads=self._threads, memory=min(memory, self._memory))

    def by(self, threads: int) -> "Ffmpeg":
        """The same program with time of the processor for at least so many threads."""
        return Ffmpeg(self.program, threads=max(threads, self._threads), memory=self._memory)

    @cached_property
    def build(self) -> str:
        """What tells this build from another: its file's name and size."""
        found = shutil.which(self.program)
        return f"{Path(found).name} {Path(found).stat().st_size}" if found else self.program

    async def ask(
        self,
        arguments: Sequence[str],
        folder: Path,
        *,
        seconds: float,
        output: int = 1 << 20,
        level: str = "error",
        told: Callable[[bytes], None] | None = None,
    ) -> Finished:
        """Runs it for what it says: its output, and its errors from `level` on. Judges nothing.

        `told` hears each piece of the output as it comes.
        """
        limits = self._limits(seconds, output)
        return await run([*self._head(level), *arguments], limits=limits, folder=folder, told=told)

    async def make(
        self,
        arguments: Sequence[str],
        folder: Path,
        target: Path,
        *,
        seconds: float,
        frames: int | None = None,
        fed: Iterable[Any] | None = None,
        told: Told | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Makes `target`, which must lie on the disk of `folder`: whole and under its name, or not at all.

        `frames`: how many it has to have. `fed`: buffers for its input, made in a thread of their own.
        Raises `TookTooLong`, `CutShort`, `DiskFull`, `OutOfMemory` (all `Later`) or `Refused`.
        """
        half = folder / f"half-{uuid.uuid4().hex}{target.suffix}"
        tail = ["-progress", "pipe:1", "-stats_period", "0.2", "-y", f"./{half.name}"]
        making = _Making(frames, told)
        try:
            await making.run(
                [*self._head("error"), *arguments, *tail],
                self._limits(seconds, 1 << 20),
                folder,
                fed,
                environment or {},
            )
            if frames is not None and making.counted != frames:
                raise CutShort(f"ffmpeg made {making.counted} frames of {frames}. Nothing of it was kept.")
            reach("media.ffmpeg.written")
            half.rename(target)
        finally:
            half.unlink(missing_ok=True)
        reach("media.ffmpeg.renamed")

    @asynccontextmanager
    async def reading(
        self, arguments: Sequence[str], folder: Path, *, seconds: float
    ) -> AsyncIterator[BinaryIO]:
        """Runs it for the bytes that it writes, to be read in a thread; ended with the block.

        What ends early gave fewer bytes: whoever reads has to count them.
        """
        reading, writing = os.pipe()
        widen(reading)
        reach("media.ffmpeg.reading.start")
        with os.fdopen(reading, "rb", buffering=0) as out:
            try:
                program = [*self._head("quiet"), *arguments, "pipe:1"]
                limits = self._limits(seconds, 0)
                process = await launch(program, limits, folder, asked=False, overheard=False, heard=writing)
            finally:
                os.close(writing)
            try:
                yield out
            finally:
                await end_all(process)
        reach("media.ffmpeg.reading.exit")

    def _head(self, level: str) -> list[str]:
        quiet = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", level]
        return [
            self.program,
            *quiet,
            *("-max_alloc", str(LARGEST_BLOCK), "-threads", str(self._threads)),
            *("-filter_threads", "1"),
        ]

    def _limits(self, seconds: float, output: int) -> ChildLimits:
        return ChildLimits(
            seconds=seconds,
            cpu_seconds=max(1, round(seconds * max(2, self._threads))),
            memory=self._memory,
            file_size=LARGEST_FILE,
            output=output,
        )


class _Making:
    """One run that writes a file: how far it is, and what it complained of."""

    def __init__(self, frames: int | None, told: Told | None) -> None:
        self._frames, self._told = frames, told
        self.counted = 0
        self._words = bytearray()

    async def run(
        self,
        program: list[str],
        limits: ChildLimits,
        folder: Path,
        fed: Iterable[Any] | None,
        environment: Mapping[str, str],
    ) -> None:
        reach("media.ffmpeg.start")
        reading, writing = os.pipe() if fed is not None else (None, None)
        done_with = [reading, writing]
        try:
            process = await launch(program, limits, folder, environment, asked=False, fed=reading)
            done_with.remove(writing)
        finally:
            for end in done_with:
                if end is not None:
                    os.close(end)
        reach("media.ffmpeg.started")
        work = [self._listen(process), self._overhear(process), exit_of(process)]
        if fed is not None and writing is not None:
            work.append(asyncio.to_thread(pump, fed, writing))
        await self._until_over(process, work, limits.seconds)
        reach("media.ffmpeg.exit")
        code = process.returncode
        raise_for(0 if code is None else code, bytes(self._words))

    async def _until_over(self, process: asyncio.subprocess.Process, work: list[Any], seconds: float) -> None:
        tasks = [asyncio.ensure_future(part) for part in work]
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*tasks)
        except TimeoutError:
            raise_for(0, b"", after=seconds)
        finally:
            await end_all(process)
            # The pump ends once nobody reads; it may still wait for a decoder whose owner ends it after us.
            await asyncio.wait(tasks, timeout=_LET_GO)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            name, _, value = line.decode("ascii", "replace").strip().partition("=")
            if name == "frame" and value.isdigit():
                self.counted = int(value)
                if self._told and self._frames:
                    self._told(min(self.counted / self._frames, 1.0))

    async def _overhear(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while part := await process.stderr.read(_LAST_WORDS):
            self._words = (self._words + part)[-_LAST_WORDS:]


def pump(frames: Iterable[Any], pipe: int) -> None:
    """Writes buffers into a pipe and closes it; ends quietly when nobody reads any more."""
    with suppress(BrokenPipeError), os.fdopen(pipe, "wb", buffering=0) as out:
        widen(pipe)
        for frame in frames:
            left = memoryview(frame).cast("B")
            while left:
                left = left[out.write(left) :]


def widen(pipe: int) -> None:
    """Lets a pipe hold more, where the system can: fewer changes between the two sides for each frame."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        with suppress(OSError):
            fcntl.fcntl(pipe, command, PIPE_SIZE)


def _packaged() -> str:
    found = importlib.util.find_spec("imageio_ffmpeg")
    folders = found.submodule_search_locations if found is not None else None
    for folder in folders or []:
        for program in sorted(Path(folder, "binaries").glob("ffmpeg-*")):
            if os.access(program, os.X_OK):
                return str(program)
    raise NeedsPerson(
        "There is no ffmpeg: install the package imageio-ffmpeg, or name a program in the settings."
    )
