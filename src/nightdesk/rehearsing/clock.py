"""The clock of a rehearsal: real seconds pass, and between them it jumps to when something is due next.

It goes back by whole weeks first, so that what it says is never ahead of the database's own clock: leases and
waits of the queue go by that one, in real seconds, and what is due by this clock is due by that one as well.
"""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from nightdesk.kit.clock import SystemClock

WEEK = timedelta(days=7)
_FACTS = struct.Struct("dQQ")


class Board:
    """What the processes of a rehearsal share: how far the clock is behind, and which round is wanted.

    A file mapped into memory: no lock, so that a process that is killed leaves none held. Each number has one
    writer at a time.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_FACTS.pack(0.0, 0, 0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _FACTS.size)

    @property
    def behind(self) -> float:
        """Seconds that the rehearsal's time is behind."""
        return float(struct.unpack_from("d", self._map, 0)[0])

    @behind.setter
    def behind(self, seconds: float) -> None:
        struct.pack_into("d", self._map, 0, seconds)

    @property
    def asked(self) -> int:
        """The number of the round that was asked for last."""
        return int(struct.unpack_from("Q", self._map, 8)[0])

    def ask(self) -> int:
        """Asks for a round that begins from now on; its number."""
        number = self.asked + 1
        struct.pack_into("Q", self._map, 8, number)
        return number

    @property
    def done(self) -> int:
        """The number of the last round that came to its end."""
        return int(struct.unpack_from("Q", self._map, 16)[0])

    @done.setter
    def done(self, number: int) -> None:
        struct.pack_into("Q", self._map, 16, number)


class JumpingClock(SystemClock):
    """As the board says; durations are real."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def now(self) -> datetime:
        return super().now() - timedelta(seconds=self._board.behind)

    def go_back(self, days: int) -> timedelta:
        """To as many whole weeks ago as hold so many days, on the same weekday; how far that is."""
        back = -(-days // 7) * WEEK
        self._board.behind = back.total_seconds()
        return back

    def jump(self, to: datetime) -> None:
        """Forward, never back, nor beyond the real time."""
        ahead = (to - self.now()).total_seconds()
        self._board.behind = max(self._board.behind - max(ahead, 0.0), 0.0)
