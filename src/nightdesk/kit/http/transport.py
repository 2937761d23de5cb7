"""The transport under every guarded client: it connects to the very address that was judged."""

import os
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.points import reach

_SPOKEN = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
)


_TRUSTED = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@lru_cache(maxsize=8)
def _trusted(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Whom clients trust, as these variables of the environment say; reading it takes 25 ms of processor."""
    return httpx2.create_ssl_context()


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves, judges and dials; the names of sockets and certificates stay those of the request."""

    def __init__(self, guard: Guard, dial: httpcore2.AsyncNetworkBackend | None = None) -> None:
        """`dial` opens the sockets; it is only ever given addresses, never names."""
        self._guard = guard
        self._dial = dial or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._guard.addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._open(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._open(addresses[-1], port, timeout, local_address, socket_options)

    async def _open(
        self, address: str, port: int, timeout: float | None, local: str | None, options: Iterable[Any] | None
    ) -> httpcore2.AsyncNetworkStream:
        reach("http.call.connect")
        stream = await self._dial.connect_tcp(address, port, timeout, local, options)
        reach("http.call.connected")
        return stream

    async def sleep(self, seconds: float) -> None:
        await self._dial.sleep(seconds)


class GuardedTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 through a guard: no proxy, no redirect, no retry, and at most `max_raw` bytes of a body."""

    def __init__(
        self,
        guard: Guard,
        *,
        max_raw: int | None = None,
        keep_alive: int = 0,
        certificates: ssl.SSLContext | None = None,
        dial: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        """`keep_alive`: connections that are kept for later requests; with none each request has its own."""
        self._guard = guard
        self._max_raw = max_raw
        self._certificates = certificates or _trusted(*map(os.environ.get, _TRUSTED))
        self._network = GuardedNetwork(guard, dial)
        # A pool looks at all its connections for each request: with none kept that is cost for nothing.
        self._pool = (
            httpcore2.AsyncConnectionPool(
                ssl_context=self._certificates,
                max_connections=None,
                max_keepalive_connections=keep_alive,
                network_backend=self._network,
            )
            if keep_alive
            else None
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises FetchRefused for an address against the rules, httpx2.TransportError as any transport."""
        url = self._guard.inspect(request.url)
        outgoing = httpcore2.Request(
            request.method,
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions={**request.extensions, "trace": _mark},
        )
        if self._pool is not None:
            return await self._answer(self._pool, outgoing, None)
        alone = httpcore2.AsyncHTTPConnection(
            outgoing.url.origin, ssl_context=self._certificates, network_backend=self._network
        )
        async with AsyncExitStack() as opened:
            opened.push_async_callback(alone.aclose)
            answer = await self._answer(alone, outgoing, alone)
            # From here on the answer closes it, when its body was read.
            opened.pop_all()
            return answer

    async def _answer(
        self,
        through: httpcore2.AsyncConnectionPool | httpcore2.AsyncHTTPConnection,
        outgoing: httpcore2.Request,
        closing: httpcore2.AsyncHTTPConnection | None,
    ) -> httpx2.Response:
        with _told_as_httpx2():
            answer = await through.handle_async_request(outgoing)
        assert isinstance(answer.stream, AsyncIterable)
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream, self._max_raw, closing),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    """The raw bytes of an answer, counted as they arrive, before anything decodes them."""

    def __init__(
        self,
        stream: AsyncIterable[bytes],
        limit: int | None,
        closing: httpcore2.AsyncHTTPConnection | None,
    ) -> None:
        self._stream = stream
        self._limit = limit
        self._closing = closing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        with _told_as_httpx2():
            async for part in self._stream:
                count += len(part)
                if self._limit is not None and count > self._limit:
                    raise too_large(self._limit)
                yield part
        reach("http.call.received")

    async def aclose(self) -> None:
        try:
            if hasattr(self._stream, "aclose"):
                await self._stream.aclose()
        finally:
            if self._closing is not None:
                await self._closing.aclose()


def client(guard: Guard, *, timeout: float, max_raw: int | None = None) -> httpx2.AsyncClient:
    """A client behind the guard, for adapters: no proxy from the environment, no redirects, kept alive.

    `timeout` in seconds holds for each connect, read and write; the caller's own deadline for the whole.
    """
    transport = GuardedTransport(guard, max_raw=max_raw, keep_alive=20)
    return httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout)


def too_large(limit: int) -> FetchRefused:
    """The refusal of an answer beyond `limit` bytes."""
    return FetchRefused("too_large", f"The answer is larger than {limit / 1e6:g} MB, so reading was stopped.")


async def _mark(event: str, _: dict[str, Any]) -> None:
    if event == "http11.send_request_body.complete":
        reach("http.call.sent")
    elif event == "http11.receive_response_headers.complete":
        reach("http.call.answered")


@contextmanager
def _told_as_httpx2() -> Iterator[None]:
    # httpx2 names each failure as httpcore2 does; its own table for this is private.
    try:
        yield
    except _SPOKEN as failure:
        raise getattr(httpx2, type(failure).__name__)(str(failure)) from failure
