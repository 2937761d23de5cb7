"""The HTTP line to a tool server: guarded, and watched for whether a call of a tool was sent at all."""

from dataclasses import dataclass, field

import httpx2

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.transport import GuardedTransport
from nightdesk.kit.tools.servers import Server

_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, FetchLater, FetchRefused)
LONGEST_WAIT = 24 * 3600.0
"""Seconds; a longer Retry-After is taken as this."""


@dataclass
class Watch:
    """What the line saw of the call of a tool. `declined` is the ending where it certainly did nothing: never
    connected, 429, or turned away at the door (401, 403)."""

    calling: bool = False
    declined: Later | NeedsPerson | None = field(default=None)


class WatchedTransport(httpx2.AsyncBaseTransport):
    """Another transport; tells `watch` what became of the request by which a tool is called."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, name: str, watch: Watch) -> None:
        self._inner, self._name, self._watch = inner, name, watch

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        calls = self._watch.calling and request.method == "POST" and b'"tools/call"' in request.content
        try:
            answer = await self._inner.handle_async_request(request)
        except _UNSENT:
            if calls:
                self._watch.declined = Later(f"{self._name} could not be reached; nothing was sent.")
            raise
        if calls:
            self._watch.declined = self._turned_away(answer)
        if answer.headers.get("content-encoding", "identity") != "identity":
            # A small answer may unpack to one without end, and nothing was asked for that is packed.
            await answer.aclose()
            raise httpx2.DecodingError(f"{self._name} answers packed, though it was asked not to.")
        return answer

    def _turned_away(self, answer: httpx2.Response) -> Later | NeedsPerson | None:
        if answer.status_code == 429:
            asked = answer.headers.get("retry-after", "")
            seconds = min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdecimal() else None
            return Later(f"{self._name} takes no more just now.", seconds)
        if answer.status_code in (401, 403):
            return not_known(self._name, answer.status_code)
        return None

    async def aclose(self) -> None:
        await self._inner.aclose()


def not_known(name: str, status: int) -> NeedsPerson:
    """The ending where the server does not know the token."""
    return NeedsPerson(f"{name} does not take the account's token ({status}). Give the account another one.")


def opened_line(server: Server, watch: Watch) -> httpx2.AsyncClient:
    """A client with the account's own token and no other; no proxy, no redirects to elsewhere."""
    inner = (
        httpx2.AsyncHTTPTransport(trust_env=False)
        if server.guard is None
        else GuardedTransport(server.guard, keep_alive=4, max_raw=4 * server.most)
    )
    headers = {"Accept-Encoding": "identity"}
    if server.token:
        headers["Authorization"] = f"Bearer {server.token}"
    transport = WatchedTransport(inner, server.name, watch)
    # Reading has no limit here: the server may work long on a call, which has a limit of its own.
    timeout = httpx2.Timeout(server.seconds, read=None)
    return httpx2.AsyncClient(headers=headers, timeout=timeout, transport=transport, trust_env=False)
