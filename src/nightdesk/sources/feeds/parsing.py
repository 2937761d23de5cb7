"""The standing child that reads feeds: a line of JSON and a text in, a feed as JSON out.

Run by path in a process of its own with limits, because a feed can be made to take any time and memory.
"""

import json
import sys
from typing import Any

from nightdesk.kit.answering import answer_all
from nightdesk.sources.feeds.contract import FeedRead, FeedRefused
from nightdesk.sources.feeds.json_feeds import read_json
from nightdesk.sources.feeds.judging import judge
from nightdesk.sources.feeds.xml_feeds import read_xml

CPU_SECONDS = 10
RESIDENT = 256 << 20


def read_text(text: str, url: str) -> FeedRead:
    """The feed in a text. Raises FeedRefused."""
    return read_json(text, url) if judge(text) == "json" else read_xml(text, url)


def answer(question: bytes) -> bytes:
    """The answer to one question: `{"feed": …}`, or `{"refused": code, "why": …}`."""
    head, _, body = question.partition(b"\n")
    told: dict[str, Any]
    try:
        feed = read_text(body.decode("utf-8", "replace"), json.loads(head)["url"])
        told = {"feed": {**vars(feed), "entries": [vars(entry) for entry in feed.entries]}}
    except FeedRefused as refused:
        told = {"refused": refused.code, "why": refused.why.removesuffix(f" ({refused.code})")}
    return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace")


if __name__ == "__main__":
    # The quick parser asks it, where it is installed, for dates in plain words, which takes seconds.
    sys.modules["dateparser"] = None  # type: ignore[assignment]
    answer_all(answer, cpu_seconds=CPU_SECONDS, resident=RESIDENT)
