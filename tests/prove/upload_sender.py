"""Sends one video to a YouTube as the engine does, in a process for each order, which may be killed anywhere.

Reads one order a line from its standard input, `{"folder", "address", "kill_at"}`, forks, and writes one line
with what the fork ended with. The state of the sending lies in the folder, each step in a file of its own
moment: it is replaced whole.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nightdesk.kit import points
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Absent, Asking, Live, Login, Publisher, Token, Unclear
from nightdesk.publishers import youtube
from nightdesk.publishers.youtube.api import Limits
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.youtube import STEP
from publishing.youtube_channel import film

ROUNDS = 20
PARTS = 4


@dataclass
class Book:
    """What the engine's rows are: state and token of the sending, and the log-in."""

    path: Path
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = json.loads(self.path.read_text())

    def write(self, **facts: Any) -> None:
        self.facts |= facts
        points.reach("upload.book.before")
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.facts))
        new.replace(self.path)
        points.reach("upload.book.after")

    async def step(self, what: str, says: str, **data: Any) -> None:
        """The story is not looked at here."""

    async def token(self, token: Token) -> None:
        self.write(token=dict(token))

    async def renew(self, used: Mapping[str, str], ask: Asking) -> Mapping[str, str]:
        self.write(secrets={**used, **(await ask(used)).secrets})
        found: Mapping[str, str] = self.facts["secrets"]
        return found


async def send(order: Mapping[str, str]) -> None:
    """Goes on from where the book says that it is, until it is live."""
    book = Book(Path(order["folder"], "book.json"))
    piece = film(PARTS * STEP - 1000, key=book.facts["key"])
    at = urlsplit(order["address"])
    guard = Guard(allow=[(str(at.hostname), int(at.port or 0))])
    config = {"client_id": CLIENT, "api": order["address"]}
    login = Login(1, "channel", config, book.facts["secrets"], book.renew)
    async with aclosing(youtube.opened(login, guard, SystemClock(), Limits(part=STEP))) as publisher:
        for _ in range(ROUNDS):
            if book.facts["state"] == "live":
                return
            await _round(book, piece, publisher)
    raise AssertionError(f"it ended {book.facts['state']}")


async def _round(book: Book, piece: Any, publisher: Publisher) -> None:
    if book.facts["state"] == "committing":
        found = await publisher.look_up(piece, book.facts["token"], book)
        if isinstance(found, Live):
            book.write(state="live", remote_id=found.remote_id)
        elif isinstance(found, Absent):
            book.write(state="queued")
        return
    try:
        token = await publisher.prepare(piece, book.facts["token"], book)
        book.write(state="committing", token=token)
        ended = await publisher.commit(piece, token, book)
    except Later:
        book.write(state="queued")
    except Unclear:
        return
    else:
        if isinstance(ended, Live):
            book.write(state="live", remote_id=ended.remote_id)


def fork(order: Mapping[str, str]) -> int:
    """Returns what the fork ended with: 0, or minus the signal."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        points.arm(kill_at=order.get("kill_at", ""), log=order.get("log"))
        asyncio.run(send(order))
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{fork(json.loads(line))}\n")
        sys.stdout.flush()
