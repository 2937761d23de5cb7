"""What every fake platform has: what is public there, the requests it got, and how it words its refusals."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.rehearsal.faults import Faults
from nightdesk.rehearsal.messages import Answer, Request

LATE_LOOKS = 2
"""How many times what was made unseen is not shown."""

HTML = Answer(
    200, b"<!doctype html><title>One moment</title><p>Checking your browser.", {"Content-Type": "text/html"}
)

_WORDS = {
    "busy": (503, "The service is not available."),
    "unauthorized": (401, "The log-in is not valid."),
    "expired": (401, "The log-in has ended."),
    "forbidden": (403, "The policy of this platform forbids it."),
    "too_many": (429, "Too many requests."),
    "quota": (403, "Today's quota is used."),
    "taken_then_500": (500, "Something went wrong."),
}


@dataclass(frozen=True)
class Post:
    """A post that anybody sees: its number, whose it is, its address and words (our mark may be in them)."""

    id: str
    account: str
    url: str = ""
    title: str = ""
    text: str = ""


class FakePlatform(ABC):
    """One platform. Its `answer` does what a request asks; the server around it makes the faults.

    `retry_after` are the seconds that a 429 asks for.
    """

    name: str
    retry_after = 7

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.faults = Faults()
        self.requests: list[Request] = []
        self.address = ""
        """Where it is served: known once it is."""
        self._numbers = itertools.count(101)
        self._unseen: dict[str, int] = {}
        self._late = False

    @abstractmethod
    async def answer(self, request: Request) -> Answer:
        """Does what is asked."""

    @abstractmethod
    def posts(self) -> Sequence[Post]:
        """What is public there, of all accounts."""

    def first_comments(self) -> Sequence[str]:
        """What accounts have written under their own posts."""
        return ()

    def refusal(self, fault: str, request: Request) -> Answer:  # noqa: ARG002
        """How it words a fault; platforms word theirs as their documentation does.

        Whoever handles `expired` lets the log-in of the request be void from here on.
        """
        status, words = _WORDS[fault]
        headers = {"Retry_After": str(self.retry_after)} if fault == "too_many" else {}
        return Answer.of({"error": words}, status, **headers)

    def number(self) -> int:
        """A number for something new, as the platform counts."""
        return next(self._numbers)

    def made(self, key: object) -> None:
        """Says that a post became public; where it came unseen it is not shown at the first looks."""
        if self._late:
            self._unseen[str(key)] = LATE_LOOKS

    def shows(self, key: object) -> bool:
        """Whether a look shows the post: asked once for each look."""
        left = self._unseen.get(str(key), 0)
        if left:
            self._unseen[str(key)] = left - 1
        return not left

    async def take(self, request: Request, *, unseen: bool = False) -> Answer:
        """Does what is asked; with `unseen` what becomes public by it is shown late."""
        self._late = unseen
        try:
            return await self.answer(request)
        finally:
            self._late = False
