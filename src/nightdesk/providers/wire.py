"""The HTTP client that providers share: no redirects or hidden tries, capped answers, marked points."""

from collections.abc import AsyncIterator, Mapping

import httpx2

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.transport import GuardedTransport
from nightdesk.kit.points import reach

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. The longest article that a question allows is 120,000 characters, at most 720 KB as escaped JSON."""

KEPT = 64 * 1024
"""Bytes of an oversized answer that are kept for the person who looks into it."""

CONNECT_SECONDS = 10.0
KEPT_ALIVE = 100

# Vendors' packages add what they find in the environment of the process (OPENAI_ORG_ID,
# ANTHROPIC_CUSTOM_HEADERS, …) and what they know of the machine. A call is made in the name of one choice,
# and carries nothing else.
OWN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "anthropic-beta",
        "anthropic-version",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
        "x-api-key",
        "x-goog-api-key",
    }
)


class TooLarge(Exception):
    """The answer is longer than any honest one could be."""

    def __init__(self, largest: int, start: bytes) -> None:
        self.start = start.decode("utf-8", "replace")
        super().__init__(f"more than {largest:,} bytes")


def checked_address(base_url: str) -> str:
    """`base_url` without a slash at its end. Raises `NeedsPerson` where it is no http(s) address."""
    try:
        url = httpx2.URL(base_url.strip())
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise NeedsPerson(f"The base URL `{base_url}` is not an http or https address: correct it.")
    return str(url).rstrip("/")


def open_client(
    kind: str,
    timeout: float,
    *,
    largest: int = LARGEST_ANSWER,
    headers: Mapping[str, str] | None = None,
    guard: Guard | None = None,
) -> httpx2.AsyncClient:
    """A client for calls of `kind` (`text`, `embeddings`), kept open between calls and closed by its owner.

    `guard` judges every address before it is connected to; None trusts the address that was chosen.
    `headers` are sent with every request, beside the usual ones and no others.
    `timeout` in seconds bounds each wait, not the whole call: the caller sets a deadline of its own.
    Reading an answer beyond `largest` bytes, or those of the request's extension `largest`, raises
    `TooLarge`.
    """

    own = OWN_HEADERS.union(name.lower() for name in headers or {})

    async def before(request: httpx2.Request) -> None:
        reach(f"{kind}.call.connect")
        for name in [name for name in request.headers if name not in own]:
            del request.headers[name]
        if isinstance(request.stream, httpx2.AsyncByteStream):
            request.stream = _Marked(request.stream, f"{kind}.call.sent")

    async def after(response: httpx2.Response) -> None:
        reach(f"{kind}.call.received")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            cap = response.request.extensions.get("largest", largest)
            response.stream = _Capped(response.stream, cap)

    return httpx2.AsyncClient(
        transport=GuardedTransport(guard, keep_alive=KEPT_ALIVE) if guard else None,
        timeout=httpx2.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        follow_redirects=False,
        # A compressed answer could unfold to any size behind the cap.
        headers={"Accept-Encoding": "identity", **(headers or {})},
        event_hooks={"request": [before], "response": [after]},
    )


class _Marked(httpx2.AsyncByteStream):
    """A request body that says when its last byte has been handed over."""

    def __init__(self, body: httpx2.AsyncByteStream, point: str) -> None:
        self._body = body
        self._point = point

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._body:
            yield chunk
        reach(self._point)

    async def aclose(self) -> None:
        await self._body.aclose()


class _Capped(httpx2.AsyncByteStream):
    """An answer's body, up to a number of bytes."""

    def __init__(self, body: httpx2.AsyncByteStream, largest: int) -> None:
        self._body = body
        self._largest = largest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        start = b""
        async for chunk in self._body:
            taken += len(chunk)
            if len(start) < KEPT:
                start += chunk[: KEPT - len(start)]
            if taken > self._largest:
                raise TooLarge(self._largest, start)
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()
