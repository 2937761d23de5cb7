"""A whole desk that holds a canary of every kind of secret, with the world around it on loopback."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from canaries.searching import Canaries
from pydantic import SecretStr
from sqlalchemy import make_url

from api.api_house import Tenant, served
from nightdesk.__main__ import join, make_web
from nightdesk.bootstrap import House, open_house
from nightdesk.desk import Desk
from nightdesk.rehearsal import tool_servers
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.tool_servers import FOLDER, NEEDS
from nightdesk.rehearsal.wordpress import FakeWordPress
from nightdesk.rehearsal.youtube import FakeYouTube
from nightdesk.settings import Settings
from notices.notice_receiver import Receiver
from servers.echo_server import Echo, echoing
from servers.openai_server import OpenAIServer
from servers.transit_server import Transit, transit
from webhooks.listening_program import Listener

PASSWORD = "lantern meadow quiet harbour canary"
HERE = "http://desk.test"


def canary(kind: str) -> str:
    """A value that stands nowhere else."""
    return f"{kind.replace(' ', '')}{secrets.token_hex(16)}"


@dataclass
class World:
    """What the desk speaks with."""

    echo: Echo
    model: OpenAIServer
    wordpress: FakeWordPress
    youtube: FakeYouTube
    tools: str
    studio: tool_servers.Studio
    notices: Receiver
    listener: Listener
    vault: Transit

    @property
    def ports(self) -> list[int]:
        at = [one.address for one in (self.wordpress, self.youtube)] + [self.tools, self.echo.address]
        named = [int(one.split(":")[2].split("/")[0]) for one in at]
        return [*named, self.notices.port, self.listener.port, self.model.port]


@dataclass
class Ground:
    """The desk, its owner at a browser and by a key, and the canaries."""

    house: House
    world: World
    canaries: Canaries
    tenant: Tenant
    web: Any
    browser: httpx2.AsyncClient
    address: str
    accounts: dict[str, int] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)

    async def api(self, method: str, path: str, *shows: str, where: str = "api answers", **more: Any) -> Any:
        """Asks the API with the owner's key; what it answers is searched."""
        return self._looked_at(await self.tenant.client.request(method, path, **more), where, shows)

    async def page(self, method: str, path: str, *shows: str, where: str = "pages", **more: Any) -> Any:
        """Asks a page as the owner who is signed in."""
        return self._looked_at(await self.browser.request(method, path, **more), where, shows)

    def _looked_at(self, answer: httpx2.Response, where: str, shows: tuple[str, ...]) -> httpx2.Response:
        self.answered.append(answer.status_code)
        if answer.status_code >= 400:
            where = "error answers"
        asked = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
        # A session's cookie is how its browser is given it, by that header and no other.
        headers = [(name, said) for name, said in answer.headers.items() if name != "set-cookie"]
        self.canaries.search(where, f"{headers}\n".encode() + answer.content, asked, shows=shows)
        return answer


@asynccontextmanager
async def _world(stack: AsyncExitStack, folder: Path) -> AsyncIterator[World]:
    wordpress, youtube = FakeWordPress(), FakeYouTube()
    fakes: tuple[FakePlatform, ...] = (wordpress, youtube)
    for fake in fakes:
        await stack.enter_async_context(serving(fake))
    studio = folder / "studio"
    studio.mkdir()
    tools = await stack.enter_async_context(served(tool_servers.app(studio)))
    notices, listener = await Receiver().start(), await Listener().start()
    model = await stack.enter_async_context(OpenAIServer())
    echo = await stack.enter_async_context(echoing())
    vault = stack.enter_context(transit())
    at = f"http://{tools}/mcp"
    try:
        yield World(
            echo, model, wordpress, youtube, at, tool_servers.Studio(studio), notices, listener, vault
        )
    finally:
        await notices.stop()
        await listener.stop()


def _settings(world: World, folder: Path, database: str, canaries: Canaries) -> Settings:
    """The operator's own secrets are canaries too."""
    kinds = ("operator's key", "trend server's token", "master key", "vault's token", "database's password")
    for kind in kinds:
        canaries.plant(kind, canary(kind))
    own = {kind: canaries.secrets[kind][0] for kind in canaries.secrets}
    program = {
        "name": "studio",
        "command": sys.executable,
        "args": ["-m", "nightdesk.rehearsal.tool_servers"],
        "needs": [NEEDS],
        "env": {FOLDER: str(folder / "studio"), "PYTHONPATH": os.pathsep.join(sys.path)},
    }
    trends = {"name": "trends", "url": f"{world.echo.address}/mcp", "token": own["trend server's token"]}
    trends |= {"tool": "search", "arguments": {"query": "{subject}"}, "title": "title"}
    # Its server asks for none, so that any will do.
    address = make_url(database).set(password=own["database's password"])
    world.vault.token = own["vault's token"]
    return Settings(
        database_url=SecretStr(address.render_as_string(hide_password=False)),
        data_dir=folder / "data",
        disk_reserve_mb=0,
        requests_a_minute=0,
        text="openai:gpt-test",
        text_base_url=world.model.base_url,
        text_api_key=SecretStr(own["operator's key"]),
        allow_addresses=",".join(f"127.0.0.1:{port}" for port in world.ports),
        tool_servers=[trends],
        tool_programs=[program],
        public_url=HERE,
        secret_key=SecretStr(own["master key"]),
        vault_url=world.vault.address,
        vault_token=SecretStr(own["vault's token"]),
        _env_file=None,
    )


@asynccontextmanager
async def desk_with_secrets(folder: Path, database: str) -> AsyncIterator[Ground]:
    """Opens the desk over the database, with an owner who came in by the first start's link."""
    canaries = Canaries()
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(_world(stack, folder))
        settings = _settings(world, folder, database, canaries)
        # From the first start on by the master key, and anew by the vault once there is one.
        async with open_house(settings.model_copy(update={"vault_url": None, "vault_token": None})):
            pass
        house = await stack.enter_async_context(open_house(settings))
        web = join(house.desk, "0.0.0")
        address = await stack.enter_async_context(_on_a_port(house.desk))
        link = str(await house.desk.entrance.pending_token())
        canaries.plant("link of the first start", link)
        canaries.plant("password", PASSWORD)
        transport = httpx2.ASGITransport(app=web, raise_app_exceptions=False)
        usual = {"transport": transport, "base_url": HERE, "timeout": 60.0}
        browser = httpx2.AsyncClient(**usual, headers={"Origin": HERE})
        await stack.enter_async_context(browser)
        came = await browser.post(
            "/start",
            data={"token": link, "email": "ada@desk.test", "name": "Ada", "password": PASSWORD}
            | {"workspace_name": "The Night Desk", "language": "en", "timezone": "UTC"},
        )
        assert came.status_code < 400, came.text[:500]
        canaries.plant("session", *(one.value for one in browser.cookies.jar))
        workspace = await house.desk.founding.first()
        site = await house.desk.sites.create(workspace, "Heaters")
        caller = await house.desk.sessions.caller_of(canaries.secrets["session"][0])
        made = await house.desk.people.create_key(workspace, "crawler", caller)
        canaries.plant("API key", made.token)
        client = httpx2.AsyncClient(**usual, headers={"Authorization": f"Bearer {made.token}"})
        await stack.enter_async_context(client)
        tenant = Tenant(workspace, site.id, made.token, client)
        yield Ground(house, world, canaries, tenant, web, browser, address)


@asynccontextmanager
async def _on_a_port(desk: Desk) -> AsyncIterator[str]:
    """The whole application as the command serves it, with its life, which opens the stream of events."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(make_web(desk, "0.0.0"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()
