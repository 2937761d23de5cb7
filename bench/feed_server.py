"""A server of many feeds, each of about 20 entries: what the scraping bench fetches from, in its own process.

`/N/feed.xml` is feed N, with an ETag and a date; anything else is not found. Every answer takes a while, as
it does on a network. Run by the bench, which reads the port from the first line.
"""

import argparse
import asyncio
import random
import sys
from email.utils import formatdate
from functools import cache

ENTRIES = 20
WRITTEN = 1_790_000_000
"""When the first feed was written, in seconds; nothing here depends on the day."""

SYLLABLES = [a + b for a in "bdfghklmnprstvwz" for b in "aeio"]


@cache
def _words() -> list[str]:
    source = random.Random(1)
    return ["".join(source.choices(SYLLABLES, k=source.randint(2, 4))) for _ in range(4000)]


def feed(number: int) -> bytes:
    """RSS with a summary and a text of three paragraphs for each story, 40 to 50 kB."""
    source = random.Random(number)

    def said(count: int) -> str:
        return " ".join(source.choices(_words(), k=count)).capitalize()

    own = f"http://f{number}.example"
    items = []
    for entry in range(ENTRIES):
        text = "".join(f'<p>{said(70)}, <a href="/more/{n}">{said(3)}</a>.</p>' for n in range(3))
        items.append(
            f"<item><title>{said(9)}</title><link>{own}/{entry}</link><guid>{own}/{entry}</guid>"
            f"<pubDate>{formatdate(WRITTEN - 3600 * entry)}</pubDate><category>{said(1)}</category>"
            f"<description>{said(40)}.</description>"
            f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Feed {number}</title><link>{own}/</link><description>{said(8)}</description>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


class Server:
    """Answers requests one after the other on each connection, each after `delay` seconds."""

    def __init__(self, feeds: int, delay: float) -> None:
        self._bodies = {f"/{number}/feed.xml": feed(number) for number in range(feeds)}
        self._delay = delay

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self._delay)
                writer.write(self._answer(head.decode("latin-1")))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, head: str) -> bytes:
        first, *lines = head.lower().split("\r\n")
        path = first.split(" ")[1]
        body = self._bodies.get(path)
        if body is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        tag = f'"of{path}"'
        known = f"ETag: {tag}\r\nLast-Modified: {formatdate(WRITTEN, usegmt=True)}\r\n"
        if f"if-none-match: {tag}" in lines:
            return f"HTTP/1.1 304 Not Modified\r\n{known}\r\n".encode()
        kind = f"Content-Type: application/rss+xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        return f"HTTP/1.1 200 OK\r\n{known}{kind}\r\n".encode() + body


async def run(feeds: int, delay: float) -> None:
    server = await asyncio.start_server(Server(feeds, delay).serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        # The bench holds our input open for as long as it wants us.
        await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--delay-ms", type=float, default=50)
    given = parser.parse_args()
    asyncio.run(run(given.feeds, given.delay_ms / 1000))


if __name__ == "__main__":
    main()
