"""Files and pages become documents, or are refused in a sentence that says what to do."""

import asyncio
import codecs
import gzip
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.http.fetch import Fetched, Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.documents import Document, DocumentRefused, read_file, read_page
from nightdesk.sources.documents.pages import LIMITS, article_of

PROSE = (
    "A compost heap turns kitchen scraps into soil within about six months. It wants air, water and a mix "
    "of green and brown material, and it smells only when one of these is missing. "
)


def fetched(body: bytes, content_type: str = "text/html", url: str = "https://news.example/a/b") -> Fetched:
    return Fetched(url, url, 200, {"content-type": content_type}, body, datetime(2026, 1, 1, tzinfo=UTC))


async def refused(name: str, content: bytes) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        await read_file(name, content)
    assert name[:20] in caught.value.why
    assert caught.value.why.isprintable()
    return caught.value


async def test_a_text_file_is_read_with_its_lines_joined() -> None:
    text = "How heaps work\n\nThis line is wrapped\nhere. 3.5 million.\n\n- one\n- two\n  and more\n"
    document = await read_file("notes.txt", text.encode())
    assert document.title == "How heaps work"
    assert (
        document.text == "How heaps work\n\nThis line is wrapped here. 3.5 million.\n\n- one\n- two and more"
    )
    assert (document.url, document.author, document.published, document.language) == (None, None, None, "en")


async def test_long_lines_are_paragraphs_of_their_own() -> None:
    document = await read_file("notes.txt", f"{PROSE.strip()}\n{PROSE.strip()}\n".encode())
    assert document.text == f"{PROSE.strip()}\n\n{PROSE.strip()}"


MARKDOWN = """---
title: "How heaps work"
url: https://example.org/heaps?x=1
author: Heap Society
published: 2024-03-02T10:00:00Z
nonsense
---

# How heaps work

Some *text* with **bold *and* more**, ~~old~~, __too__,
`code`, a [link](https://x.example/z "t") and ![pic](x.png)snake_case_name[^1],
3 * 4 * 5.

Second part
-----------
- one
  continued
2) second

> quoted words
> go on

Before the table:
| A | B |
|---|:-:|
| 1 | **2** |

[^1]: a note
[ref]: http://x.example

```python
x = "*a*"
```
Escaped \\*star\\* &amp; <b>tag</b> <https://auto.example/>.
<!-- hidden --><script>alert(1)</script>
"""


async def test_markdown_loses_its_marks_and_keeps_its_order() -> None:
    document = await read_file("heaps.md", MARKDOWN.encode())
    assert document.text.split("\n\n") == [
        "Some text with bold and more, old, too, code, a link and snake_case_name, 3 * 4 * 5.",
        "## Second part",
        "- one continued\n2. second",
        "quoted words go on",
        "Before the table:\n| A | B |\n| 1 | 2 |",
        'x = "*a*"',
        "Escaped *star* & tag https://auto.example/.",
    ]


async def test_front_matter_says_where_a_text_comes_from() -> None:
    document = await read_file("heaps.md", MARKDOWN.encode())
    assert document.title == "How heaps work"
    assert document.url == "https://example.org/heaps?x=1"
    assert document.author == "Heap Society"
    assert document.published == date(2024, 3, 2)


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("---\nno end\n\n# Head\n\n", "Head"),
        ("---\n\n---\n\n# Head\n\n", "Head"),
        ("---\nurl: javascript:alert(1)\npublished: 2024-13-45\ndate: soon\n---\n# Head\n", "Head"),
        ("# Head\n", "Head"),
        ("## Lower\n\ntext\n\n# Head\n", "Head"),
        ("Head\n====\n", "Head"),
    ],
)
async def test_odd_tops_are_read_as_what_they_are(top: str, title: str) -> None:
    document = await read_file("x.md", (top + PROSE).encode())
    assert (document.title, document.url, document.published) == (title, None, None)
    assert PROSE.strip() in document.text


PAGE = f"""<!doctype html><html><head><title>Heaps explained | Heap News</title>
<meta name="author" content="Jo Doe"><meta property="article:published_time" content="2024-05-06T10:00:00Z">
<script>var secret = 1;</script></head><body><nav><a href="/">Home</a> <a href="/x">Subscribe now</a></nav>
<article><h1>Heaps explained</h1><p>{PROSE}<b>Grüße</b> &amp; more.</p><h2>Warmth</h2><p>{PROSE[::-1]}</p>
<ul><li>greens of many kinds</li><li>browns of many kinds</li></ul>
<table><tr><th>Stage</th><th>Days</th></tr><tr><td>hot</td><td>20</td></tr></table></article>
<footer>© all rights reserved</footer></body></html>"""


async def test_a_page_gives_its_article_and_not_its_menus() -> None:
    document = await read_page(fetched(PAGE.encode(), "text/html; charset=utf-8"))
    assert (document.title, document.author) == ("Heaps explained", "Jo Doe")
    assert (document.published, document.url) == (date(2024, 5, 6), "https://news.example/a/b")
    blocks = document.text.split("\n\n")
    assert blocks[0] == f"{PROSE}Grüße & more."
    assert "## Warmth" in blocks
    assert "- greens of many kinds\n- browns of many kinds" in blocks
    assert "| hot | 20 |" in document.text
    for absent in ("Subscribe", "secret", "rights reserved", "<", "**"):
        assert absent not in document.text


async def test_an_address_becomes_a_document() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n")
        writer.write(gzip.compress(PAGE.encode()))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fetcher = Fetcher(Guard(allow=[("127.0.0.1", port)]), SystemClock())
    document = await read_page(await fetcher.fetch(f"http://127.0.0.1:{port}/heaps"))
    server.close()
    assert (document.title, document.url) == ("Heaps explained", f"http://127.0.0.1:{port}/heaps")


