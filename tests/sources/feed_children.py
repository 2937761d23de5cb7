"""Watches the children of this process while feeds are read: who they are, and how much memory each took."""

import asyncio
import os
from pathlib import Path
from types import TracebackType


def descendants(of: int | None = None) -> list[int]:
    """The processes below this one."""
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{of or os.getpid()}/task").iterdir())
        children = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    except FileNotFoundError:
        return found
    for pid in children:
        found += [pid, *descendants(pid)]
    return found


def most_resident(pid: int) -> int:
    """The most memory that a process held so far, in bytes; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


class Watch:
    """`async with Watch() as watch:` keeps the most memory of a child and the longest silence."""

    def __init__(self) -> None:
        self.memory = 0
        self.silence = 0.0

    async def __aenter__(self) -> "Watch":
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.02)
            self.silence = max(self.silence, loop.time() - before - 0.02)
            self.memory = max([self.memory, *map(most_resident, descendants())])
