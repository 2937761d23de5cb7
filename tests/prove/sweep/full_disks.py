"""Attempts at the video line on a small disk that is all but full, and has room again after a while."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sweep import film_invariants
from sweep.attempt import Attempt, Result
from sweep.films import Film, FilmSlot, parts_of
from sweep.invariants import PARKED

from nightdesk.store.files import INCOMING

SIZE = 24 << 20
PAUSED = "exists (select from runs where status = 'paused' and pause_reason = 'disk_low')"
AGAIN = 8
"""How often a run may be resumed and paused while a disk is full of which the desk keeps no account."""


@dataclass(frozen=True)
class Disk:
    """`where`: which folder of the data folder lies on it; `room`: bytes left above the `reserve` (MB)."""

    where: str
    room: int
    reserve: int = 0

    def __str__(self) -> str:
        return f"{self.where} {self.room >> 10} kB above {self.reserve} MB"


class NoMount(Exception):
    """This machine lets nobody mount a disk in memory."""


@contextmanager
def small_disk(at: Path) -> Iterator[None]:
    """A disk of `SIZE` in memory. Raises `NoMount`."""
    at.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(at)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        raise NoMount(mounted.stderr.decode().strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def fill(at: Path, room: int) -> Path:
    """Takes up all of a disk but so many bytes; removing the file that it returns gives them back."""
    filler = at / INCOMING / "filler"
    filler.parent.mkdir()
    with filler.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, shutil.disk_usage(at).free - room)
    return filler


def run_out(slot: FilmSlot, usual: Film, disk: Disk) -> Result:
    """The run pauses and says why, nothing half lies at a final name, and it goes on once there is room."""
    with slot.attempt() as attempt, small_disk(attempt.folder / disk.where):
        filler, why = fill(attempt.folder / disk.where, disk.room + (disk.reserve << 20)), ""
        slot.start(attempt, settings={"disk_reserve_mb": disk.reserve})
        if attempt.await_true(PAUSED):
            why = attempt.one("select error_message from runs") or ""
            _look(attempt, usual, why)
        filler.unlink()
        slot.finish(attempt, usual, AGAIN)
        return attempt.result(disk, why)


def _look(attempt: Attempt, usual: Film, why: str) -> None:
    wrong = attempt.violations
    if "Free some space" not in why:
        wrong.append(f"it does not say what to do: {why!r}")
    attempt.check_now()
    wrong += film_invariants.at_any_time(attempt.connection, parts_of(attempt))
    kept = film_invariants.parts_in(parts_of(attempt))
    wrong += [f"a part is not whole: {name}" for name, sha in kept.items() if usual.parts.get(name) != sha]
    wrong += [f"set aside for want of room: {row}" for row in attempt.connection.execute(PARKED)]
