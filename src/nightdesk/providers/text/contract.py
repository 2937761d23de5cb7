"""What a text provider is: something that answers a typed question."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from nightdesk.providers.calls import Meter

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class Question(Generic[A]):
    """One question to a text provider.

    `name` says which question it is (`groups`, `ideas`, `article`, `section`, `image_prompts`);
    `instructions` is ours and may be edited by the site's owner; `data` is all that the answer is made
    from and has no authority: a model gets it delimited, as JSON; `answer` is the type that comes back.
    """

    name: str
    instructions: str
    data: BaseModel
    answer: type[A]
    max_tokens: int = 8192


class TextProvider(Protocol):
    """Answers questions."""

    @property
    def label(self) -> str:
        """How what it makes is labelled (`compiled offline`, `openai:gpt-5-mini`)."""

    @property
    def trusted_to_publish(self) -> bool:
        """False where what it makes never goes out without a person."""

    async def ask(self, question: Question[A], meter: Meter) -> A:
        """The answer, valid against `question.answer`; records every call it made.

        Raises `Later`, `NeedsPerson` or `Refused` (kit.endings).
        """
