"""Log lines hold what our own code says, and nothing of what libraries write of requests and answers."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from nightdesk.faces.cli.log_lines import TALKATIVE, write_log_lines


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What is written from now on, as JSON unless the test asks for another form."""
    root, names = logging.getLogger(), ("nightdesk", *TALKATIVE)
    before = list(root.handlers), root.level, {name: logging.getLogger(name).level for name in names}
    write_log_lines(getattr(request, "param", "json"))
    heard = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(heard)
    yield heard
    root.handlers, root.level = before[0], before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def test_what_a_library_writes_of_an_answer_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("httpx2").info("HTTP Request: GET https://a.test/?access_token=hidden")
    logging.getLogger("mcp.client.streamable_http").exception("Error parsing hidden")
    logging.getLogger("mcp.shared.jsonrpc_dispatcher").error("hidden")
    logging.getLogger("nightdesk.proof").info("it is written", extra={"action": "proof"})
    logging.getLogger("elsewhere").warning("this too")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["it is written", "this too"]
    assert lines[0]["action"] == "proof"


@pytest.mark.parametrize(("written", "lines"), [("text", 4), ("json", 3)], indirect=["written"])
def test_what_others_say_begins_no_line_and_moves_nothing_of_the_terminal(
    written: io.StringIO, lines: int
) -> None:
    evil = "\x1b]0;x\x07\x9b31m\u202e"
    log = logging.getLogger("nightdesk.proof")
    log.warning("refused", extra={"path": f"/{evil}\n2026-11-21"})
    log.warning(f"said\n{evil}")
    log.warning("broken", exc_info=ValueError(evil))
    told = written.getvalue()
    assert [one for one in evil if not one.isprintable() and one in told] == []
    assert len(told.splitlines()) == lines
    assert "31m" in told
