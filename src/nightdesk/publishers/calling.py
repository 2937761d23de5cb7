"""Calls to platforms over HTTP: what a failure means before and after something may have become public."""

import json
import ssl
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from nightdesk.kit.clock import Clock
from nightdesk.kit.concealing import Concealing, of_header
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.http.failures import FetchLater, FetchRefused, shown, unanswered
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.retrying import retry_after
from nightdesk.kit.http.transport import client
from nightdesk.kit.points import reach
from nightdesk.publisher import Record, Unclear

MOST_ANSWER = 8 << 20
"""Bytes of an answer that are read."""

MOST_DESCRIBED = 20_000
"""Characters of an answer in which the words about a fault are looked for."""

LONGEST_WAIT = 24 * 3600.0
"""Seconds; a longer Retry-After is taken as this."""

GIVEN = ("access_token", "refresh_token")
"""Names in an answer under which a platform gives secrets, also the same ones again."""

SECRETS = (
    *("access_token", "client_secret", "refresh_token", "code", "code_verifier", "fb_exchange_token"),
    "input_token",
)
"""Names under which forms and addresses carry secrets to platforms."""

_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True)
class Call:
    """One request. With `public` it may make the piece public, so that its failure can be `Unclear`.

    `about` says in a few words what it is for, as people read it in the piece's story. `url` and `params` are
    not written down there: a platform may put secrets into them.
    """

    method: str
    url: str
    about: str
    public: bool = False
    raw: bool = False
    """Whether its answer may be something else than JSON."""
    whole: bool = False
    """Whether answers of 5xx are given back as others are, where their words tell what is wrong."""
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Any] | None = None
    content: bytes | AsyncIterable[bytes] | None = None
    seconds: float | None = None
    """Its own time limit for each read and write."""

    @property
    def concealing(self) -> Concealing:
        """Strikes the secrets that it carries out of what is said to it: a platform may say them back."""
        named = [
            *(self.form or {}).items(),
            *(self.params or {}).items(),
            *parse_qsl(urlsplit(self.url).query),
        ]
        found = {
            part for name, value in named if name in SECRETS for part in (value, value.rpartition("|")[2])
        }
        for name, value in self.headers.items():
            if name.lower() == "authorization":
                found |= of_header(value)
        return Concealing(found)


@dataclass(frozen=True)
class Said:
    """An answer: 2xx with JSON in it, 3xx, or 4xx but 429, of which `value` is an empty object where it is
    not JSON."""

    status: int
    headers: Mapping[str, str]
    value: Any
    text: str

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300

    def at(self, *path: str | int) -> Any:
        """What stands at a place of its JSON; None where there is no such place."""
        found = self.value
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def number(self, *path: str | int) -> int | None:
        """What stands there, where it is a number above 0."""
        found = self.at(*path)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None

    def rows(self) -> list[Mapping[str, Any]]:
        """The objects of a list; none where it is no list."""
        return [row for row in self.value if isinstance(row, dict)] if isinstance(self.value, list) else []


