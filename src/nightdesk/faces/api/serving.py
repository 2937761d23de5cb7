"""How the application is served: the limits of the connections it is reached by."""

from typing import Any

import uvicorn

from nightdesk.faces.api.stream import LARGEST_FRAME

GOODBYE = 3
"""Seconds that open streams get when the server stops."""


def server_config(app: Any, host: str, port: int, **more: Any) -> uvicorn.Config:
    """The server's configuration; what `more` gives goes before ours."""
    ours: dict[str, Any] = {
        "ws_max_size": LARGEST_FRAME,
        "ws_max_queue": 8,
        "ws_ping_interval": 20.0,
        # The state of a compressor costs more memory a client than its messages are worth.
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": GOODBYE,
        "timeout_keep_alive": 20,
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }
    return uvicorn.Config(app, host=host, port=port, **(ours | more))
