"""A key vault on this machine that answers as Transit does, and misbehaves when told to."""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.a-token-of-the-tests"
Answer = tuple[int, bytes]


def _said(status: int, **facts: Any) -> Answer:
    return status, json.dumps(facts).encode()


@dataclass
class Transit:
    """The engine: keys by name, each with its versions; what was `asked`; and how to `misbehave`."""

    keys: dict[str, list[bytes]] = field(default_factory=lambda: {"nightdesk": [os.urandom(32)]})
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    misbehave: Callable[[], Answer] | None = None
    echoes: int = 0
    """With this status it says back what it was sent, each time another part of it; 0 for not at all."""
    token: str = TOKEN
    address: str = ""

    def rotate(self, key: str = "nightdesk") -> None:
        self.keys[key].append(os.urandom(32))

    def answer(self, path: str, token: str, facts: dict[str, str]) -> Answer:
        self.asked.append((path, facts))
        if self.misbehave is not None:
            return self.misbehave()
        if self.echoes:
            plain = facts.get("plaintext", "")
            parts = [token, plain, base64.b64decode(plain).decode(), json.dumps(facts)]
            return _said(self.echoes, errors=[parts[len(self.asked) % len(parts)]])
        if token != self.token:
            return _said(403, errors=["permission denied"])
        what, _, name = path.removeprefix("/v1/transit/").partition("/")
        if path == f"/v1/transit/{what}/{name}" and what in ("encrypt", "decrypt"):
            if name not in self.keys:
                return _said(400, errors=["encryption key not found"])
            return self._sealed(name, facts) if what == "encrypt" else self._opened(name, facts)
        return _said(404, errors=[])

    def _sealed(self, name: str, facts: dict[str, str]) -> Answer:
        nonce, versions = os.urandom(12), self.keys[name]
        plain, where = (base64.b64decode(facts[part]) for part in ("plaintext", "associated_data"))
        body = base64.b64encode(nonce + AESGCM(versions[-1]).encrypt(nonce, plain, where)).decode()
        return _said(200, data={"ciphertext": f"vault:v{len(versions)}:{body}", "key_version": len(versions)})

    def _opened(self, name: str, facts: dict[str, str]) -> Answer:
        _, version, body = facts["ciphertext"].split(":")
        raw, where = base64.b64decode(body), base64.b64decode(facts["associated_data"])
        try:
            key = AESGCM(self.keys[name][int(version[1:]) - 1])
            plain = key.decrypt(raw[:12], raw[12:], where)
        except InvalidTag:
            return _said(400, errors=["cipher: message authentication failed"])
        return _said(200, data={"plaintext": base64.b64encode(plain).decode()})


def sealed() -> Answer:
    return _said(503, errors=["Vault is sealed"])


def overloaded() -> Answer:
    return _said(500, errors=["internal error"])


def slow() -> Answer:
    time.sleep(1.5)
    return _said(200, data={})


def garbage() -> Answer:
    return 200, b"<html>a captive portal</html>"


def empty() -> Answer:
    return _said(200, data={"ciphertext": 7, "plaintext": "not base 64!"})


def a_list() -> Answer:
    return 200, b"[1, 2, 3]"


def standby() -> Answer:
    return 307, b""


class _Handler(BaseHTTPRequestHandler):
    transit: Transit

    def do_POST(self) -> None:
        facts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, body = self.transit.answer(self.path, self.headers.get("X-Vault-Token", ""), facts)
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "http://127.0.0.1:9/v1/transit/encrypt/nightdesk")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def transit() -> Iterator[Transit]:
    """A vault with the key `nightdesk` while the block runs."""
    engine = Transit()
    handler = type("Handler", (_Handler,), {"transit": engine})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        engine.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield engine
        server.shutdown()
