"""Counts the processor time of a process and of all that it starts, also of what nobody waits for.

Linux alone counts so, by control groups (cgroups(7)), and only those who may make a group are told; Chromium
kills its own children without asking how much time they took, so that getrusage(2) misses most of it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MOUNTED = re.compile(r"^cgroup2? (\S+) (cgroup2?) (\S+)", re.MULTILINE)


class Group:
    """A control group in which this process and what it starts run; without one nothing is counted."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def spent(self) -> float | None:
        """Seconds of all that ran in it; None where they are not told."""
        if self._folder is None:
            return None
        with suppress(OSError, ValueError):
            if (old := self._folder / "cpuacct.usage").exists():
                return int(old.read_text()) / 1e9
            told = dict(line.split() for line in (self._folder / "cpu.stat").read_text().splitlines())
            return int(told["usage_usec"]) / 1e6
        return None


@contextmanager
def grouped() -> Iterator[Group]:
    """Puts this process into a new group, and back when the block ends."""
    above = _own()
    folder = above / f"nightdesk-bench-{os.getpid()}" if above else None
    try:
        if folder is not None:
            folder.mkdir()
            _enter(folder)
    except OSError:
        with suppress(OSError):
            folder.rmdir() if folder else None
        folder = None
    try:
        yield Group(folder)
    finally:
        if above is not None and folder is not None:
            _enter(above)
            with suppress(OSError):
                folder.rmdir()


def _enter(folder: Path) -> None:
    (folder / "cgroup.procs").write_text(str(os.getpid()))


def _own() -> Path | None:
    """The group of this process that counts processor time: of version 1 where it is mounted, else of 2."""
    mounts, inside = Path("/proc/mounts"), Path("/proc/self/cgroup")
    if not (mounts.exists() and inside.exists()):
        return None
    for line in inside.read_text().splitlines():
        number, controllers, path = line.split(":", 2)
        for place, kind, options in _MOUNTED.findall(mounts.read_text()):
            counts = "cpuacct" in controllers.split(",") and "cpuacct" in options.split(",")
            if counts if number != "0" else kind == "cgroup2" and Path(place, "cpu.stat").exists():
                return Path(place) / path.lstrip("/")
    return None
