"""Log lines hold what our own code says, and nothing of what libraries write of requests and answers."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from nightdesk.faces.cli.log_lines import TALKATIVE, write_log_lines


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root, names = logging.getLogger(), ("nightdesk", *TALKATIVE)
    before = list(root.handlers), root.level, {name: logging.getLogger(name).level for name in names}
    write_log_lines("json")
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
