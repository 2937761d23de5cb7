"""Feeds and topics from the command line: a list imported, scraped, and the best topic taken."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cli_command import Command, well

FEED = """<rss version="2.0"><channel><title>Soil news</title>
<item><title>Worms dig deeper in a dry spring</title><link>https://soil.example/1</link></item>
<item><title>Compost heats a whole greenhouse</title><link>https://soil.example/2</link></item>
</channel></rss>"""


class Answers(BaseHTTPRequestHandler):
    """One feed, and nothing else."""

    def do_GET(self) -> None:
        known = self.path == "/soil"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(FEED.encode() if known else b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_a_list_is_imported_scraped_and_its_best_topic_taken_once(nightdesk: Command, address: str) -> None:
    command = replace(nightdesk, more={**nightdesk.more, "NIGHTDESK_ALLOW_ADDRESSES": address})
    well(command("sites", "create", "Soil Weekly"))
    outlines = "".join(f'<outline type="rss" xmlUrl="http://{address}/{one}"/>' for one in ("soil", "gone"))
    (command.cwd / "mine.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    preview = command.json("feeds", "import", "mine.opml", "--site", "soil-weekly", "--preview")
    assert (len(preview["new"]), preview["kept"]) == (2, False)
    assert command.json("feeds", "list", "--site", "soil-weekly") == []

    assert "2 added" in well(command("feeds", "import", "mine.opml", "--site", "soil-weekly"))
    scraped = command.json("feeds", "scrape", "--site", "soil-weekly", "--force")
    assert (scraped["feeds"], scraped["fetched"], scraped["new_topics"]) == (2, 2, 2)
    assert [one["feed"].endswith("/gone") for one in scraped["errors"]] == [True]
    health = {
        one["url"][-4:]: one["health"] for one in command.json("feeds", "list", "--site", "soil-weekly")
    }
    assert health == {"soil": "fine", "gone": "failing"}

    first = command.json("topics", "list", "--site", "soil-weekly")
    assert len(first) == 2
    picked = command.json("topics", "pick", "--site", "soil-weekly")
    assert (picked["id"], picked["status"]) == (first[0]["id"], "used")
    assert "is new again" in well(command("topics", "give-back", picked["id"]))
    typed = command.json("topics", "add", "Moss on a roof", "moss on a roof", "--site", "soil-weekly")
    assert typed == {"given": 2, "new": 1}


def test_an_address_that_is_not_public_is_refused(nightdesk: Command, address: str) -> None:
    well(nightdesk("sites", "create", "Closed Garden"))
    refused = nightdesk("feeds", "add", f"http://{address}/soil", "--site", "closed-garden")
    assert refused.returncode == 2
    assert "Nothing was added." in refused.stderr
