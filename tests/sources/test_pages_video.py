"""Video pages give what is said in them, and reach nothing but the public internet."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kit.scripted_web import Web
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.documents import DocumentRefused
from nightdesk.sources.pages import PageMeans, open_pages
from nightdesk.sources.pages import video as video_pages
from nightdesk.sources.pages.captions import text_of
from nightdesk.sources.pages.video import VideoPages, document_of

VTT = """WEBVTT
Kind: captions

STYLE
::cue { color: red }

1
00:00:00.000 --> 00:00:02.000 align:start
<v Ana>A heap of leaves <00:00:01.000><c>warms up</c>

00:00:02.000 --> 00:00:04.000
A heap of leaves warms up
when it is turned.

00:04.000 --> 00:06.000
A bin &amp; a lid keep the rain off it all winter long.
"""
SAID = "A heap of leaves warms up when it is turned. A bin & a lid keep the rain off it all winter long."


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    await served.start()
    yield served
    await served.stop()


def means(*allow: tuple[str, int]) -> PageMeans:
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    return PageMeans(Fetcher(Guard(allow=allow), clock), allow)


def page(track: str) -> bytes:
    return (
        "<!doctype html><html><head><title>Heaps in winter</title></head><body>"
        '<video poster="/poster.png" controls><source src="/heaps.mp4" type="video/mp4">'
        f'<track kind="captions" srclang="en" src="{track}"></video></body></html>'
    ).encode()


async def test_the_captions_of_a_video_become_a_document(web: Web) -> None:
    web.says("/watch.html", page("/heaps.vtt"), "Content-Type: text/html")
    web.says("/heaps.vtt", VTT.encode(), "Content-Type: text/vtt")
    reader = VideoPages(means(("127.0.0.1", web.port)), hosts={"127.0.0.1"})
    found = await reader.read(f"http://127.0.0.1:{web.port}/watch.html")
    assert (found.kind, found.text, found.language) == ("video", SAID, "en")
    assert found.title.startswith("Heaps in winter")
    asked = {head.split(" ")[1] for head in web.heads}
    assert "/heaps.vtt" in asked
    assert not asked & {"/heaps.mp4", "/poster.png"}


async def test_the_child_connects_to_no_address_inside(web: Web) -> None:
    """Allowed is the page's own port alone; its captions lie on another, as a hostile page would have it."""
    hits: list[bytes] = []

    async def canary(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(b"connected")
        writer.close()

    inside = await asyncio.start_server(canary, "127.0.0.1", 0)
    port = inside.sockets[0].getsockname()[1]
    for track in (f"http://127.0.0.1:{port}/x.vtt", f"http://localhost:{port}/x.vtt", "file:///etc/passwd"):
        web.says("/watch.html", page(track), "Content-Type: text/html")
        reader = VideoPages(means(("127.0.0.1", web.port)), hosts={"127.0.0.1"})
        with pytest.raises(Refused):
            await reader.read(f"http://127.0.0.1:{web.port}/watch.html")
    web.says("/watch.html", b"", f"Location: http://127.0.0.1:{port}/", status="302 Found")
    with pytest.raises(Refused, match="public internet"):
        await reader.read(f"http://127.0.0.1:{web.port}/watch.html")
    inside.close()
    assert hits == []


async def test_an_address_inside_is_refused_before_anything_starts() -> None:
    with pytest.raises(FetchRefused, match="blocked_address"):
        await VideoPages(means(), hosts={"127.0.0.1"}).read("http://127.0.0.1:8080/watch")


async def test_without_the_library_it_is_said_how_to_install_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import sys\nsys.modules['yt_dlp'] = None\n" + video_pages._CHILD.read_text())
    monkeypatch.setattr(video_pages, "_CHILD", child)
    with pytest.raises(NeedsPerson, match=r"nightdesk\[video\]"):
        await VideoPages(means(("127.0.0.1", web.port))).read(f"http://127.0.0.1:{web.port}/watch.html")


@pytest.mark.parametrize(
    ("url", "reads"),
    [
        ("https://www.youtube.com/watch?v=x", True),
        ("https://youtu.be/x", True),
        ("https://player.vimeo.com/video/1", True),
        ("https://notyoutube.com/watch?v=x", False),
        ("https://youtube.com.evil.example/watch", False),
        ("https://news.example/youtube.com", False),
    ],
)
def test_pages_of_known_video_sites_are_told_by_their_host(url: str, reads: bool) -> None:
    assert VideoPages(means()).reads(url) is reads


async def test_what_was_read_of_a_video_is_mapped_to_a_document() -> None:
    told = {
        "title": "Heaps\x00 in winter",
        "author": "Heaps",
        "day": "20260131",
        "image": "javascript:alert(1)",
        "captions": VTT,
        "form": "vtt",
    }
    found = await document_of(told, "https://video.example/1")
    assert (found.title, found.author, found.published) == (
        "Heaps in winter",
        "Heaps",
        date(2026, 1, 31),
    )
    assert (found.image, found.kind, found.text) == (None, "video", SAID)
    described = await document_of(
        {"description": SAID, "title": "x", "day": "20261399"}, "https://video.example/1"
    )
    assert (described.text, described.published) == (SAID, None)
    with pytest.raises(DocumentRefused, match="no captions"):
        await document_of({"title": "x", "captions": "WEBVTT", "form": "vtt"}, "https://video.example/1")


def test_captions_of_every_form_say_the_same() -> None:
    cues = ["1\r\n00:00:00,000 --> 00:00:02,000\r\nA heap.", "2\r\n00:00:02,000 --> 00:00:03,000\r\nA bin."]
    srt = "\r\n\r\n".join(cues)
    parts = '[{"segs": [{"utf8": "A "}, {"utf8": "heap."}]}, {}, {"segs": [{"utf8": "A bin."}]}]'
    heard = '{"events": ' + parts + "}"
    assert text_of(srt, "srt") == text_of(heard, "json3") == "A heap. A bin."
    for broken in (
        "",
        "[]",
        '{"events": 3}',
        '{"events": [{"segs": 3}]}',
        "x" * 10_000,
        "00:00:00.000 --> \n",
    ):
        assert text_of(broken, "json3") == text_of(broken, "vtt") == ""


async def test_a_reader_that_another_package_brings_reads_the_addresses_that_it_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "letters-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: letters\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[nightdesk.sources]\npages.letters = letters_reader:open_letters\n"
    )
    (tmp_path / "letters_reader.py").write_text(
        "from nightdesk.sources.documents import Document\n"
        "class Letters:\n"
        "    name = 'letters'\n"
        "    def reads(self, url): return url.startswith('https://letters.example/')\n"
        "    async def read(self, url): return Document('A letter', 'Dear all.', url)\n"
        "def open_letters(means): return Letters()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    found = await open_pages(means()).read("https://letters.example/1")
    assert (found.title, found.text) == ("A letter", "Dear all.")
