"""Brings a message to a program's address: through the guard for addresses, signed, without redirects."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx2

from nightdesk.kit import signatures
from nightdesk.kit.http.failures import FetchLater, FetchRefused, unanswered
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.transport import client

SECONDS = 15.0
"""For the whole of a call."""

MOST_ANSWER = 64 << 10
"""Bytes of an answer that are read; nothing in them is looked at."""


@dataclass(frozen=True)
class Letter:
    """A message on its way to an address."""

    url: str
    event_id: str
    event: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    """How a call ended, and what is said of it; nothing of it is secret."""

    ok: bool
    says: str
    status: int | None = None


@dataclass(frozen=True)
class Caller:
    """Calls; the guard says which addresses may be."""

    guard: Guard
    agent: str

    async def send(self, letter: Letter, secrets: Sequence[str], now: datetime) -> Answer:
        """Sends it; never raises for what the other side does. Only an answer of 2xx is a taking."""
        stamp = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": self.agent,
            "Nightdesk-Event": letter.event,
            "Nightdesk-Event-Id": letter.event_id,
            "Nightdesk-Timestamp": str(stamp),
            "Nightdesk-Signature": signatures.header(secrets, stamp, letter.body),
        }
        try:
            async with (
                asyncio.timeout(SECONDS),
                client(self.guard, timeout=SECONDS, max_raw=MOST_ANSWER) as http,
            ):
                answer = await http.post(letter.url, content=letter.body, headers=headers)
        except (FetchRefused, FetchLater) as failure:
            if isinstance(failure, FetchRefused) and failure.code == "too_large":
                return Answer(False, "It answered with more than is read of an answer.")
            return Answer(False, failure.why)
        except TimeoutError:
            return Answer(False, f"There was no answer within {SECONDS:.0f} s.")
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as failure:
            return Answer(False, f"It {unanswered(failure)}.")
        status = answer.status_code
        if answer.is_success:
            return Answer(True, f"It was taken ({status}).", status)
        moved = " It leads elsewhere, which is not followed." if answer.is_redirect else ""
        return Answer(False, f"It answered {status}.{moved}", status)
