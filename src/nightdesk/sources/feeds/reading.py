"""Reads what a feed's address answered, in limited children that read one feed after another."""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.decoding import binary_kind, decode
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew
from nightdesk.sources.feeds.contract import FeedEntry, FeedRead, FeedRefused
from nightdesk.sources.feeds.weighing import story_of

LARGEST = 5_000_000
"""Bytes of a feed that are read at most."""

# The child renews its ten seconds of processor time for each feed; these are for its whole life.
LIMITS = ChildLimits(
    seconds=18.0, cpu_seconds=900, memory=512 << 20, file_size=0, open_files=32, output=32 << 20
)
_LOOKED_AT = 1024
_CHILD = Path(__file__).with_name("parsing.py")
_A_DAY = timedelta(days=1)


class FeedReader:
    """Reads many feeds with few children: `async with FeedReader(clock) as reader: await reader.read(…)`.

    A child starts when it is needed, ends half a minute after it was asked last, and is replaced when a feed
    ends it; that feed is refused, and every other one gets its answer. Closing ends them at once.
    """

    def __init__(self, clock: Clock, *, children: int = 2, limits: ChildLimits = LIMITS) -> None:
        self._clock = clock
        self._crew = StandingCrew([sys.executable, "-I", str(_CHILD)], limits, size=children)

    async def __aenter__(self) -> "FeedReader":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._crew.close()

    async def read(
        self, body: bytes, content_type: str = "", url: str = "", *, outlet: str | None = None
    ) -> FeedRead:
        """The feed in `body`; `content_type` as the server gave it, with its charset.

        `url` is where it came from after redirects: relative addresses are completed with it. Dates are never
        later than now. With an `outlet` (the names of who tells it, empty where nobody knows) its entries are
        weighed for making topics of them. Raises FeedRefused, see its codes.
        """
        if len(body) > LARGEST:
            why = f"This feed has {len(body) / 1e6:.1f} MB; at most {LARGEST / 1e6:g} MB are read."
            raise FeedRefused("too_large", why)
        kind = binary_kind(body)
        # A zero or two among the tags make a feed no program.
        if kind and not (kind == "a binary file" and b"<" in body[:_LOOKED_AT]):
            raise FeedRefused("not_a_feed", f"This is {kind}, not a feed.")
        text = await asyncio.to_thread(decode, body, _charset(content_type))
        asked = {"url": url} if outlet is None else {"url": url, "outlet": outlet}
        question = json.dumps(asked).encode() + b"\n" + text.encode("utf-8", "replace")
        try:
            answer = json.loads(await self._crew.ask(question))
        except ChildLost as lost:
            raise _refusal(lost) from None
        if "refused" in answer:
            raise FeedRefused(answer["refused"], answer["why"])
        return _feed(answer["feed"], self._clock.now())


async def read_feed(body: bytes, content_type: str = "", url: str = "") -> FeedRead:
    """One feed, as FeedReader.read; for several keep a FeedReader, whose children start once."""
    async with FeedReader(SystemClock(), children=1) as reader:
        return await reader.read(body, content_type, url)


def _charset(content_type: str) -> str | None:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _refusal(lost: ChildLost) -> FeedRefused:
    if lost.by in ("fault", "itself"):
        return FeedRefused("bad_feed", "This feed cannot be made sense of.")
    return FeedRefused("too_complex", "This feed takes more time or memory to read than a feed may.")


def _feed(told: dict[str, Any], now: datetime) -> FeedRead:
    return FeedRead(**{**told, "entries": tuple(_entry(each, now) for each in told["entries"])})


def _entry(told: dict[str, Any], now: datetime) -> FeedEntry:
    said = told["published"]
    published = _not_later(datetime.fromisoformat(said), now) if said else None
    lists = {"media": tuple(told["media"]), "tags": tuple(told["tags"])}
    story = story_of(told["story"]) if told["story"] else None
    return FeedEntry(**{**told, **lists, "published": published, "story": story})


def _not_later(published: datetime, now: datetime) -> datetime | None:
    """A date that a zone or a clock put a little ahead is now; one further ahead is none."""
    return None if published > now + _A_DAY else min(published, now)
