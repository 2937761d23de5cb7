"""Compresses answers; not streams, whose bytes are not worth what a compressor holds for each page, and not
the files of videos, which are packed already and asked for by the byte."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

STREAMS = frozenset({"/live"})


class Packing:
    """Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = scope["type"] != "http" or scope["path"] in STREAMS or _of_video(scope["path"])
        await (self._app if plain else self._packed)(scope, receive, send)


def _of_video(path: str) -> bool:
    return path.startswith("/videos/") and "/files/" in path
