"""Fetches an address that a user, a feed or a page gave us, within limits, hop by judged hop."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import httpcore2
import httpx2

from nightdesk.kit.clock import Clock
from nightdesk.kit.http.failures import FetchLater, FetchRefused, shown
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.retrying import retry_after
from nightdesk.kit.http.transport import GuardedTransport, too_large

_AGAIN = {408, 425, 429}
_HOPS = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_READABLE = {"", "identity", "gzip", "x-gzip", "deflate"}


@dataclass(frozen=True)
class FetchLimits:
    """What one fetch may take: bytes as sent, bytes after decoding, redirects, seconds in all."""

    raw: int = 5_000_000
    decoded: int = 20_000_000
    hops: int = 5
    seconds: float = 15.0
    connect_seconds: float = 5.0


@dataclass(frozen=True)
class Fetched:
    """An answer read to its end; `url` is where it came from after redirects, `asked` what was asked for.

    `moved_to` is where the redirects led that say they are for good (301 and 308, RFC 9110, section 15.4),
    up to the first that does not; empty where there was none.
    """

    asked: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    moved_to: str = ""

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case; empty when the server did not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset the server declared, as it spelled it."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None


@dataclass(frozen=True)
class Opened:
    """An answer whose body is still to be read: where it came from, and `moved_to` as in `Fetched`."""

    at: httpx2.URL
    moved_to: str
    said: httpx2.Response


class Fetcher:
    """Reads foreign addresses: GET, no cookies, no credentials, nothing kept between two fetches."""

    def __init__(
        self,
        guard: Guard,
        clock: Clock,
        *,
        limits: FetchLimits | None = None,
        agent: str = "Nightdesk",
        certificates: ssl.SSLContext | None = None,
        dial: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._limits = limits or FetchLimits()
        self._agent = agent
        self._transport = GuardedTransport(
            guard, max_raw=self._limits.raw, certificates=certificates, dial=dial
        )

    async def fetch(self, url: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
        """Reads `url` to the end of its body; 2xx and 304 are answers, anything else an ending.

        `headers` are added to the request at every hop (`If-None-Match`, `Accept`): never secrets.
        Raises FetchRefused (see its codes), FetchLater for 408, 425, 429, 5xx, time-outs and broken lines.
        """
        async with self.opened(url, headers or {}, whole=self._limits.seconds) as answer:
            return replace(await self._read(url, answer.at, answer.said), moved_to=answer.moved_to)

    @asynccontextmanager
    async def opened(
        self, url: str, headers: Mapping[str, str], *, whole: float | None = None
    ) -> AsyncIterator[Opened]:
        """The answer at the end of the redirects, for its body to be read within the block.

        `whole`: seconds that all of it may take; each wait for a part has its own limit anyway. Raises as
        `fetch` does, also from within the block.
        """
        try:
            async with asyncio.timeout(whole), self._followed(url, headers) as answer:
                yield answer
        except (TimeoutError, httpx2.TimeoutException):
            raise FetchLater("timeout", f"'{_host(url)}' did not answer in time.") from None
        except httpx2.TransportError as failure:
            raise _broken(_host(url), failure) from failure
        except httpx2.DecodingError:
            raise FetchRefused("bad_answer", f"'{_host(url)}' sent a body that cannot be unpacked.") from None

    def inspect(self, url: str) -> str:
        """The address as it would be fetched, without its fragment; nothing is looked up or connected to.

        Raises FetchRefused `bad_address` or `blocked_address`.
        """
        return _plain(self._guard.inspect(url))

    @asynccontextmanager
    async def _followed(self, asked: str, headers: Mapping[str, str]) -> AsyncIterator[Opened]:
        url = self._guard.inspect(asked)
        moved, for_good = "", True
        for _ in range(self._limits.hops + 1):
            answer = await self._transport.handle_async_request(self._request(url, headers))
            async with aclosing(answer):
                if answer.status_code not in _HOPS or "location" not in answer.headers:
                    self._check(answer, url.host)
                    yield Opened(url, moved, answer)
                    return
            url = self._next(url, answer.headers["location"])
            for_good = for_good and answer.status_code in _FOR_GOOD
            moved = _plain(url) if for_good else moved
        raise FetchRefused(
            "too_many_redirects", f"'{_host(asked)}' redirects more than {self._limits.hops} times."
        )

    def _request(self, url: httpx2.URL, headers: Mapping[str, str]) -> httpx2.Request:
        seconds = self._limits.seconds
        waits = {"connect": self._limits.connect_seconds, "read": seconds, "write": seconds, "pool": seconds}
        own = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        return httpx2.Request("GET", url, headers={**own, **headers}, extensions={"timeout": waits})

    def _next(self, url: httpx2.URL, location: str) -> httpx2.URL:
        try:
            following = url.join(location)
        except (httpx2.InvalidURL, ValueError):
            raise FetchRefused("bad_address", f"'{shown(url.host)}' redirects to no web address.") from None
        return self._guard.inspect(following)

    def _check(self, answer: httpx2.Response, host: str) -> None:
        status, code, named = answer.status_code, f"http_{answer.status_code}", shown(host)
        if status in _AGAIN or status >= 500:
            wait = retry_after(answer.headers.get("retry-after"), self._clock.now())
            raise FetchLater(code, f"'{named}' answered {status}: it cannot serve this now.", wait)
        if not (200 <= status < 300 or status == 304):
            raise FetchRefused(code, f"'{named}' answered {status}. Check the address in a browser.")
        # One layer only: what a second one unpacks from the first could be endless without a byte to count.
        if answer.headers.get("content-encoding", "").strip().lower() not in _READABLE:
            raise FetchRefused("bad_answer", f"'{named}' packs its answer in a way it was not asked to.")
        length = answer.headers.get("content-length", "")
        if length.isdigit() and int(length[:19]) > self._limits.raw:
            raise too_large(self._limits.raw)

    async def _read(self, asked: str, url: httpx2.URL, answer: httpx2.Response) -> Fetched:
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > self._limits.decoded:
                raise too_large(self._limits.decoded)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Fetched(asked, _plain(url), answer.status_code, headers, bytes(body), self._clock.now())


def _plain(url: httpx2.URL) -> str:
    return str(url.copy_with(fragment=None))


def _host(url: str) -> str:
    try:
        return shown(httpx2.URL(url).host)
    except httpx2.InvalidURL:
        return shown(url)


def _broken(host: str, failure: httpx2.TransportError) -> FetchLater | FetchRefused:
    if "CERTIFICATE_VERIFY_FAILED" in str(failure):
        return FetchRefused("bad_certificate", f"The certificate of '{host}' is not valid for it.")
    if isinstance(failure, httpx2.ProtocolError):
        return FetchLater("unreachable", f"'{host}' broke off or answered something other than HTTP.")
    return FetchLater("unreachable", f"'{host}' could not be reached.")
