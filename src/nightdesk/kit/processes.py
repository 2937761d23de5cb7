"""The one way to start a child process: limited, alone in its folder, and never outliving its parent."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.points import reach

_LAUNCH = Path(__file__).with_name("launch.py")
_CHUNK = 65536
_LAST_WAIT = 5.0
_ENDING = 2.5
_LOOK_EVERY = 0.01

EndedBy = Literal["itself", "time", "output"]


@dataclass(frozen=True)
class ChildLimits:
    """What one child may take; sizes in bytes, times in seconds.

    `memory` limits the address space, which for some programs is far more than what they touch.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory: int = 1 << 30
    file_size: int = 1 << 30
    open_files: int = 64
    output: int = 1 << 20
    errors: int = 1 << 16

    def as_resources(self) -> dict[str, int]:
        """The limits that the system enforces, by the names of setrlimit(2)."""
        return {
            "AS": self.memory,
            "CPU": self.cpu_seconds,
            "FSIZE": self.file_size,
            "NOFILE": self.open_files,
            "CORE": 0,
        }


@dataclass(frozen=True)
class Finished:
    """A child that is no more: `code` as its parent saw it, negative for the signal that ended it."""

    code: int
    stdout: bytes
    stderr: bytes
    ended_by: EndedBy
    seconds: float

    @property
    def well(self) -> bool:
        return self.code == 0 and self.ended_by == "itself"

    @property
    def out_of_cpu(self) -> bool:
        return self.code == -signal.SIGXCPU


async def run(
    program: Sequence[str],
    *,
    limits: ChildLimits | None = None,
    stdin: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    told: Callable[[bytes], None] | None = None,
) -> Finished:
    """Runs a program to its end and gives its output, each stream up to its limit.

    The child leads a session of its own, sees only `environment` and a minimal one beside it, and works in
    `folder` or in an empty one that is removed afterwards. Its whole group is killed when the time is up,
    when it writes more than `limits.output`, when the caller is cancelled, when it ends and leaves others
    behind, and when this process dies, even of SIGKILL. `told` hears each piece of its output as it comes.
    Raises NeedsPerson if the program is not installed.
    """
    limits = limits or ChildLimits()
    path = shutil.which(program[0])
    if path is None:
        raise NeedsPerson(f"The program '{program[0]}' is not installed here. Install it, or choose another.")
    argv = [path, *program[1:]]
    if folder is not None:
        return await _run_in(folder, argv, limits, stdin, environment or {}, told)
    with tempfile.TemporaryDirectory(prefix="nightdesk-child-", ignore_cleanup_errors=True) as empty:
        return await _run_in(Path(empty), argv, limits, stdin, environment or {}, told)


async def launch(
    program: Sequence[str],
    limits: ChildLimits,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    asked: bool = True,
    overheard: bool = True,
    fed: int | None = None,
    heard: int | None = None,
) -> asyncio.subprocess.Process:
    """Starts a program under limits, in a session of its own, tied to the life of this process.

    Whoever calls this owns the process: see `end_all`. Its output is piped; its input where it is `asked`,
    its errors where it is `overheard`. `fed` and `heard` are open files to use for its input and its output
    in place of pipes; they stay the caller's to close.
    """
    return await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-I",
            "-S",
            str(_LAUNCH),
            str(os.getpid()),
            json.dumps(limits.as_resources()),
            *program,
        ),
        stdin=fed if fed is not None else asyncio.subprocess.PIPE if asked else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if heard is None else heard,
        stderr=asyncio.subprocess.PIPE if overheard else asyncio.subprocess.DEVNULL,
        cwd=folder,
        env={**_surroundings(folder), **(environment or {})},
        start_new_session=True,
    )


async def end_all(process: asyncio.subprocess.Process) -> None:
    """Leaves nobody of a launched process's group alive; waits a little for the system to say so."""
    if process.returncode is None:
        # The launcher ends all below it, those too that have left its group, and itself.
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await exit_of(process)
    if process.returncode is None:
        _kill_group(process)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WAIT):
            await exit_of(process)
    # A grandchild in a session of its own may hold the pipes; asyncio has no public way to let go.
    process._transport.close()  # type: ignore[attr-defined]


async def _run_in(
    folder: Path,
    argv: list[str],
    limits: ChildLimits,
    stdin: bytes,
    environment: Mapping[str, str],
    told: Callable[[bytes], None] | None,
) -> Finished:
    loop = asyncio.get_running_loop()
    started = loop.time()
    reach("child.process.start")
    process = await launch(argv, limits, folder, environment, asked=bool(stdin))
    reach("child.process.started")
    child = _Child(process, limits, told)
    try:
        async with asyncio.timeout(limits.seconds):
            await child.talk(stdin)
    except TimeoutError:
        child.ended_by = "time"
    finally:
        await child.end()
    reach("child.process.exit")
    seconds = loop.time() - started
    return Finished(child.code, bytes(child.stdout), bytes(child.stderr), child.ended_by, seconds)


class _Child:
    """One running child and what it has said so far."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        limits: ChildLimits,
        told: Callable[[bytes], None] | None = None,
    ) -> None:
        self._process = process
        self._limits = limits
        self._told = told
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.ended_by: EndedBy = "itself"

    async def talk(self, stdin: bytes) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._feed(stdin))
            group.create_task(self._listen())
            group.create_task(self._overhear())
            group.create_task(self._leave())

    async def end(self) -> None:
        await end_all(self._process)

    @property
    def code(self) -> int:
        code = self._process.returncode
        return -signal.SIGKILL if code is None else code

    async def _feed(self, stdin: bytes) -> None:
        if self._process.stdin is None:
            return
        # A child may close its input or end before it has read all; its exit code says what it thought.
        with suppress(ConnectionError):
            self._process.stdin.write(stdin)
            await self._process.stdin.drain()
        self._process.stdin.close()

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        while part := await self._process.stdout.read(_CHUNK):
            room = self._limits.output - len(self.stdout)
            self.stdout += part[:room]
            if self._told is not None:
                self._told(part[:room])
            if len(part) > room:
                self.ended_by = "output"
                self._kill()

    async def _overhear(self) -> None:
        assert self._process.stderr is not None
        while part := await self._process.stderr.read(_CHUNK):
            # The last words say why it failed; the first of a flood seldom do.
            self.stderr = (self.stderr + part)[-self._limits.errors :]

    async def _leave(self) -> None:
        await exit_of(self._process)
        self._kill()

    def _kill(self) -> None:
        _kill_group(self._process)


def _kill_group(process: asyncio.subprocess.Process) -> None:
    # Nobody may be left in the group; macOS says so with a refusal while the leader is a zombie.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def exit_of(process: asyncio.subprocess.Process) -> None:
    """Waits until it has ended, though others of its group may still hold its pipes."""
    # Process.wait() waits for the pipes too, which others of the group may hold (Python 3.11 and 3.12).
    if sys.platform == "linux":
        with suppress(ProcessLookupError):
            await _readable(os.pidfd_open(process.pid))
    while process.returncode is None:  # noqa: ASYNC110 (asyncio sets it from its own watcher, unannounced)
        await asyncio.sleep(_LOOK_EVERY)


async def _readable(pidfd: int) -> None:
    loop, exited = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pidfd, exited.set)
    try:
        await exited.wait()
    finally:
        loop.remove_reader(pidfd)
        os.close(pidfd)


def _surroundings(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
    }
