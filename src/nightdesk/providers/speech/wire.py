"""The way to a speech service over HTTP: hard deadlines, capped answers, no tries of its own."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.providers.choice import Choice
from nightdesk.providers.http_errors import ending_of_answer, quoted, told, without_key
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.wire import TooLarge, checked_address, open_client

LARGEST = 48 << 20
"""Bytes of an answer: nine minutes of 16-bit sound at 44.1 kHz, more than any piece we send comes to."""

_KEPT = 4000

B = TypeVar("B", bound=BaseModel)
Told = Callable[[object], tuple[str, str]]


class Wire:
    """One service's connections, kept between calls; `who` names it for people."""

    def __init__(
        self,
        who: str,
        choice: Choice,
        home: str,
        around: Surroundings,
        *,
        headers: Mapping[str, str],
        complaint: Told = told,
    ) -> None:
        self.who = who
        self._base_url = checked_address(choice.base_url or home)
        self._choice, self._clock, self._complaint = choice, around.clock, complaint
        self._gate = around.limits.gate(choice)
        self._http = open_client(
            "speech", choice.timeout, largest=LARGEST, headers=headers, guard=around.guard
        )

    async def asked(self, method: str, path: str, body: Any = None) -> bytes:
        """What the service answers, whole, once it is our turn.

        Raises `Later` where it cannot answer now, `NeedsPerson` for a key, an address or a certificate that
        is wrong, `Refused` for what it will not read or an answer that is too large.
        """
        async with self._gate:
            response = await self._response(method, path, body)
        if not 200 <= response.status_code < 300:
            raise self._refusal(response)
        if not response.content:
            raise Refused(f"bad media: an empty answer came from {self.who}")
        return response.content

    async def asked_for(self, shape: type[B], method: str, path: str, body: Any = None) -> B:
        """As `asked`, read as `shape`."""
        content = await self.asked(method, path, body)
        try:
            return shape.model_validate_json(content)
        except ValidationError as wrong:
            if content.strip()[:1] == b"{" and wrong.errors()[0]["type"] == "json_invalid":
                raise self.cut_short() from None
            raise self.bad_media(content) from None

    def cut_short(self) -> Later:
        """The ending for an answer that lacks its end."""
        return Later(f"The answer of {self.who} was cut short.")

    def bad_media(self, content: bytes) -> Refused:
        """The ending for an answer that is not what was asked for."""
        start = content.lstrip()[:200].lower()
        page = start.startswith((b"<!doctype", b"<html"))
        said = without_key(content[:_KEPT].decode("utf-8", "replace"), self._choice.api_key)
        kind = "a web page" if page else "an answer without sound that can be read"
        return Refused(f"bad media: {kind} came from {self.who}", kept=said)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _response(self, method: str, path: str, body: Any) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._choice.timeout):
                return await self._http.request(method, self._base_url + path, json=body)
        except TooLarge as large:
            raise Refused(f"bad media: {self.who} answered with {large}", kept=large.start) from None
        except FetchRefused as blocked:
            raise NeedsPerson(f"{self.who} was not asked. {blocked.why}") from None
        except (TimeoutError, httpx2.TimeoutException):
            raise Later(f"{self.who} did not answer within {self._choice.timeout:g} s.") from None
        except httpx2.RequestError as broken:
            raise self._ending_of(broken) from None

    def _ending_of(self, broken: Exception) -> Ending:
        cause: BaseException | None = broken
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return NeedsPerson(
                    f"The certificate of {self._base_url} is not valid ({cause.verify_message}): correct the "
                    "base URL, the certificate or this machine's clock."
                )
            cause = cause.__cause__ or cause.__context__
        said = quoted(str(broken) or type(broken).__name__, self._choice.api_key)
        return Later(f"{self.who} could not be reached, or its answer broke off.{said}")

    def _refusal(self, response: httpx2.Response) -> Ending:
        return ending_of_answer(response, self.who, self._clock.now(), self._choice.api_key, self._complaint)
