"""Serves the web application on a socket that was bound before anything else began."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.stopping import Stopping


class Web(uvicorn.Server):
    """A server that leaves signals to the process, and says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `Failure` where the address cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, proto)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        raise Failure(
            f"Nothing can listen at {host}:{port}: {error.strerror}. "
            "Choose another address with --host and --port (0 takes any free port)."
        ) from error
    return bound


def address_of(bound: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = bound.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


async def serve(
    config: uvicorn.Config, bound: socket.socket, stopping: Stopping, ready: Callable[[], None]
) -> None:
    """Serves until told to stop; open streams get a few seconds then."""
    web = Web(config, ready)
    serving = asyncio.create_task(web.serve([bound]))
    asked = asyncio.create_task(stopping.asked.wait())
    try:
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
        web.should_exit = True
        await serving
    finally:
        asked.cancel()
        serving.cancel()
