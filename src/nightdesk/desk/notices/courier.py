"""Brings a notice to its address: by Apprise, in a child process that can reach the public internet alone."""

import asyncio
import json
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nightdesk.desk.errors import Invalid
from nightdesk.desk.notices.services import SCHEMAS
from nightdesk.kit.processes import ChildLimits, Finished, run
from nightdesk.kit.text import clean

AT_ONCE = 3
"""Children of one process at a time; each takes 120 MB and about half a second of calculating."""

SECONDS = 25.0
LIMITS = ChildLimits(
    seconds=30.0, cpu_seconds=15, memory=1 << 30, file_size=1 << 20, open_files=64, output=1 << 16
)
LONGEST = 400
_CHILD = Path(__file__).with_name("apprise_child.py")
_PIECES = re.compile(r"[^\w.~+-]+")


@dataclass(frozen=True)
class Answer:
    """How a try to send ended, and what is said of it; nothing of it is secret."""

    ok: bool
    says: str


class Courier:
    """Sends; `allow` names addresses of the operator's own network, with ports, that may be reached too."""

    def __init__(self, *, allow: Collection[tuple[str, int]] = (), limits: ChildLimits = LIMITS) -> None:
        self.allow = list(allow)
        self._limits = limits
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def look(self, address: str) -> str:
        """The name of the service that the address is of. Raises `Invalid` (`address`); nothing is sent."""
        done = await self._ask(address, None)
        found = _read(done)
        outcome, service = found.get("outcome"), str(found.get("service", ""))
        if outcome == "known":
            return service
        if outcome == "closed":
            raise Invalid("address", f"Notices cannot go by `{clean(service)[:40]}` from here.")
        said = _scrubbed(str(found.get("says", "")), address)
        if outcome == "incomplete":
            raise Invalid("address", f"This is not a whole address of {service}. {said}".strip())
        raise Invalid("address", "No service is known by this address. See how its own page spells it.")

    async def deliver(self, address: str, title: str, body: str) -> Answer:
        """Sends; never raises for what the other side does."""
        done = await self._ask(address, {"title": title, "body": body, "seconds": SECONDS})
        found = _read(done)
        service, said = str(found.get("service", "")), _scrubbed(str(found.get("says", "")), address)
        match found.get("outcome"):
            case "sent":
                return Answer(True, f"{service} took it.")
            case "blocked":
                return Answer(
                    False,
                    "The address does not lead to the public internet, so nothing was sent. "
                    "Give an address that anyone on the internet can reach.",
                )
            case "failed":
                return Answer(False, f"{service} did not take it. {said}".strip())
            case "closed" | "incomplete" | "unknown":
                return Answer(False, "The address is no longer understood. Add it anew.")
        if done.ended_by == "time":
            return Answer(False, f"There was no answer within {self._limits.seconds:.0f} s.")
        return Answer(False, "Sending broke off, so nobody knows whether it arrived.")

    async def _ask(self, address: str, notice: Mapping[str, Any] | None) -> Finished:
        asked = {"address": address, "schemas": sorted(SCHEMAS), "allow": self.allow, "notice": notice}
        async with self._turns:
            return await run(
                [sys.executable, "-I", "-B", str(_CHILD)],
                limits=self._limits,
                stdin=json.dumps(asked).encode(),
            )


def _read(done: Finished) -> Mapping[str, Any]:
    """What the child answered; nothing where it did not come to an answer."""
    if not done.well:
        return {}
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _scrubbed(said: str, address: str) -> str:
    """The sentence without any part of the address but its host, since both may be shown or logged."""
    _, _, rest = address.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].partition("?")[0].partition(":")[0]
    pieces = {piece for text in (rest, unquote(rest)) for piece in _PIECES.split(text)}
    for piece in sorted(pieces - {host}, key=len, reverse=True):
        if len(piece) >= 8 or (len(piece) >= 4 and not piece.isalpha()):
            said = said.replace(piece, "…")
    return " ".join(clean(said).split())[:LONGEST]
