"""Sites with something to work on, a slow model, and a web server in a process of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from pydantic import SecretStr

from browser.browser_house import PATIENCE, Desk
from nightdesk.bootstrap import open_house
from nightdesk.desk.rows import Site
from nightdesk.engine.worker import Rhythm
from servers.openai_server import OpenAIServer

FEW = """Keyword,Volume
how to start a compost pile,900
start a compost pile at home,700
starting a compost pile,600
how to start compost pile,500
start compost pile in the garden,300
"""
PILE = """# Starting a compost pile

A compost pile needs browns, greens, air and water. Mix about three parts of browns with one part of greens.
Keep the pile as moist as a wrung-out sponge. Turn the pile every one to two weeks so that air gets in.
A pile of 1 cubic metre heats to 60 degrees within a week. In 2023 a test of 12 piles found that turned piles
were ready after 90 days, and piles that nobody turned after 240 days.
"""


async def fed(desk: Desk, keywords: str = FEW, name: str = "Heap & Soil", **config: Any) -> Site:
    """A site with keywords and a document to cite."""
    house = desk.house
    facts = {"subject": "Home composting", "timezone": "Europe/Berlin"}
    site = await house.desk.sites.create(desk.workspace, name, **facts)
    await house.desk.planner.keywords.import_file(desk.workspace, site.id, "k.csv", keywords.encode())
    await house.desk.sources.add_file(desk.workspace, site.id, "pile.md", PILE.encode())
    if config:
        await house.desk.automation.change(desk.workspace, site.id, "article", config)
    return site


@asynccontextmanager
async def slowly_working(desk: Desk, seconds: float) -> AsyncIterator[None]:
    """A worker whose model takes so long over each answer."""
    async with OpenAIServer(delay=seconds) as model:
        settings = desk.house.settings.model_copy(
            update={"text": "openai:slow", "text_base_url": model.base_url, "text_api_key": SecretStr("any")}
        )
        async with open_house(settings) as house:
            worker = house.worker(rhythm=Rhythm(beat=0.5))
            task = asyncio.create_task(worker.run())
            try:
                yield
            finally:
                worker.stop()
                await asyncio.wait_for(task, PATIENCE)


async def until(found: Callable[[], Awaitable[bool]], seconds: float = 2 * PATIENCE) -> None:
    """Asks again and again; fails the test when the time is over."""
    async with asyncio.timeout(seconds):
        while not await found():
            await asyncio.sleep(0.1)


class WebProcess:
    """`nightdesk web` over the desk's database, on a port that it keeps; it can be killed and begin again."""

    def __init__(self, desk: Desk) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        settings = desk.house.settings
        assert settings.database_url is not None
        assert settings.secret_key is not None
        self._environment = os.environ | {
            "NIGHTDESK_DATABASE_URL": settings.database_url.get_secret_value(),
            "NIGHTDESK_DATA_DIR": str(settings.data_dir),
            "NIGHTDESK_SECRET_KEY": settings.secret_key.get_secret_value(),
            "NIGHTDESK_DISK_RESERVE_MB": "0",
        }

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nightdesk", "web", "--port", str(self._port)),
            env=self._environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with httpx2.AsyncClient() as client:

            async def answers() -> bool:
                try:
                    return (await client.get(f"{self.address}/health")).status_code == 200
                except httpx2.TransportError:
                    return False

            await until(answers)

    async def kill(self) -> None:
        """SIGKILL: it says goodbye to nobody."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


@asynccontextmanager
async def web_process(desk: Desk) -> AsyncIterator[WebProcess]:
    """It runs while the block does, and is gone after it."""
    web = WebProcess(desk)
    try:
        await web.start()
        yield web
    finally:
        await web.kill()