async def test_the_same_text_has_the_same_hash_under_any_name() -> None:
    one, two = await read_file("a.txt", PROSE.encode()), await read_file("b.txt", PROSE.encode() + b"\n")
    assert one.content_hash == two.content_hash
    assert one.content_hash != Document("x", "other").content_hash
    assert len(one.content_hash) == 64


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"PK\x03\x04....", "a packed file"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"{\\rtf1 text}", "an RTF file"),
        (b"\x00\x00\x00\x18ftypmp42", "a recording"),
        (b"\x7fELF\x02\x01", "a program"),
        (bytes(range(256)) * 8, "a binary file"),
        (b"text\x00text\x00 and more of it", "a binary file"),
    ],
)
async def test_a_binary_file_is_refused_by_its_kind(content: bytes, kind: str) -> None:
    refusal = await refused("report.bin", content)
    assert refusal.code == "binary"
    assert kind in refusal.why
    assert "Save it as text" in refusal.why


@pytest.mark.parametrize(
    "content", [b"", b" \n\t ", codecs.BOM_UTF8, b"# Only a title\n", b"---\ntitle: x\n---\n"]
)
async def test_a_file_without_text_is_refused(content: bytes) -> None:
    assert (await refused("nothing.md", content)).code == "empty"


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read() -> None:
    refusal = await refused("long.txt", b"x" * 5_000_001)
    assert refusal.code == "too_large"
    assert "5 MB" in refusal.why


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.txt", "\u202egnp.txt", "n" * 3000, "con", ""])
async def test_a_hostile_name_is_only_a_name(name: str) -> None:
    assert (await read_file(name, PROSE.encode())).text == PROSE.strip()
    with pytest.raises(DocumentRefused) as caught:
        await read_file(name, b"")
    assert len(caught.value.why) < 150
    assert caught.value.why.isprintable()


@pytest.mark.parametrize(
    "feed", ["<?xml version='1.0'?>\n<rss version='2.0'>", "<feed xmlns='x'>", "<rdf:RDF>"]
)
async def test_a_feed_is_refused_as_one(feed: str) -> None:
    assert "feed" in (await refused("feed.xml", (feed + PROSE).encode())).why


@pytest.mark.parametrize(
    "content_type", ["application/json", "image/png", "video/mp4", "application/pdf", "x"]
)
async def test_a_page_of_another_type_is_refused(content_type: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        await read_page(fetched(PROSE.encode(), content_type))
    assert caught.value.code == "not_a_document"


@pytest.mark.parametrize(
    ("content_type", "url", "expected"),
    [
        ("text/plain", "https://x.example/readme.md", "Head"),
        ("text/markdown", "https://x.example/readme", "Head"),
        ("text/plain; charset=utf-8", "https://x.example/readme", "# Head"),
        ("", "https://x.example/", "# Head"),
    ],
)
async def test_a_page_of_text_is_read_by_its_type_or_name(content_type: str, url: str, expected: str) -> None:
    document = await read_page(fetched(f"# Head\n\nA *word*. {PROSE}".encode(), content_type, url))
    assert document.title == expected.lstrip("# ")
    assert ("A word." in document.text) == (expected == "Head")
    assert document.url == url


async def test_a_page_drawn_by_scripts_is_refused_with_advice() -> None:
    with pytest.raises(DocumentRefused) as caught:
        await read_page(fetched(b"<html><body><div id=app></div><script>go()</script></body></html>"))
    assert caught.value.code == "no_text"
    assert "Copy its text" in caught.value.why


async def test_html_is_recognised_without_a_name_or_a_type() -> None:
    document = await read_page(fetched(PAGE.encode(), "application/octet-stream"))
    assert document.title == "Heaps explained"


BOMBS = {
    "deep": b"<html><body>" + b"<div>" * 200_000 + PROSE.encode(),
    "attributes": b"<html><body><p "
    + b" ".join(b"a%d=1" % n for n in range(250_000))
    + b">"
    + PROSE.encode(),
    "unclosed": b"<html><body>" + b"<p><b><i>" * 150_000 + PROSE.encode(),
}


async def test_a_page_made_to_hang_is_left_when_its_processor_time_is_up() -> None:
    impatient = replace(LIMITS, cpu_seconds=1)
    with pytest.raises(DocumentRefused) as caught:
        await article_of(BOMBS["unclosed"].decode(), "bomb", None, impatient)
    assert caught.value.code == "too_complex"


async def test_a_page_made_to_fill_the_memory_is_left_too() -> None:
    with pytest.raises(DocumentRefused) as caught:
        await article_of(PAGE, "bomb", None, replace(LIMITS, memory=32 << 20))
    assert caught.value.code == "too_complex"
    assert "Traceback" not in caught.value.why


@pytest.mark.prove
@pytest.mark.timeout(60)
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
async def test_a_page_made_to_hang_ends_by_its_limits(bomb: bytes) -> None:
    started = time.monotonic()
    try:
        ended = (await read_page(fetched(bomb))).title
    except DocumentRefused as refusal:
        ended = refusal.code
    seconds = time.monotonic() - started
    print(f"\n{len(bomb):,} bytes: {ended!r} after {seconds:.1f} s")


def test_the_heavy_packages_are_not_imported_with_the_module() -> None:
    code = (
        "import json, sys, nightdesk.sources.documents;"
        "print(json.dumps([m for m in ('trafilatura', 'lxml', 'py3langid', 'numpy', 'charset_normalizer')"
        " if m in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(found.stdout) == []
