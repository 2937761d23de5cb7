"""Embeds phrases at OpenAI, at Ollama, or at any server that speaks OpenAI's `/v1/embeddings`."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx2
import numpy as np
from genai_prices import Usage, calc_price
from numpy.typing import NDArray

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings.vectors import Embedded, NotVectors, read
from nightdesk.providers.http_errors import ending_of_answer, quoted
from nightdesk.providers.limits import Gate
from nightdesk.providers.wire import TooLarge, checked_address, open_client

ADDRESSES = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434/v1"}

BATCH = 256
"""Phrases in one request. OpenAI allows 2,048 inputs and 300,000 tokens; small servers hold less."""

LARGEST_ROW = 4096 * 24
"""Bytes of one vector: 4,096 numbers, spelled out."""


class OpenAIEmbeddings:
    """One chosen model. Keep it: connections are warm after the first request.

    Options of the choice: `dimensions`, asked for where the model can shorten its vectors; `headers`.
    """

    def __init__(self, choice: Choice, gate: Gate, clock: Clock, guard: Guard | None = None) -> None:
        self.label = choice.spelled
        self._choice = choice
        self._gate = gate
        self._clock = clock
        self._width: int | None = choice.options.get("dimensions")
        self._url = f"{choice.base_url or ADDRESSES[choice.provider]}/embeddings"
        self._http = open_client(
            "embeddings", choice.timeout, headers=choice.options.get("headers"), guard=guard
        )

    async def embed(self, phrases: Sequence[str], meter: Meter) -> NDArray[np.float32]:
        """See `EmbeddingProvider.embed`. Batches go out together, as many as the gate lets through."""
        if blank := [number for number, phrase in enumerate(phrases, 1) if not phrase.strip()]:
            raise Refused(f"There is nothing to embed in phrase {blank[0]}.")
        batches = [phrases[start : start + BATCH] for start in range(0, len(phrases), BATCH)]
        if not batches:
            return np.zeros((0, self._width or 0), np.float32)
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._batch(batch, meter)) for batch in batches]
        except BaseExceptionGroup as several:
            # The others of the group were called off because of the first.
            raise several.exceptions[0] from None
        return np.concatenate([batch.result() for batch in asked])

    async def _batch(self, batch: Sequence[str], meter: Meter) -> NDArray[np.float32]:
        async with self._gate:
            started = self._clock.monotonic()
            embedded, note = None, "cancelled"
            try:
                embedded = await self._answer(batch)
                self._width, note = embedded.rows.shape[1], ""
            except Ending as ended:
                note = ended.why
                raise
            finally:
                meter.record(self._taken(len(batch), embedded, note, started))
            return embedded.rows

    async def _answer(self, batch: Sequence[str]) -> Embedded:
        who = self.label
        try:
            async with asyncio.timeout(self._choice.timeout):
                response = await self._post(batch)
        except TooLarge as large:
            raise Refused(f"The answer of {who} was {large}. Its start is kept.", kept=large.start) from None
        except FetchRefused as blocked:
            raise NeedsPerson(f"{who} was not asked. {blocked.why}") from None
        except (TimeoutError, httpx2.TimeoutException):
            raise Later(f"{who} did not answer within {self._choice.timeout:g} s.") from None
        except httpx2.RequestError as error:
            said = quoted(str(error) or type(error).__name__, self._choice.api_key)
            raise Later(f"{who} could not be reached.{said}") from None
        if response.status_code >= 300:
            raise self._refusal(response)
        try:
            return read(response.content, len(batch), self._width)
        except NotVectors as wrong:
            raise Refused(f"{who} gave no usable vectors: {wrong}.", kept=response.text[:4096]) from None
        except ValueError:
            raise Later(f"{who} did not answer with JSON; if this goes on, check the base URL.") from None

    async def _post(self, batch: Sequence[str]) -> httpx2.Response:
        body: dict[str, Any] = {
            "model": self._choice.model,
            "input": list(batch),
            "encoding_format": "base64",
        }
        if "dimensions" in self._choice.options:
            body["dimensions"] = self._choice.options["dimensions"]
        key = self._choice.api_key
        return await self._http.post(
            self._url,
            json=body,
            headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else None,
            extensions={"largest": 65536 + len(batch) * LARGEST_ROW},
        )

    def _refusal(self, response: httpx2.Response) -> Ending:
        return ending_of_answer(response, self.label, self._clock.now(), self._choice.api_key)

    def _taken(self, units: int, embedded: Embedded | None, note: str, started: float) -> Call:
        seconds = self._clock.monotonic() - started
        tokens = embedded.tokens if embedded else 0
        return Call(
            "embeddings",
            self._choice.provider,
            self._choice.model,
            seconds,
            embedded is not None,
            input_tokens=tokens,
            usd=self._usd(tokens) if embedded else None,
            units=units,
            note=note,
        )

    def _usd(self, tokens: int) -> Decimal | None:
        if self._choice.provider == "ollama":
            return Decimal(0)
        try:
            usage = Usage(input_tokens=tokens)
            if self._choice.base_url:
                price = calc_price(usage, self._choice.model, provider_api_url=self._choice.base_url)
            else:
                price = calc_price(usage, self._choice.model, provider_id=self._choice.provider)
        except LookupError:
            return None
        return price.total_price


def open(choice: Choice, gate: Gate, clock: Clock, guard: Guard | None = None) -> OpenAIEmbeddings:
    """The model that `choice` names. Raises `NeedsPerson` where a name, a key or an address is missing."""
    if not choice.model:
        raise NeedsPerson(f"Say which model of {choice.provider}: `{choice.provider}:MODEL`.")
    if choice.base_url is not None:
        choice = replace(choice, base_url=checked_address(choice.base_url))
    elif choice.provider == "openai" and choice.api_key is None:
        raise NeedsPerson(
            f"{choice.spelled} needs a key: set NIGHTDESK_EMBEDDINGS_API_KEY or enter one in the settings. "
            "The provider `lexical` needs none."
        )
    return OpenAIEmbeddings(choice, gate, clock, guard)
