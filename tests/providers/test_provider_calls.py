"""What all calls of providers have in common: judged addresses, and a marked point at each moment."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings import open_embeddings
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from servers.openai_questions import ideas
from servers.openai_server import OpenAIServer


async def call_both(base_url: str, guard: Guard) -> list[Any]:
    choice = Choice("openai", "m", base_url, SecretStr("sk-1"), timeout=5)
    ended: list[Any] = []
    for call in (
        open_text(choice, Limits(), guard=guard).ask(ideas(), ListMeter()),
        open_embeddings(choice, Limits(), guard=guard).embed(["a"], ListMeter()),
    ):
        try:
            ended.append(await call)
        except NeedsPerson as stopped:
            ended.append(stopped)
    return ended


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/v1", "http://localhost:{port}/v1"])
async def test_an_address_inside_is_not_even_connected_to(address: str) -> None:
    connected = []
    async with OpenAIServer(on_connect=connected.append) as server:
        ended = await call_both(address.format(port=server.port), Guard())
        inside = await call_both("http://169.254.169.254/latest", Guard())
    assert [type(one) for one in ended + inside] == [NeedsPerson] * 4
    assert all("was not asked" in one.why for one in ended + inside)
    assert not connected


async def test_a_server_that_the_operator_named_is_reached_through_the_guard() -> None:
    async with OpenAIServer() as server:
        answer, rows = await call_both(server.base_url, Guard(allow=[("127.0.0.1", server.port)]))
    assert answer.ideas
    assert rows.shape == (1, 64)


CALLS = """
import asyncio
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings import open_embeddings
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from servers.openai_questions import ideas
from servers.openai_server import OpenAIServer

async def main():
    async with OpenAIServer() as server:
        choice = Choice("openai", "m", server.base_url)
        await open_text(choice, Limits()).ask(ideas(), ListMeter())
        await open_embeddings(choice, Limits()).embed(["a"], ListMeter())

asyncio.run(main())
"""


def test_each_call_passes_its_three_points_in_order(tmp_path: Path) -> None:
    log = tmp_path / "points"
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "NIGHTDESK_POINTS_LOG": str(log)}
    subprocess.run([sys.executable, "-c", CALLS], env=here, check=True)
    reached = [line.split()[1] for line in log.read_text().splitlines()]
    assert reached == [
        f"{kind}.call.{moment}"
        for kind in ("text", "embeddings")
        for moment in ("connect", "sent", "received")
    ]
