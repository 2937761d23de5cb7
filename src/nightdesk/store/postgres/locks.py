"""File locks that the kernel drops with their last holder, so that no lock outlives a crash."""

import fcntl
import os
import time
from pathlib import Path

from nightdesk.kit.clock import Clock

PAUSE = 0.02
"""Seconds between two looks at something that is awaited."""


class FileLock:
    """One `flock` on one open file; two of these on the same path exclude each other in one process too.

    The lock belongs to the open file: a child that inherits the descriptor keeps it while it lives.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        return self._fd is not None

    def take(self, *, shared: bool = False) -> bool:
        """Takes the lock if nobody stands in the way, and says whether it did."""
        fd = self._fd
        if fd is None:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._fd is None:
                os.close(fd)
            return False
        self._fd = fd
        return True

    def wait(self, clock: Clock, seconds: float) -> bool:
        """Takes the lock alone, waiting up to that many seconds for others to leave."""
        until = clock.monotonic() + seconds
        while not self.take():
            if clock.monotonic() > until:
                return False
            time.sleep(PAUSE)
        return True

    def descriptor(self) -> int:
        """The open file, for handing the lock down to a child."""
        if self._fd is None:
            raise ValueError(f"the lock {self.path} is not held")
        return self._fd

    def leave(self) -> None:
        """Closes the file: lets go of the lock, unless a child inherited it."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def is_free(self, *, for_sharing: bool = False) -> bool:
        """Whether it could be taken now: alone, or `for_sharing` (only a lone holder stands in the way)."""
        probe = FileLock(self.path)
        free = probe.take(shared=for_sharing)
        probe.leave()
        return free