class Caller:
    """Calls one platform, called `title` in words for people and `name` where points are marked."""

    def __init__(self, guard: Guard, clock: Clock, *, name: str, title: str, seconds: float = 60.0) -> None:
        self._clock, self._name, self._title = clock, name, title
        self._client = client(guard, timeout=seconds, max_raw=MOST_ANSWER)
        self._client.headers["Accept-Encoding"] = "identity"
        self._client.event_hooks = {"response": [_unpacked]}

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ask(self, call: Call, record: Record | None = None) -> Said:
        """Sends it and reads its answer; both are written down where there is a record.

        Raises `Later` where it certainly did nothing (no connection, 429), and where it did not succeed but
        makes nothing public; `Unclear` where it may have; `NeedsPerson` where the address must not be asked.
        """
        if record is not None:
            await record.step("request", call.about, method=call.method)
        reach(f"{self._name}.call.before")
        try:
            answer = await self._send(call)
        except _UNSENT as failure:
            raise Later(f"{self._title} could not be reached{_tls(failure)}; nothing was sent.") from failure
        except FetchLater as failure:
            raise Later(failure.why) from failure
        except FetchRefused as failure:
            raise self._unasked(call, failure) from failure
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as failure:
            says = f"{self._title} {unanswered(failure)}."
            if record is not None:
                await record.step("answer", says)
            raise self._failed(call, says, "sent") from failure
        reach(f"{self._name}.call.after")
        if record is not None:
            kind = call.concealing.text(answer.headers.get("content-type", ""))
            await record.step(
                "answer", f"{answer.status_code}", status=answer.status_code, kind=shown(kind, 60)
            )
        return self._read(call, answer)

    async def _send(self, call: Call) -> httpx2.Response:
        timeout = httpx2.USE_CLIENT_DEFAULT if call.seconds is None else call.seconds
        return await self._client.request(
            call.method,
            call.url,
            params=call.params,
            headers=dict(call.headers),
            json=call.json,
            data=call.form,
            files=call.files,
            content=call.content,
            timeout=timeout,
        )

    def _read(self, call: Call, answer: httpx2.Response) -> Said:
        status, concealing = answer.status_code, call.concealing
        text = concealing.text(answer.text)
        if status == 429:
            raise Later(f"{self._title} takes no more just now.", _asked(answer, self._clock.now()))
        if status >= 500 and not call.whole:
            says = f"{self._title} answered {status}. {words(text)}".strip()
            raise self._failed(call, says, "answered", _asked(answer, self._clock.now()))
        try:
            value = json.loads(answer.content) if answer.content else {}
        except (ValueError, RecursionError):
            if status < 300 and not call.raw:
                says = f"{self._title} answered with something else than data: “{words(text)}”"
                raise self._failed(call, says, "answered") from None
            value = {}
        return Said(status, answer.headers, concealing.value(value, but=GIVEN), text)

    def _failed(self, call: Call, says: str, phase: Any, seconds: float | None = None) -> Later | Unclear:
        return Unclear(says, phase) if call.public else Later(says, seconds)

    def _unasked(self, call: Call, failure: FetchRefused) -> Exception:
        if failure.code == "unknown_host":
            return Later(f"{self._title} could not be found by its name; nothing was sent.")
        if failure.code == "too_large":
            return self._failed(call, f"{self._title} answered with more than can be read.", "answered")
        return NeedsPerson(f"{failure.why} Put the address of the account right.")


async def _unpacked(answer: httpx2.Response) -> None:
    """Raises where an answer is packed, which was not asked for: a small one may unpack without end."""
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise httpx2.DecodingError("The answer is packed, though it was asked not to be.")


def words(text: str) -> str:
    """What a foreign answer says, on a line fit for people: without tags, at most 200 characters.

    Of JSON it is what describes the fault, where that can be told.
    """
    plain, inside = [], False
    for char in (_described(text) or text)[:4000]:
        inside = (char == "<" or inside) and char != ">"
        plain.append(" " if inside or char in "<>" else char)
    return shown(" ".join("".join(plain).split()), 200)


def _described(text: str) -> str:
    """The sentence about a fault in JSON as RFC 9457, RFC 6749 or Google lay it out; or nothing."""
    try:
        found = json.loads(text[:MOST_DESCRIBED])
    except (ValueError, RecursionError):
        return ""
    for _ in range(2):
        if not isinstance(found, dict):
            return ""
        for name in ("detail", "error_description", "message", "title", "error"):
            if isinstance(found.get(name), str) and found[name].strip():
                return str(found[name])
        found = found.get("error")
    return ""


def _asked(answer: httpx2.Response, now: datetime) -> float | None:
    seconds = retry_after(answer.headers.get("retry-after"), now)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def _tls(failure: BaseException) -> str:
    """Whether it was the certificate, which people can do something about."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f", for its certificate is not to be trusted ({cause.verify_message})"
        cause = cause.__cause__ or cause.__context__
    return ""
