"""The ways in which a model's server fails, each as a behaviour of the loopback server or a bad address."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from servers.openai_answers import answer_to, data_of
from servers.openai_server import Asked, Behaviour, OpenAIServer, embeddings, on_the_wire

PAGE = b"<!doctype html><title>Maintenance</title><p>Back soon.</p>"
SKEW = timedelta(hours=3)
"""How far the clock of the server in `clock_skewed_expiry` is ahead of ours."""


def status(code: int, message: str, error_code: str | None = None, **headers: str) -> Behaviour:
    """An error as OpenAI words it."""

    def behave(_: OpenAIServer, asked: Asked) -> None:
        error = {"message": message, "type": "error", "code": error_code}
        asked.reply_json({"error": error}, code, **headers)

    return behave


def says(content: str, cut: bool = False) -> Behaviour:
    """A sound completion that says `content`."""

    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json(on_the_wire(asked, content, cut))

    return behave


def clock_skewed_expiry(_: OpenAIServer, asked: Asked) -> None:
    """Asks to wait until 30 s from now, by a clock that is three hours ahead."""
    theirs = datetime.now(UTC) + SKEW
    until = format_datetime(theirs + timedelta(seconds=30), usegmt=True)
    error = {"message": "slow down", "code": "rate_limit_exceeded"}
    asked.reply_json({"error": error}, 429, date=format_datetime(theirs, usegmt=True), retry_after=until)


def reset(_: OpenAIServer, asked: Asked) -> None:
    abort(asked.transport)


def abort(transport: asyncio.Transport) -> None:
    """Ends the connection with a reset."""
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def slow_loris(_: OpenAIServer, asked: Asked) -> None:
    """One byte every 20 ms, so that no single wait is long."""
    loop = asyncio.get_running_loop()

    def drip(rest: bytes) -> None:
        if not asked.transport.is_closing():
            asked.transport.write(rest[:1])
            loop.call_later(0.02, drip, rest[1:] or b" ")

    drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")


def truncated_json(_: OpenAIServer, asked: Asked) -> None:
    """Half of the answer: of what the model said, or of the vectors."""
    body = asked.body
    if asked.path.endswith("/embeddings"):
        whole = json.dumps(embeddings(body, 64)).encode()
        asked.reply(whole[: len(whole) // 2])
    else:
        whole_answer = json.dumps(answer_to(data_of(body)))
        asked.reply_json(on_the_wire(asked, whole_answer[: len(whole_answer) // 2]))


def empty(_: OpenAIServer, asked: Asked) -> None:
    """No word, or no vector."""
    if asked.path.endswith("/embeddings"):
        asked.reply_json({"object": "list", "data": []})
    else:
        asked.reply_json(on_the_wire(asked, ""))


def wrong_schema(_: OpenAIServer, asked: Asked) -> None:
    if asked.path.endswith("/embeddings"):
        asked.reply_json({"data": [{"index": 0, "vector": [1.0]}]})
    else:
        asked.reply_json(on_the_wire(asked, '{"weather": "sunny"}'))


def cut_short(_: OpenAIServer, asked: Asked) -> None:
    """Out of room: half an answer and `finish_reason=length`, or a vector less than asked for."""
    body = asked.body
    if asked.path.endswith("/embeddings"):
        asked.reply_json(embeddings({**body, "input": body["input"][:-1]}, 64))
    else:
        whole = json.dumps(answer_to(data_of(body)))
        asked.reply_json(on_the_wire(asked, whole[: len(whole) // 2], cut=True))


def html(_: OpenAIServer, asked: Asked) -> None:
    asked.reply(PAGE, content_type="text/html")


def ten_megabytes(_: OpenAIServer, asked: Asked) -> None:
    asked.reply(b'{"id": "' + b"a" * 10_000_000 + b'"}')


FAULTS: dict[str, Behaviour | None] = {
    "429 with Retry-After": status(429, "slow down", "rate_limit_exceeded", retry_after="7"),
    "429 without Retry-After": status(429, "slow down", "rate_limit_exceeded"),
    "500": status(500, "oh no"),
    "503": status(503, "overloaded"),
    "connection refused": None,
    "DNS fails": None,
    "TLS fails": None,
    "reset before the request is sent": None,
    "reset after the request is sent": reset,
    "slow loris": slow_loris,
    "truncated JSON": truncated_json,
    "empty": empty,
    "wrong schema": wrong_schema,
    "finish_reason=length": cut_short,
    "200 with HTML": html,
    "10 MB body": ten_megabytes,
    "clock-skewed expiry": clock_skewed_expiry,
}


@asynccontextmanager
async def faulty(name: str, folder: Path) -> AsyncIterator[tuple[OpenAIServer, str]]:
    """A server that always fails in the way called `name`, and the address to reach it at."""
    server = OpenAIServer(behaviour=FAULTS[name])
    if name == "TLS fails":
        server.tls = self_signed(folder)
    if name == "reset before the request is sent":
        server.on_connect = abort
    async with server:
        yield server, ADDRESSES.get(name, lambda known: known.base_url)(server)


def _closed_port(_: OpenAIServer) -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


ADDRESSES: dict[str, Callable[[OpenAIServer], str]] = {
    "connection refused": _closed_port,
    "DNS fails": lambda _: "http://no-such-host.invalid/v1",
}


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody has reason to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "self-signed.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
