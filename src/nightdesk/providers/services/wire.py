"""The way to a picture or clip service over HTTP: hard deadlines, capped bodies, no retries of its own."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.transport import GuardedTransport
from nightdesk.kit.points import reach
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Gate
from nightdesk.providers.services.complaints import ending_for, kept
from nightdesk.providers.services.receipts import Receipt, metered, timed
from nightdesk.providers.wire import checked_address

LARGEST_BODY = 25_000_000
"""Bytes of an answer that are read."""

_CONNECT_SECONDS = 10.0

B = TypeVar("B", bound=BaseModel)
Files = Mapping[str, tuple[str, bytes, str]]
"""What is sent as files of a form: field, then the file's name, its bytes and its media type."""


@dataclass(frozen=True)
class Answer:
    """What a service answered, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read_as(self, shape: type[B], who: str) -> B:
        """The body as `shape`. Raises `Later` where it is cut short, `Refused` where it is something else."""
        try:
            return shape.model_validate_json(self.body)
        except ValidationError as wrong:
            if self.body.strip()[:1] in (b"{", b"[") and wrong.errors()[0]["type"] == "json_invalid":
                raise Later(f"the answer of {who} was cut short") from wrong
            raise Refused(f"bad media: {_described(self.body)} came from {who}", kept(self.body)) from wrong


class Wire:
    """One provider's connections; `name` for points and the meter, `who` for people.

    `kind` is that of the meter's calls (`image`, `clip`); `headers` carry a key that is not sent as Bearer;
    `largest` bytes of an answer are read. `guard` judges addresses before they are connected to, None trusts
    the one that was chosen; `gate` is that of the account.
    """

    def __init__(
        self,
        name: str,
        who: str,
        choice: Choice,
        base_url: str,
        clock: Clock,
        *,
        kind: str = "image",
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST_BODY,
        guard: Guard | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.who = who
        self.base_url = checked_address(choice.base_url or base_url)
        self._name, self._choice, self._clock = name, choice, clock
        self._kind, self._headers, self._largest = kind, headers, largest
        self._guard = guard
        self._slots = gate or Gate(max(choice.concurrency, 1))
        self._client: httpx2.AsyncClient | None = None

    def call(self, meter: Meter, model: str) -> AbstractContextManager[Receipt]:
        """Writes down what comes of one call; the service is asked within `turn`."""
        return metered(meter, self._name, model, self._kind)

    @asynccontextmanager
    async def turn(self, receipt: Receipt) -> AsyncIterator[None]:
        """Waits for a free slot, then gives what asks the service the choice's time.

        What can be done without the service is to be done after it: others wait for the slot.
        """
        async with self._slots:
            try:
                with timed(receipt, self._clock):
                    async with asyncio.timeout(self._choice.timeout):
                        yield
            except TimeoutError as late:
                raise Later(f"{self.who} did not answer within {self._choice.timeout:g} s") from late

    async def send(
        self,
        method: str,
        address: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        mark: bool = True,
        files: Files | None = None,
    ) -> Answer:
        """One request; any status comes back. `mark`: whether it counts as points a kill may strike at.

        Raises `Later` where nothing whole came back, `NeedsPerson` for an address or certificate that is
        wrong, `Refused` for an answer that is too large. `files` makes a form of them and of `body`'s fields.
        """
        try:
            if mark:
                reach(f"{self._kind}.{self._name}.connect")
            answer = await self._exchange(method, self._absolute(address), body, query, mark, files)
            if mark:
                reach(f"{self._kind}.{self._name}.received")
            return answer
        except FetchRefused as blocked:
            raise NeedsPerson(f"{self.who} was not asked: {blocked.why}") from None
        except (httpx2.TransportError, httpx2.DecodingError) as broken:
            raise self._ending_of(broken) from broken

    async def asked(
        self,
        method: str,
        address: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        mark: bool = True,
        files: Files | None = None,
    ) -> Answer:
        """As `send`, but raises what an answer other than 2xx stands for."""
        answer = await self.send(method, address, body, query, mark, files)
        if not 200 <= answer.status < 300:
            raise self.complained(answer)
        return answer

    def complained(self, answer: Answer) -> Ending:
        """The ending that an answer with an error stands for."""
        body = self._without_key(answer.body)
        return ending_for(self.who, answer.status, answer.headers, body, self._clock.now(), self._kind)

    def is_ours(self, url: str) -> bool:
        """Whether an address lies on the server that the operator set."""
        try:
            here, there = httpx2.URL(self.base_url), httpx2.URL(url)
        except httpx2.InvalidURL:
            return False
        return (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _exchange(
        self,
        method: str,
        url: str,
        body: Any,
        query: Mapping[str, str] | None,
        mark: bool,
        files: Files | None,
    ) -> Answer:
        async def trace(event: str, _info: Mapping[str, Any]) -> None:
            if mark and event.endswith("send_request_body.complete"):
                reach(f"{self._kind}.{self._name}.sent")

        parts: list[bytes] = []
        size = 0
        said: dict[str, Any] = {"data": body, "files": files} if files else {"json": body}
        told = {"trace": trace}
        async with self._opened().stream(method, url, params=query, extensions=told, **said) as response:
            async for part in response.aiter_bytes():
                size += len(part)
                if size > self._largest:
                    raise Refused(
                        f"bad media: {self.who} answered with more than {self._largest // 10**6} MB"
                    )
                parts.append(part)
            return Answer(response.status_code, response.headers, b"".join(parts))

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            headers = {"accept-encoding": "identity", "user-agent": "nightdesk"}
            if self._headers is not None:
                headers |= self._headers
            elif self._choice.api_key is not None:
                headers["authorization"] = f"Bearer {self._choice.api_key.get_secret_value()}"
            slots = max(self._choice.concurrency, 1)
            guarded = GuardedTransport(self._guard, keep_alive=slots) if self._guard else None
            self._client = httpx2.AsyncClient(
                transport=guarded,
                verify=_certificates(),
                headers=headers,
                trust_env=False,
                follow_redirects=False,
                timeout=httpx2.Timeout(
                    self._choice.timeout, connect=min(self._choice.timeout, _CONNECT_SECONDS)
                ),
                limits=httpx2.Limits(max_connections=2 * slots, max_keepalive_connections=slots),
            )
        return self._client

    def _absolute(self, address: str) -> str:
        return self.base_url + address if address.startswith("/") else address

    def _ending_of(self, broken: Exception) -> Ending:
        cause: BaseException | None = broken
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return NeedsPerson(
                    f"the certificate of {self.base_url} is not valid ({cause.verify_message}): correct the "
                    f"base URL, the certificate or this machine's clock"
                )
            cause = cause.__cause__ or cause.__context__
        if isinstance(broken, httpx2.TimeoutException):
            return Later(f"{self.who} did not answer in time")
        if isinstance(broken, httpx2.ConnectError):
            return Later(f"{self.who} cannot be reached at {self.base_url}")
        return Later(f"the connection to {self.who} broke before its answer was whole")

    def _without_key(self, body: bytes) -> bytes:
        key = self._choice.api_key.get_secret_value().encode() if self._choice.api_key else b""
        return body.replace(key, b"(key)") if key else body


@cache
def _certificates() -> ssl.SSLContext:
    """Whom we trust; read once, for it takes longer than many a call."""
    return httpx2.create_ssl_context()


def _described(body: bytes) -> str:
    start = body.lstrip()[:200].lower()
    if not start:
        return "an empty answer"
    return "a web page" if start.startswith((b"<!doctype", b"<html")) else "an answer of another shape"
