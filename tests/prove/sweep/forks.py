"""Has processes forked by a zygote, and stops, continues, kills and awaits them."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Forked:
    """A process that the zygote started; `kills` where it is to kill itself at a point."""

    pid: int
    zygote: "Zygote"
    kills: bool = False

    def tell(self, what: signal.Signals) -> None:
        if self.pid not in self.zygote.ended:
            try:
                os.kill(self.pid, what)
            except ProcessLookupError:
                return

    def stopped(self) -> bool:
        """Whether it is frozen by SIGSTOP."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        except FileNotFoundError:
            return False

    def ended(self) -> bool:
        self.zygote.listen(0)
        return self.pid in self.zygote.ended

    def wait(self, seconds: float) -> int | None:
        """Its exit status once it has ended, negative for a signal; None when the time is over."""
        until = time.monotonic() + seconds
        while self.pid not in self.zygote.ended:
            left = until - time.monotonic()
            if left <= 0:
                return None
            self.zygote.listen(left)
        return self.zygote.ended[self.pid]

    def kill(self) -> None:
        self.tell(signal.SIGKILL)
        self.wait(5)


def processes() -> Iterator[tuple[int, int, str, str]]:
    """Each process of this machine: its number, its parent's, its state, and its command line."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(FileNotFoundError, ProcessLookupError):
                state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                yield int(folder.name), int(parent), state, command.decode(errors="replace")


class Zygote:
    """Starts processes; used by one thread at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.ended: dict[int, int] = {}
        self._forked: set[int] = set()
        self._started: list[int] = []
        self._buffer = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sweep.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._started_pid()

    def fork(self, order: dict[str, Any]) -> Forked:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return Forked(self._started_pid(), self, "kill_at" in order.get("arm", ()))

    def orphans(self) -> list[str]:
        """The command lines of those alive whose parent has died: they have become the zygote's own."""
        return [
            command[:200]
            for pid, parent, state, command in processes()
            if parent == self._process.pid and state not in "ZX" and pid not in self._forked
        ]

    def await_no_orphans(self, seconds: float = 3.0) -> list[str]:
        """Those that are left after so many seconds (PROMISES P6), looked for until there are none."""
        until = time.monotonic() + seconds
        while (left := self.orphans()) and time.monotonic() < until:
            time.sleep(0.05)
        return left

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def listen(self, seconds: float) -> None:
        """Takes in what the zygote has said, waiting at most so long for something."""
        assert self._process.stdout is not None
        out = self._process.stdout.fileno()
        if not select.select([out], [], [], seconds)[0]:
            return
        said = os.read(out, 65536)
        if not said:
            raise RuntimeError("The zygote has ended.")
        *lines, self._buffer = (self._buffer + said).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "status" in told:
                self.ended[told["pid"]] = told["status"]
                self._forked.discard(told["pid"])
            else:
                # The system gives numbers again: in a long sweep one of before may have borne this one.
                self.ended.pop(told["pid"], None)
                self._forked.add(told["pid"])
                self._started.append(told["pid"])

    def _started_pid(self) -> int:
        while not self._started:
            self.listen(60)
        return self._started.pop(0)
