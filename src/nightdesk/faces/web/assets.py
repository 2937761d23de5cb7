"""Serves our own styles and scripts from addresses that change with their content, compressed ahead."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

ROOT = files("nightdesk.faces.web") / "static"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
SERVED = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: as it is, and compressed."""

    kind: str
    plain: bytes
    packed: bytes


class Assets:
    """All files of `static`, under one address that changes whenever one of them does.

    One hash for all lets the scripts import each other by relative addresses.
    """

    def __init__(self, found: dict[str, Asset]) -> None:
        digest = hashlib.sha256()
        for name, asset in sorted(found.items()):
            digest.update(name.encode() + b"\0" + asset.plain)
        self.prefix = f"/static/{digest.hexdigest()[:12]}"
        self.found = found

    def address(self, name: str) -> str:
        """Where a browser gets the file. Raises `KeyError` where there is none of that name."""
        self.found[name]
        return f"{self.prefix}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application; 404 for an address of another version too, so that no cache mixes them."""
        asset = self.found.get(scope["path"].removeprefix(self.prefix + "/"))
        if asset is None or scope["method"] not in ("GET", "HEAD"):
            await Response("There is no such file.", 404, media_type="text/plain")(scope, receive, send)
            return
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        headers = FOREVER | ({"Content-Encoding": "gzip"} if packed else {})
        body = asset.packed if packed else asset.plain
        await Response(body, headers=headers, media_type=asset.kind)(scope, receive, send)


@cache
def load() -> Assets:
    """Reads and compresses every file once in a process; none of them changes while it lives."""
    return Assets(dict(_walk(ROOT, "")))


def _walk(folder: Traversable, above: str) -> list[tuple[str, Asset]]:
    found: list[tuple[str, Asset]] = []
    for entry in folder.iterdir():
        name = above + entry.name
        if entry.is_dir():
            found.extend(_walk(entry, name + "/"))
        elif kind := SERVED.get("." + entry.name.rpartition(".")[2]):
            plain = entry.read_bytes()
            found.append((name, Asset(kind, plain, gzip.compress(plain, 9, mtime=0))))
    return found
