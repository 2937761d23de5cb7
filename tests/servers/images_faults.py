"""The ways in which an image service fails, each spelled as OpenAI, Runware and ComfyUI would."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from servers.images_server import Comfy, openai_images, painted, runware, runware_task
from servers.openai_faults import ADDRESSES, abort, html, reset, self_signed, slow_loris
from servers.openai_server import Asked, Behaviour, OpenAIServer

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SKEW = timedelta(hours=3)
TIMEOUT = 0.4
"""Seconds that a provider under test has for a picture."""


@dataclass(frozen=True)
class Fault:
    """What the server does, and how the call must end; `seconds` is the wait that a `Later` passes on."""

    name: str
    ending: type[Ending]
    says: str
    behaviours: dict[str, Behaviour]
    seconds: float | None = None


def _error(kind: str, code: str, message: str) -> dict[str, Any]:
    if kind == "runware":
        return {"errors": [{"code": code, "message": message, "taskType": "imageInference"}]}
    return {"error": {"code": code, "type": code, "message": message}}


def _status(status: int, code: str = "server_error", **headers: str) -> dict[str, Behaviour]:
    def behaviour(kind: str) -> Behaviour:
        return lambda _, asked: asked.reply_json(_error(kind, code, "as told"), status, **headers)

    return {kind: behaviour(kind) for kind in ("openai", "runware", "comfyui")}


def _all(behaviour: Behaviour) -> dict[str, Behaviour]:
    return dict.fromkeys(("openai", "runware", "comfyui"), behaviour)


def _body(**bodies: bytes) -> dict[str, Behaviour]:
    def behaviour(body: bytes) -> Behaviour:
        return lambda _, asked: asked.reply(body)

    return {kind: behaviour(body) for kind, body in bodies.items()}


def _halved(whole: Behaviour) -> Behaviour:
    """Answers well, but for the second half of the JSON."""

    def behave(server: OpenAIServer, asked: Asked) -> None:
        whole(server, Asked(asked.path, asked.headers, asked.raw, _Half(asked.transport)))  # type: ignore[arg-type]

    return behave


class _Half:
    """A connection that forgets the second half of each body, and says so in the length."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def is_closing(self) -> bool:
        return bool(self._transport.is_closing())

    def write(self, data: bytes) -> None:
        _, _, body = data.partition(b"\r\n\r\n")
        half = body[: len(body) // 2]
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(half)}\r\n\r\n"
        self._transport.write(head.encode() + half)


def _skewed(_: OpenAIServer, asked: Asked) -> None:
    """Asks to wait until 30 s from now, by a clock that is three hours ahead."""
    theirs = NOW + SKEW
    until = format_datetime(theirs + timedelta(seconds=30), usegmt=True)
    date = format_datetime(theirs, usegmt=True)
    asked.reply_json({"error": "slow down"}, 429, date=date, retry_after=until)


def _policy(comfy: Comfy) -> dict[str, Behaviour]:
    told = {
        "node_type": "ApiNode",
        "exception_type": "Moderated",
        "exception_message": "stopped by the content policy",
    }
    comfy.ending = ("error", [["execution_error", told]])
    return {
        **_status(400, "moderation_blocked"),
        "runware": _status(400, "contentPolicyViolation")["runware"],
        "comfyui": comfy,
    }


_TEN_MEGABYTES = b'{"padding": "' + b"a" * 10_000_000 + b'"}'
_WRONG = {
    "openai": b'{"data": [{"weather": "sunny"}]}',
    "runware": b'{"data": [{"weather": "sunny"}]}',
    "comfyui": b'{"weather": "sunny"}',
}

FAULTS: tuple[Fault, ...] = (
    Fault(
        "429 with Retry-After", Later, "cannot do it now", _status(429, "rate_limit", retry_after="7"), 7.0
    ),
    Fault("429 without Retry-After", Later, "cannot do it now", _status(429, "rate_limit")),
    Fault("500", Later, "status 500", _status(500)),
    Fault("503", Later, "status 503", _status(503, retry_after="2"), 2.0),
    Fault("connection refused", Later, "cannot be reached", {}),
    Fault("DNS fails", Later, "cannot be reached", {}),
    Fault("TLS fails", NeedsPerson, "certificate", {}),
    Fault("reset before the request is sent", Later, "broke", {}),
    Fault("reset after the request is sent", Later, "broke", _all(reset)),
    Fault("slow loris", Later, "did not answer within", _all(slow_loris)),
    Fault(
        "truncated JSON",
        Later,
        "cut short",
        {"openai": _halved(openai_images), "runware": _halved(runware), "comfyui": _halved(Comfy())},
    ),
    Fault("empty", Refused, "bad media", _all(lambda _, asked: asked.reply(b""))),
    Fault("wrong schema", Refused, "bad media", _body(**_WRONG)),
    Fault("content policy", Refused, "content policy", _policy(Comfy())),
    Fault("200 with HTML", Refused, "bad media: a web page", _all(html)),
    Fault("10 MB body", Refused, "bad media", _all(lambda _, asked: asked.reply(_TEN_MEGABYTES))),
    Fault("clock-skewed Retry-After", Later, "cannot do it now", _all(_skewed), 30.0),
)


@asynccontextmanager
async def failing(fault: Fault, kind: str, folder: Path) -> AsyncIterator[tuple[OpenAIServer, str]]:
    """A server that always fails like that, and the address to reach it at."""
    server = OpenAIServer(behaviour=fault.behaviours.get(kind))
    if fault.name == "TLS fails":
        server.tls = self_signed(folder)
    if fault.name == "reset before the request is sent":
        server.on_connect = abort
    async with server:
        yield server, ADDRESSES.get(fault.name, lambda known: known.base_url)(server)


def gives_addresses(url: Callable[[OpenAIServer], str]) -> dict[str, Behaviour]:
    """Services that answer with a picture's address, and with the picture where that is asked for."""

    def openai(server: OpenAIServer, asked: Asked) -> None:
        if not asked.raw:
            asked.reply(painted(), content_type="image/png")
        else:
            asked.reply_json({"data": [{"url": url(server)}]})

    def runware_images(server: OpenAIServer, asked: Asked) -> None:
        if not asked.raw:
            asked.reply(painted(), content_type="image/png")
        else:
            done = {"taskUUID": runware_task(asked)["taskUUID"], "imageURL": url(server), "cost": 0.002}
            asked.reply(json.dumps({"data": [done]}).encode())

    return {"openai": openai, "runware": runware_images}
