"""Asks real models through pydantic-ai's wires: typed answers, one repair, every call metered."""

import asyncio
from dataclasses import replace
from typing import TypeVar

import httpx2
from pydantic import BaseModel
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior, UserError
from pydantic_ai.messages import ModelRequest, ModelResponse, UserPromptPart
from pydantic_ai.models import Model

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.http_errors import without_key
from nightdesk.providers.text.answers import Unusable, read
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.outcomes import outcome
from nightdesk.providers.text.prices import usd
from nightdesk.providers.text.prompt import prompt
from nightdesk.providers.text.requests import Requests
from nightdesk.providers.text.services import SERVICES
from nightdesk.providers.wire import TooLarge, checked_address, open_client

A = TypeVar("A", bound=BaseModel)

MORE_ROOM = 2
"""How many times the tokens of a cut answer its second try may take; smaller models allow 16,384 in all."""

# What pydantic-ai raises on answers that are JSON but no completion (`choices: []`, `choices: 7`).
NOT_A_COMPLETION = (UnexpectedModelBehavior, LookupError, TypeError, AttributeError, ValueError)


class ModelText:
    """One chosen model of one service. Keep it: connections and schemas are warm after the first question."""

    trusted_to_publish = True

    def __init__(self, choice: Choice, model: Model, clock: Clock) -> None:
        self.label = choice.spelled
        self._choice = choice
        self._model = model
        self._clock = clock
        self._requests = Requests(model, choice)

    async def ask(self, question: Question[A], meter: Meter) -> A:
        """See `TextProvider.ask`. An answer that cannot be used is asked for once more; nothing else is."""
        try:
            return await self._call(question, meter)
        except Unusable as first:
            room = question.max_tokens * (MORE_ROOM if first.cut else 1)
            objection = first.objection
        try:
            return await self._call(question, meter, room, objection)
        except Unusable as second:
            raise Refused(
                f"{self.label} gave no usable answer in two tries; the last one {second.why}. It is kept.",
                kept=without_key(second.raw, self._choice.api_key),
            ) from None

    async def _call(
        self, question: Question[A], meter: Meter, room: int | None = None, objection: str = ""
    ) -> A:
        started = self._clock.monotonic()
        response, ok, note = None, False, "cancelled"
        try:
            response = await self._respond(question, room or question.max_tokens, objection)
            answer = read(response, question.answer)
            ok, note = True, ""
            return answer
        except (Ending, Unusable) as ended:
            note = ended.why
            raise
        finally:
            meter.record(self._taken(response, ok, f"{question.name}: {note}".rstrip(": "), started))

    async def _respond(self, question: Question[A], room: int, objection: str) -> ModelResponse:
        manner = self._requests.manner
        messages = [ModelRequest(parts=[UserPromptPart(prompt(question, objection))])]
        settings = self._requests.settings(question, room, manner)
        parameters = self._requests.parameters(question, manner)
        try:
            async with asyncio.timeout(self._choice.timeout):
                return await model_request(
                    self._model, messages, model_settings=settings, model_request_parameters=parameters
                )
        except TimeoutError:
            raise Later(f"{self.label} did not answer within {self._choice.timeout:g} s.") from None
        except (TooLarge, FetchRefused, FetchLater, httpx2.HTTPError) as error:
            raise outcome(error, self.label, self._clock.now(), self._choice.api_key) from None
        except UserError as misuse:
            raise NeedsPerson(f"{self.label} cannot be asked like this: {misuse.message}") from None
        except ModelAPIError as error:
            plainer = manner.without_what_was_refused(error)
            if plainer is None:
                raise outcome(error, self.label, self._clock.now(), self._choice.api_key) from None
        except NOT_A_COMPLETION as error:
            raise Later(
                f"{self.label} answered with something that is not a model's answer "
                f"({type(error).__name__}); if this goes on, check the base URL."
            ) from None
        self._requests.manner = plainer
        return await self._respond(question, room, objection)

    def _taken(self, response: ModelResponse | None, ok: bool, note: str, started: float) -> Call:
        seconds = self._clock.monotonic() - started
        choice = self._choice
        if response is None:
            return Call("text", choice.provider, choice.model, seconds, ok, note=note)
        usage = response.usage
        return Call(
            "text",
            choice.provider,
            choice.model,
            seconds,
            ok,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            usd=usd(response, choice),
            note=note,
        )


def open(choice: Choice, clock: Clock, guard: Guard | None = None) -> ModelText:
    """The model that `choice` names; `guard` judges the addresses that its calls go to.

    Raises `NeedsPerson` where a name, a key or a package is missing.
    """
    if not choice.model:
        raise NeedsPerson(f"Say which model of {choice.provider}: `{choice.provider}:MODEL`.")
    if choice.base_url is not None:
        choice = replace(choice, base_url=checked_address(choice.base_url))
    http = open_client("text", choice.timeout, headers=choice.options.get("headers"), guard=guard)
    try:
        model = SERVICES[choice.provider](choice, http)
    except ImportError:
        raise NeedsPerson(
            f"{choice.provider} needs a package that is not installed: "
            f"pip install 'nightdesk[{choice.provider}]'"
        ) from None
    return ModelText(choice, model, clock)
