"""A text provider behind the gate of its account."""

from typing import TypeVar

from pydantic import BaseModel

from nightdesk.providers.calls import Meter
from nightdesk.providers.limits import Gate
from nightdesk.providers.text.contract import Question, TextProvider

A = TypeVar("A", bound=BaseModel)


class LimitedText:
    """Asks `inner` when the gate lets it; the wait counts in no call's deadline."""

    def __init__(self, inner: TextProvider, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate
        self.label = inner.label
        self.trusted_to_publish = inner.trusted_to_publish

    async def ask(self, question: Question[A], meter: Meter) -> A:
        async with self._gate:
            return await self._inner.ask(question, meter)
