"""A web server on loopback that gives feeds, each on an address of its own, and takes in notices."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SHARED = "The old bridge over the river Elm opens again after two years of repairs"
FEEDS = {
    1: [SHARED, "A bakery in Kiln Lane wins the prize for the best rye bread of the county"],
    2: [SHARED, "Council votes for trams on the ring road from next spring"],
    3: ["Swifts nest in the tower of the town hall for the third summer running"],
}
"""The titles that each feed brings, by the last part of its address `127.0.0.N`."""


@dataclass
class SmallWeb:
    """`got`: the titles of the notices that came, and how often each did."""

    port: int
    got: Counter[str] = field(default_factory=Counter)

    def url(self, number: int) -> str:
        return f"http://127.0.0.{number}:{self.port}/feed.xml"

    @property
    def receiver(self) -> str:
        return f"json://127.0.0.1:{self.port}/hooks"

    @property
    def allowed(self) -> str:
        return ",".join(f"127.0.0.{number}:{self.port}" for number in FEEDS)


@contextmanager
def small_web() -> Iterator[SmallWeb]:
    """Serves while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = int(self.connection.getsockname()[0].rpartition(".")[2])
            if self.path != "/feed.xml" or number not in FEEDS:
                self._answer(404, b"")
            elif self.headers.get("If-None-Match") == '"one"':
                self._answer(304, b"")
            else:
                self._answer(200, _feed(number))

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            web.got[told["title"]] += 1
            self._answer(200, b"")

        def log_message(self, *_: Any) -> None:
            return

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("ETag", '"one"')
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.daemon_threads = True
    web = SmallWeb(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def _feed(number: int) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>http://paper{number}.example/{place}</link>"
        f"<guid>{number}-{place}</guid></item>"
        for place, title in enumerate(FEEDS[number])
    )
    return f'<rss version="2.0"><channel><title>Paper {number}</title>{items}</channel></rss>'.encode()
