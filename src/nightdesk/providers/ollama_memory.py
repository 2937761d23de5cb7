"""Has Ollama unload models that it keeps in memory, so that another can use the GPU of this machine."""

import asyncio
import logging
from collections.abc import Sequence

import httpx2

from nightdesk.kit.points import reach
from nightdesk.providers.choice import Choice
from nightdesk.providers.wire import checked_address, open_client

HOME = "http://127.0.0.1:11434/v1"
SECONDS = 10.0

_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
_log = logging.getLogger(__name__)


def models_here(choices: Sequence[Choice]) -> list[Choice]:
    """Those of the choices whose models an Ollama on this machine runs."""
    return [
        choice
        for choice in choices
        if choice.provider == "ollama"
        and choice.model
        and httpx2.URL(choice.base_url or HOME).host in _LOOPBACK
    ]


async def unload(choices: Sequence[Choice]) -> None:
    """Unloads the models of the choices; one that is not loaded stays so. Raises nothing.

    An empty request to generate with `keep_alive` 0 is Ollama's own way to do it
    (https://docs.ollama.com/faq, "How do I keep a model loaded in memory or make it unload immediately?"):
    the model's files stay.
    """
    async with open_client("text", SECONDS) as http:
        for choice in models_here(choices):
            address = checked_address(choice.base_url or HOME).removesuffix("/v1")
            reach("gpu.ollama.unload")
            try:
                async with asyncio.timeout(SECONDS):
                    body = {"model": choice.model, "keep_alive": 0}
                    await http.post(f"{address}/api/generate", json=body)
            except (TimeoutError, httpx2.HTTPError) as broken:
                _log.warning("gpu.ollama.not_unloaded", extra={"why": type(broken).__name__})
