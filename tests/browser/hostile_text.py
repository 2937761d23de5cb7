"""Browsers that tell whether text ran or loaded something."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Route

from nightdesk.faces.web.identity import COOKIE

RAN = "nightdesk-test: it ran"
LISTEN = f"window.alert = window.msgbox = () => console.log({RAN!r});"
PROVOKE = """() => {
  for (const one of document.querySelectorAll("*")) {
    const href = one.href?.baseVal ?? one.href ?? one.getAttribute("xlink:href") ?? "";
    if (/^(javascript|vbscript|data):/i.test(String(href).trim())) one.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    for (const { name } of one.attributes)
      if (name.startsWith("on")) one.dispatchEvent(new Event(name.slice(2)));
  }
}"""  # noqa: E501
"""What a reader might do: follow such a link, point, click, focus."""
SETTLED = """() => Promise.all([
  ...[...document.images].map((one) => one.decode().catch(() => {})),
  new Promise((done) => setTimeout(done, 15)),
]).then(() => {})"""


@dataclass
class Judged:
    """A page, and what its text did that text must not do."""

    page: Page
    here: str
    did: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if RAN in message.text:
            self.did.append("ran a script")

    async def on_request(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https") and address.netloc != self.here:
            self.did.append(f"asked {address.netloc}")
            await route.abort()
        else:
            await route.fallback()

    async def provoke(self) -> None:
        """Returns when all that the page loads by itself has come or failed, and a little later."""
        await self.page.wait_for_load_state()
        await self.page.evaluate(PROVOKE)
        await self.page.evaluate(SETTLED)


@asynccontextmanager
async def judged(
    browser: Browser, here: str = "desk.test", *, policy: bool = True, token: str = ""
) -> AsyncIterator[Judged]:
    """A page at the host `here`; without `policy` the browser takes no notice of our headers."""
    context = await browser.new_context(bypass_csp=not policy, base_url=f"http://{here}")
    if token:
        await context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://{here}"}])
    await context.add_init_script(LISTEN)
    page = await context.new_page()
    judge = Judged(page, here)
    page.on("console", judge.on_console)
    elsewhere = re.compile(rf"^https?://(?!{re.escape(here)}(/|$))")
    await context.route(elsewhere, judge.on_request)
    yield judge
    await context.close()
