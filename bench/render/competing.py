"""What renders the same film for comparison, and how its processor time and memory are measured."""

import asyncio
import ctypes
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Protocol

from bench.render.group import grouped
from nightdesk.providers.renderers.contract import RenderRequest

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2): processes whose parents are gone become ours, and count."""

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0


class Competitor(Protocol):
    """A module that renders the same film by other means, in child processes.

    `LABEL` names it in the table. `LEAST`: how many times the processor time of ours it has to take at least,
    0 where that only informs.
    """

    LABEL: str
    LEAST: float

    async def render(self, request: RenderRequest, folder: Path) -> Path | None:
        """The film as a file in `folder`, an empty one; None where it is not installed.

        Leaves no process behind. Raises `RuntimeError` with what it said where it failed.
        """


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of the processor: this process's own and its children's."""

    wall: float
    own: float
    children: float

    @property
    def cpu(self) -> float:
        return self.own + self.children


@dataclass
class Watched:
    """What a block took; `largest` and `together` are MB: of one process, and of all at their peak (PSS)."""

    took: Took = field(default_factory=lambda: Took(0, 0, 0))
    largest: float = 0
    together: float = 0


@asynccontextmanager
async def watched() -> AsyncIterator[Watched]:
    """Measures the block; whoever watches is a process of its own, and not counted."""
    _adopt()
    found = Watched()
    program = [sys.executable, "-m", "bench.render.watching", str(os.getpid())]
    watcher = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert watcher.stdout is not None
    await asyncio.to_thread(watcher.stdout.readline)
    began, own, children = time.monotonic(), _spent(RUSAGE_SELF), _spent(RUSAGE_CHILDREN)
    with grouped() as group:
        before = group.spent()
        try:
            yield found
        finally:
            wall = time.monotonic() - began
            await _bury(watcher.pid)
            ours, waited = _spent(RUSAGE_SELF) - own, _spent(RUSAGE_CHILDREN) - children
            after = group.spent()
            all_of_them = ours + waited if before is None or after is None else after - before
            found.took = Took(wall, ours, max(all_of_them - ours, waited))
            said, _ = watcher.communicate("", timeout=10)
            if said.split():
                found.largest, found.together = (float(word) for word in said.split())


def _spent(whose: int) -> float:
    used = getrusage(whose)
    return used.ru_utime + used.ru_stime


def _adopt() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


async def _bury(watcher: int) -> None:
    """Waits for what a competitor's processes left behind, so that their time is counted too."""
    until = time.monotonic() + _PATIENCE
    while (left := _children() - {watcher}) and time.monotonic() < until:
        for pid in left:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        await asyncio.sleep(0.02)


def _children() -> set[int]:
    found = set[int]()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found |= {int(pid) for pid in task.read_text().split()}
    return found
