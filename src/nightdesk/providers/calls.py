"""What each call to a provider took: the meter that every adapter writes to, failed calls too."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Call:
    """One request to a provider, whatever came of it."""

    kind: str
    provider: str
    model: str
    seconds: float
    ok: bool
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal | None = None
    units: int = 0
    note: str = ""


class Meter(Protocol):
    """Takes down every call as soon as its end is known."""

    def record(self, call: Call) -> None: ...


class ListMeter:
    """A meter that keeps its calls in memory, in order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def record(self, call: Call) -> None:
        self.calls.append(call)
