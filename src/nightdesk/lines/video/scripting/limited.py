"""A text provider each of whose answers about a script may take so long and no longer, and is told of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Later
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import A, Question, TextProvider

Told = Callable[[float], Awaitable[None]]
"""Hears how much of the script is done, from 0 to 1."""

DONE: Mapping[str, float] = {"script_outline": 0.25, "script": 0.6, "script_judge": 0.85}
"""What of a script is done once a question about it is answered; writing it once more is the rest."""


async def tell_nobody(_share: float) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Limited:
    """`seconds`: what one call may take, its own retries counted and its wait for a place not.

    `told` hears of each answer.
    """

    provider: TextProvider
    seconds: float
    told: Told = tell_nobody

    @property
    def label(self) -> str:
        return self.provider.label

    @property
    def trusted_to_publish(self) -> bool:
        return self.provider.trusted_to_publish

    async def ask(self, question: Question[A], meter: Meter) -> A:
        """See `TextProvider.ask`; raises `Later` too when the time is over."""
        try:
            async with Deadline(self.seconds):
                answer = await self.provider.ask(question, meter)
        except TimeoutError as error:
            raise Later(
                f"{self.label} did not answer `{question.name}` within {self.seconds:g} seconds, the limit "
                "of a call about a script. Nothing was kept."
            ) from error
        await self.told(DONE.get(question.name, 0.0))
        return answer
