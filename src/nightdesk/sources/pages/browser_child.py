"""Runs in a child process: draws one page in a browser whose every request it hands to its parent.

Both sides send JSON, each after its length in four bytes. The parent begins with `url` and `browser`; the
child asks with `number` and `url` and is answered with `number`, `status` (0: no), `headers` and `body`. At
its end it says `html` and at which `url`, or `failed` (`missing`, `start` or `page`) and what it `says`. It
is run by its path, so that the desk is not loaded with it.
"""

import asyncio
import base64
import json
import os
import struct
import sys
from typing import Any

KINDS = frozenset(("document", "script", "stylesheet", "xhr", "fetch"))
LARGEST_PAGE = 4_000_000
"""Characters of the page as it is drawn."""

LOOK_EVERY = 0.25
STILL = 3
"""Looks in a row at which the text stayed as it was."""

MOST_LOOKS = 48
LENGTH = struct.Struct(">I")
SWITCHES = (
    # No name and no address leads anywhere, not even to the proxy that all would have to go by.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=256",
)
WITHOUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "WebSocket",
                    "EventSource", "SharedWorker", "Worker"]) { try { delete window[name] } catch {} }
window.open = () => null
"""


class Parent:
    """The other side, which alone may fetch."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.open = 0
        self.begun = False

    async def hear(self) -> dict[str, Any]:
        (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        told: dict[str, Any] = json.loads(await self._reader.readexactly(length))
        return told

    def tell(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        sys.stdout.buffer.write(LENGTH.pack(len(body)) + body)
        sys.stdout.buffer.flush()

    async def listen(self) -> None:
        """Hands answers to those who wait for them, until the parent is gone."""
        while True:
            told = await self.hear()
            waiting = self._waiting.pop(told["number"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(told)

    async def get(self, url: str) -> dict[str, Any]:
        number = len(self._waiting) + self.open + 1
        while number in self._waiting:
            number += 1
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        self.tell({"number": number, "url": url})
        self.open += 1
        try:
            answer: dict[str, Any] = await waiting
            return answer
        finally:
            self.open -= 1


def of_the_page(request: Any) -> bool:
    """Whether it is not a document of a frame in the page, or of a window beside it."""
    if request.resource_type != "document":
        return True
    from playwright.async_api import Error  # noqa: PLC0415 (an extra)

    try:
        return request.frame.parent_frame is None
    except Error:
        # A window that the page opens has no frame at its first request.
        return False


async def serve(route: Any, parent: Parent) -> None:
    """One request of the page: a GET for what makes its text, or nothing."""
    request = route.request
    if request.method != "GET" or request.resource_type not in KINDS or not of_the_page(request):
        await route.abort()
        return
    answer = await parent.get(request.url)
    if not answer["status"]:
        await route.abort()
        return
    body = base64.b64decode(answer["body"])
    await route.fulfill(status=answer["status"], headers=answer["headers"], body=body)


async def letters(page: Any) -> int:
    """How long the page's text is; -1 while its scripts lead on to another page."""
    from playwright.async_api import Error  # noqa: PLC0415 (an extra)

    try:
        return int(await page.evaluate("document.body ? document.body.innerText.length : 0"))
    except Error as error:
        if "navigation" not in error.message:
            raise
        return -1


async def draw(playwright: Any, asked: dict[str, Any], parent: Parent) -> dict[str, str]:
    """The page's HTML once its text stands still, and where the page is then."""
    browser = await playwright.chromium.launch(
        executable_path=asked["browser"], args=list(SWITCHES), chromium_sandbox=os.geteuid() != 0
    )
    parent.begun = True
    context = await browser.new_context(service_workers="block", accept_downloads=False)
    await context.add_init_script(WITHOUT)
    await context.route("**/*", lambda route: serve(route, parent))
    await context.route_web_socket("**/*", lambda socket: socket.close())
    page = await context.new_page()
    context.on("page", lambda other: asyncio.ensure_future(other.close()))
    await page.goto(asked["url"], wait_until="commit")
    length, still = -1, 0
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(LOOK_EVERY)
        now = await letters(page)
        still = still + 1 if now == length >= 0 and not parent.open else 0
        length = now
        if still == STILL:
            break
    return {"html": str(await page.content())[:LARGEST_PAGE], "url": page.url}


async def main() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    parent = Parent(reader)
    asked = await parent.hear()
    try:
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415 (an extra)
    except ImportError:
        parent.tell({"failed": "missing"})
        return
    listening = asyncio.create_task(parent.listen())
    try:
        async with async_playwright() as playwright:
            parent.tell(await draw(playwright, asked, parent))
    except Error as error:
        parent.tell({"failed": "page" if parent.begun else "start", "says": error.message.splitlines()[0]})
    finally:
        listening.cancel()


if __name__ == "__main__":
    asyncio.run(main())
