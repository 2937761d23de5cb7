"""A text provider each of whose answers about a script may take so long and no longer."""

from dataclasses import dataclass

from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Later
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import A, Question, TextProvider


@dataclass(frozen=True)
class Limited:
    """`seconds`: what one call may take, its own retries counted and its wait for a place not."""

    provider: TextProvider
    seconds: float

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
                return await self.provider.ask(question, meter)
        except TimeoutError as error:
            raise Later(
                f"{self.label} did not answer `{question.name}` within {self.seconds:g} seconds, the limit "
                "of a call about a script. Nothing was kept."
            ) from error
