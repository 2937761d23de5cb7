"""A second text provider that is asked where the first cannot answer."""

from contextvars import ContextVar
from typing import TypeVar

from pydantic import BaseModel

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import Question, TextProvider

A = TypeVar("A", bound=BaseModel)

PATIENCE = 2
"""How many `Later` in a row the first provider may give before the second is asked instead."""


class FallbackText:
    """Asks `first`; where that needs a person, refuses, or says later once too often, asks `second`.

    A single `Later` goes up to the engine, which tries again after a while: a provider that is busy for a
    moment does not change who writes. Both providers' calls are metered.

    `label` and `trusted_to_publish` tell of the provider that answered last in the task that looks at them;
    before any answer they speak for both.
    """

    def __init__(self, first: TextProvider, second: TextProvider, patience: int = PATIENCE) -> None:
        self._first = first
        self._second = second
        self._patience = patience
        self._postponed = 0
        self._answered: ContextVar[TextProvider | None] = ContextVar("answered", default=None)

    @property
    def label(self) -> str:
        answered = self._answered.get()
        return answered.label if answered else f"{self._first.label}, else {self._second.label}"

    @property
    def trusted_to_publish(self) -> bool:
        answered = self._answered.get()
        if answered is None:
            return self._first.trusted_to_publish and self._second.trusted_to_publish
        return answered.trusted_to_publish

    async def ask(self, question: Question[A], meter: Meter) -> A:
        """See `TextProvider.ask`; the ending is the second provider's where both were asked."""
        try:
            answer = await self._first.ask(question, meter)
        except Later:
            self._postponed += 1
            if self._postponed < self._patience:
                raise
        except (NeedsPerson, Refused):
            self._postponed = 0
        else:
            self._postponed = 0
            self._answered.set(self._first)
            return answer
        answer = await self._second.ask(question, meter)
        self._answered.set(self._second)
        return answer
