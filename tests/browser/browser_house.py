"""A served house for browser tests, people signed in at it, and what is looked at in every page."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pydantic import SecretStr

from nightdesk.__main__ import join
from nightdesk.bootstrap import House, open_house
from nightdesk.engine.worker import Rhythm
from nightdesk.faces.api.serving import server_config
from nightdesk.faces.web.identity import COOKIE
from nightdesk.kit.clock import Clock
from nightdesk.settings import Settings

OWNER = {"name": "Ada Night", "email": "ada@desk.test", "password": "lantern meadow quiet harbour"}
"""The owner of every house of the tests."""

WIDE, NARROW = (1440, 900), (390, 844)
BOTH = ("light", "dark")
CONTRAST = ["color-contrast", "link-in-text-block"]
"""The rules to which a theme makes a difference; of all they take by far the longest."""
LONG = ["tbody tr:nth-child(n+9)", "li:nth-child(n+13)"]
"""Rows of long lists, whose colours the rows above them have already shown."""
PATIENCE = 30.0
"""Seconds that a page has to become what a test waits for: machines are slow, and run many tests at once."""
SLOWER = float(os.environ.get("NIGHTDESK_SLOW_BROWSER") or 1)
"""So many times slower each page computes: with 6, tests that do not wait for what they look at fail."""
LOOK = """async ([themes, contrast, long]) => {
  const root = document.documentElement;
  const was = root.dataset.theme;
  const all = { resultTypes: ["violations"], preload: false };
  const shapes = { ...all, rules: Object.fromEntries(contrast.map((id) => [id, { enabled: false }])) };
  const colours = { ...all, runOnly: { type: "rule", values: contrast } };
  const seen = (await axe.run(document, shapes)).violations;
  for (const theme of themes) {
    root.dataset.theme = theme;
    await new Promise((settled) => setTimeout(settled));
    for (const one of (await axe.run({ exclude: long }, colours)).violations) seen.push({ ...one, theme });
  }
  root.dataset.theme = was;
  return seen
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map((one) => `${one.theme ?? "any theme"}: ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`);
}"""

_axe = Axe()
expect.set_options(timeout=PATIENCE * 1000)


class Served:
    """The whole web application of a house on a port of this machine, which it keeps when started again."""

    def __init__(self, house: House) -> None:
        self._house, self._port = house, 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        web = join(self._house.desk, "0.0.0")
        config = server_config(web, "", 0, lifespan="on", log_level="error", timeout_graceful_shutdown=1)
        self._server, self._listening = uvicorn.Server(config), listening
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._task, PATIENCE)
        self._listening.close()


@dataclass
class Desk:
    """A house that is served, with its owner signed in."""

    house: House
    served: Served
    workspace: int
    token: str

    @property
    def address(self) -> str:
        return self.served.address

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """The server is stopped while the block runs, and back at the same address after it."""
        await self.served.stop()
        yield
        await self.served.start()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker over all queues, in this process, while the block runs."""
        worker = self.house.worker(rhythm=Rhythm(beat=0.5))
        task = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await asyncio.wait_for(task, PATIENCE)


def settings_for(database: str, folder: Path, allow: str = "") -> Settings:
    return Settings(
        database_url=SecretStr(database),
        data_dir=folder,
        disk_reserve_mb=0,
        allow_addresses=allow,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )


@asynccontextmanager
async def opened(
    database: str, folder: Path, *, begun: str | None = "", allow: str = "", clock: Clock | None = None
) -> AsyncIterator[Desk]:
    """A house over the database, served, with its owner signed in.

    `begun`: the token of the owner's session, where the database has it already; None has nobody begin.
    `allow`: each `host:port` that may be reached although it is not public. `clock`: the house's, if not the
    system's.
    """
    async with open_house(settings_for(database, folder, allow), clock=clock) as house:
        served = Served(house)
        await served.start()
        token = await begin(house) if begun == "" else begun or ""
        yield Desk(house, served, await house.desk.founding.first(), token)
        await served.stop()


async def begin(house: House) -> str:
    """The owner's first start, as the form would have it; the token of the session."""
    given = {"workspace_name": "The Night Desk", "language": "en", "timezone": "Europe/Berlin"}
    token = str(await house.desk.entrance.pending_token())
    return await house.desk.entrance.begin(token, **OWNER, **given, address="127.0.0.1", agent="a test")


@dataclass
class Watched:
    """What a page did that it must not do."""

    address: str
    faults: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.address):
            self.faults.append(f"another host: {request.url}")


_watched: dict[Page, Watched] = {}


async def open_page(
    browser: Browser,
    desk: Desk,
    *,
    size: tuple[int, int] = WIDE,
    theme: str = "light",
    signed_in: bool = True,
) -> Page:
    """A page in a browser of its own, watched for what no page may do."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        base_url=desk.address,
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        has_touch=size[0] < 600,
        reduced_motion="reduce",
    )
    if signed_in:
        await context.add_cookies([{"name": COOKIE, "value": desk.token, "url": desk.address}])
    page = await context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    if SLOWER > 1:
        wire = await context.new_cdp_session(page)
        await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    _watched[page] = watched = Watched(desk.address)
    page.on("console", watched.on_console)
    page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
    page.on("request", watched.on_request)
    return page


def quiet(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """Nothing in the console, no script that failed, nothing that the policy stopped, no other host asked.

    `but` are pieces of what may have been said, as by a test that stops the server.
    """
    faults = [one for one in _watched[page].faults if not any(piece in one for piece in but)]
    assert not faults, "\n".join(faults)


async def fits(page: Page) -> None:
    """The page is no wider than the window."""
    await page.wait_for_load_state()
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


async def accessible(page: Page, *, themes: tuple[str, ...] = ()) -> None:
    """axe-core has no serious and no critical finding, the colours of each theme looked at by themselves.

    Without `themes` a wide page is looked at in light and dark, and a narrow one, whose colours are those of
    the wide one, in dark.
    """
    narrow = page.viewport_size is not None and page.viewport_size["width"] < 600
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe.axe_script)
    grave = await page.evaluate(LOOK, [themes or (("dark",) if narrow else BOTH), CONTRAST, LONG])
    assert not grave, "\n".join([page.url, *grave])


async def picture(page: Page, name: str) -> None:
    """Keeps a picture of the page, light and dark, where NIGHTDESK_PICTURES names a folder for them."""
    folder = os.environ.get("NIGHTDESK_PICTURES")
    if not folder:
        return
    wide = page.viewport_size["width"] if page.viewport_size else 0
    was = await page.evaluate("document.documentElement.dataset.theme")
    for theme in ("light", "dark"):
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        # Hiding the caret would leave a style attribute at each field, which no later swap may copy.
        await page.screenshot(path=Path(folder) / f"{name}-{wide}-{theme}.png", caret="initial")
    await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", was)


async def calm(page: Page) -> None:
    """What holds for a page whose every kind of part was looked at before: quiet, and not too wide."""
    await fits(page)
    quiet(page)


async def fine(page: Page, *, themes: tuple[str, ...] = ()) -> None:
    """All that holds for every page: quiet, not too wide, accessible; `themes` as `accessible` has them."""
    await fits(page)
    await accessible(page, themes=themes)
    quiet(page)
