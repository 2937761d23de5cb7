"""The ways in which makers of clips fail, at each call that goes to one, and how each must end."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from servers.clips_server import ComfyClips, Library, footage
from servers.openai_faults import ADDRESSES, abort, html, reset, self_signed, slow_loris
from servers.openai_server import Asked, Behaviour, OpenAIServer

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SKEW = timedelta(hours=3)
TIMEOUT = 0.6
"""Seconds that a provider under test has for a clip."""

SITES: dict[str, tuple[str, str]] = {
    "Pexels search": ("stock:pexels", "/search"),
    "Pixabay search": ("stock:pixabay", "/videos/"),
    "Pixabay file": ("stock:pixabay", "/files/"),
    "ComfyUI upload": ("comfyui:tiny", "/upload/image"),
    "ComfyUI prompt": ("comfyui:tiny", "/prompt"),
    "ComfyUI view": ("comfyui:tiny", "/view"),
}
"""The provider of each call site, and the path that fails there; everything else answers well."""

BY_CONNECTION = ("connection refused", "DNS fails", "TLS fails", "reset before the request is sent")
"""Faults of a whole server: they come before any path is asked for."""


@dataclass(frozen=True)
class End:
    """How a call must end, a part of what is said, and the wait that a `Later` passes on."""

    ending: type[Ending]
    says: str
    seconds: float | None = None


@dataclass(frozen=True)
class Fault:
    """What the server does; how a service's call ends, and how the reading of a file does."""

    behaviour: Behaviour | None
    service: End
    file: End


def _status(status: int, code: str = "server_error", **headers: str) -> Behaviour:
    return lambda _, asked: asked.reply_json(
        {"error": {"code": code, "message": "as told"}}, status, **headers
    )


def _body(body: bytes) -> Behaviour:
    return lambda _, asked: asked.reply(body)


def _skewed(_: OpenAIServer, asked: Asked) -> None:
    """Asks to wait until 30 s from now, by a clock that is three hours ahead."""
    theirs = NOW + SKEW
    until = format_datetime(theirs + timedelta(seconds=30), usegmt=True)
    asked.reply_json(
        {"error": "slow down"}, 429, date=format_datetime(theirs, usegmt=True), retry_after=until
    )


def _cut(_: OpenAIServer, asked: Asked) -> None:
    """Half of a good answer: of a page, of what was taken, or of a clip."""
    path = urlsplit(asked.path).path
    clip = "/files/" in path or path.endswith("/view")
    asked.reply(footage()[: len(footage()) // 2] if clip else b'{"videos": [{"id": 1, "hits": [')


BUSY = "cannot do it now"
FAULTS: dict[str, Fault] = {
    "429 with Retry-After": Fault(
        _status(429, "rate_limit", retry_after="7"), End(Later, BUSY, 7), End(Later, "answered 429", 7)
    ),
    "429 without Retry-After": Fault(
        _status(429, "rate_limit"), End(Later, BUSY), End(Later, "answered 429")
    ),
    "500": Fault(_status(500), End(Later, "status 500"), End(Later, "answered 500")),
    "503": Fault(_status(503, retry_after="2"), End(Later, "status 503", 2), End(Later, "answered 503", 2)),
    "connection refused": Fault(None, End(Later, "cannot be reached"), End(Later, "could not be reached")),
    "DNS fails": Fault(None, End(Later, "cannot be reached"), End(Refused, "unknown_host")),
    "TLS fails": Fault(None, End(NeedsPerson, "certificate"), End(Refused, "bad_certificate")),
    "reset before the request is sent": Fault(None, End(Later, "broke"), End(Later, "could not be reached")),
    "reset after the request is sent": Fault(reset, End(Later, "broke"), End(Later, "unreachable")),
    "slow loris": Fault(slow_loris, End(Later, "did not answer within"), End(Later, "did not answer within")),
    "truncated": Fault(_cut, End(Later, "cut short"), End(Refused, "bad media")),
    "empty": Fault(_body(b""), End(Refused, "bad media"), End(Refused, "bad media")),
    "wrong schema": Fault(
        _body(b'{"weather": "sunny"}'), End(Refused, "bad media"), End(Refused, "bad media")
    ),
    "content policy": Fault(
        _status(403, "moderation_blocked"), End(Refused, "content policy"), End(Later, "had lapsed")
    ),
    "200 with HTML": Fault(html, End(Refused, "web page"), End(Refused, "web page")),
    "10 MB body": Fault(
        _body(b'{"a": "' + b"a" * 10_000_000 + b'"}'), End(Refused, "bad media"), End(Refused, "bad media")
    ),
    "clock-skewed Retry-After": Fault(_skewed, End(Later, BUSY, 30), End(Later, "answered 429", 300)),
}


def cases() -> list[tuple[str, str]]:
    """Every fault at every site where it can happen."""
    views = [site for site in SITES if site == "ComfyUI view"]
    return [
        (fault, site) for fault in FAULTS for site in SITES if not (site in views and fault in BY_CONNECTION)
    ]


def expected(fault: str, site: str) -> End:
    """How it must end. What ComfyUI gives is a file by a service."""
    told = FAULTS[fault]
    whole = site == "ComfyUI view" and fault == "truncated"
    return told.file if site == "Pixabay file" or whole else told.service


@asynccontextmanager
async def failing(
    fault: str, site: str, folder: Path
) -> AsyncIterator[tuple[OpenAIServer, str, tuple[int, ...]]]:
    """A server that fails so at that site, the base URL to reach it by, and the ports its files lie at."""
    kind, path = SITES[site]
    bad = OpenAIServer(behaviour=FAULTS[fault].behaviour)
    if fault == "TLS fails":
        bad.tls = self_signed(folder)
    if fault == "reset before the request is sent":
        bad.on_connect = abort
    async with bad, OpenAIServer() as good:
        address = ADDRESSES.get(fault, lambda known: known.base_url)(bad)
        if site == "Pixabay file":
            good.behaviour = Library("pixabay", files=lambda _, number: f"{address}/files/{number}.mp4")
            yield bad, good.base_url, (good.port, bad.port, urlsplit(address).port or 443)
        elif fault in BY_CONNECTION:
            yield bad, address, ()
        else:
            well = ComfyClips() if kind.startswith("comfyui") else Library(kind.partition(":")[2])
            good.behaviour = _at(path, FAULTS[fault].behaviour, well)
            yield good, good.base_url, (good.port,)


def _at(path: str, broken: Behaviour | None, well: Callable[[OpenAIServer, Asked], None]) -> Behaviour:
    def behave(server: OpenAIServer, asked: Asked) -> None:
        (broken if broken and path in urlsplit(asked.path).path else well)(server, asked)

    return behave
