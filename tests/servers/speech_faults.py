"""The ways in which a speech service fails, and how a call for speech must end of each."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from websockets.server import ServerProtocol

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.wav import packed
from servers.edge_server import answering, mp3, sound
from servers.openai_faults import (
    ADDRESSES,
    abort,
    clock_skewed_expiry,
    html,
    reset,
    self_signed,
    slow_loris,
    status,
)
from servers.openai_server import Asked, Behaviour, OpenAIServer
from servers.speech_server import RATE, babble, timed

TIMEOUT = 0.4
"""Seconds that a provider under test has for a call."""

KINDS = ("openai", "elevenlabs", "elevenlabs voices", "edge")


@dataclass(frozen=True)
class Fault:
    """How the call must end, what the person is told, and the wait that a `Later` passes on.

    `behaviours` are by call site; one that is the same at all is under the empty name.
    """

    ending: type[Ending]
    says: str
    behaviours: dict[str, Behaviour]
    seconds: float | None = None


def _everywhere(behaviour: Behaviour) -> dict[str, Behaviour]:
    return {"": behaviour}


def _body(body: bytes) -> Behaviour:
    return lambda _, asked: asked.reply(body)


def _detail(code: int, detail: dict[str, str]) -> Behaviour:
    return lambda _, asked: asked.reply_json({"detail": detail}, code)


def _policy(_: OpenAIServer, asked: Asked) -> None:
    status(400, "as told", "content_policy_violation")(_, asked)


def _cut(protocol: ServerProtocol, text: str) -> None:
    whole = mp3(text)
    sound(protocol, whole[: len(whole) // 2])
    protocol.send_close(1000)


_VOICES = json.dumps({"voices": [{"voice_id": "v1", "name": "Ada"}]}).encode()
_TIMED = json.dumps(timed("a bin")).encode()
_WAV = packed(babble("a bin"), RATE)

FAULTS: dict[str, Fault] = {
    "429 with Retry-After": Fault(
        Later, "HTTP 429", _everywhere(status(429, "slow down", "rate_limit", retry_after="7")), 7
    ),
    "429 without Retry-After": Fault(Later, "HTTP 429", _everywhere(status(429, "slow down", "rate_limit"))),
    "500": Fault(Later, "HTTP 500", _everywhere(status(500, "oh no"))),
    "503": Fault(Later, "HTTP 503", _everywhere(status(503, "busy", retry_after="2")), 2),
    "connection refused": Fault(Later, "could not be reached", {}),
    "DNS fails": Fault(Later, "could not be reached", {}),
    "TLS fails": Fault(NeedsPerson, "certificate", {}),
    "reset before the request is sent": Fault(Later, "could not be reached", {}),
    "reset after the request is sent": Fault(Later, "could not be reached", _everywhere(reset)),
    "slow loris": Fault(Later, "did not answer within", _everywhere(slow_loris)),
    "truncated": Fault(
        Later,
        "cut short",
        {
            "openai": _body(_WAV[: len(_WAV) // 2]),
            "elevenlabs": _body(_TIMED[: len(_TIMED) // 2]),
            "elevenlabs voices": _body(_VOICES[: len(_VOICES) // 2]),
            "edge": answering(_cut),
        },
    ),
    "empty": Fault(Refused, "bad media", _everywhere(_body(b""))),
    "wrong schema": Fault(Refused, "bad media", _everywhere(_body(b'{"weather": "sunny"}'))),
    "content policy": Fault(
        Refused,
        "content policy",
        {
            "openai": _policy,
            "edge": _policy,
            "elevenlabs": _detail(400, {"status": "content_against_policy", "message": "no"}),
            "elevenlabs voices": _detail(400, {"status": "content_against_policy", "message": "no"}),
        },
    ),
    "200 with HTML": Fault(Refused, "bad media: a web page", _everywhere(html)),
    "10 MB body": Fault(Refused, "bad media", _everywhere(_body(b'{"a": "' + b"a" * 10_000_000 + b'"}'))),
    "clock-skewed expiry": Fault(Later, "HTTP 429", _everywhere(clock_skewed_expiry), 30),
    "no money": Fault(
        NeedsPerson,
        "no credit left",
        {
            "openai": status(429, "no", "insufficient_quota"),
            "edge": status(429, "no", "insufficient_quota"),
            "elevenlabs": _detail(401, {"status": "quota_exceeded", "message": "0 credits remaining"}),
            "elevenlabs voices": _detail(401, {"status": "quota_exceeded", "message": "0 remaining"}),
        },
    ),
}


@asynccontextmanager
async def failing(name: str, kind: str, folder: Path) -> AsyncIterator[tuple[OpenAIServer, str]]:
    """A server that always fails in the way called `name` at the call site `kind`, and its address."""
    behaviours = FAULTS[name].behaviours
    server = OpenAIServer(behaviour=behaviours.get(kind) or behaviours.get(""))
    if name == "TLS fails":
        server.tls = self_signed(folder)
    if name == "reset before the request is sent":
        server.on_connect = abort
    async with server:
        yield server, ADDRESSES.get(name, lambda known: known.base_url)(server)
