"""The standing child that reads feeds: a line of JSON and a text in, a feed as JSON out.

Run by path in a process of its own with limits, because a feed can be made to take any time and memory.
"""

import json
import os
import sys
from dataclasses import replace
from typing import Any

from nightdesk.kit.answering import answer_all
from nightdesk.sources.feeds.contract import FeedEntry, FeedRead, FeedRefused
from nightdesk.sources.feeds.json_feeds import read_json
from nightdesk.sources.feeds.judging import judge
from nightdesk.sources.feeds.weighing import spelled, weighed
from nightdesk.sources.feeds.xml_feeds import read_xml

CPU_SECONDS = 10
RESIDENT = 256 << 20


def read_text(text: str, url: str) -> FeedRead:
    """The feed in a text. Raises FeedRefused."""
    return read_json(text, url) if judge(text) == "json" else read_xml(text, url)


def answer(question: bytes) -> bytes:
    """The answer to one question: `{"feed": …}`, or `{"refused": code, "why": …}`.

    Its line has the feed's `url`, and who tells it, the `outlet`, where its entries are to be weighed.
    """
    head, _, body = question.partition(b"\n")
    asked: dict[str, str] = json.loads(head)
    told: dict[str, Any]
    try:
        feed = read_text(body.decode("utf-8", "replace"), asked["url"])
        if "outlet" in asked:
            feed = replace(feed, entries=weighed(feed.entries, asked["outlet"]))
        told = {"feed": {**vars(feed), "entries": [_told(entry) for entry in feed.entries]}}
    except FeedRefused as refused:
        told = {"refused": refused.code, "why": refused.why.removesuffix(f" ({refused.code})")}
    return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _told(entry: FeedEntry) -> dict[str, Any]:
    return {**vars(entry), "story": spelled(entry.story) if entry.story else None}


if __name__ == "__main__":
    # The quick parser asks it, where it is installed, for dates in plain words, which takes seconds.
    sys.modules["dateparser"] = None  # type: ignore[assignment]
    # The library of arrays starts a thread for each core, each with memory of its own.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    answer_all(answer, cpu_seconds=CPU_SECONDS, resident=RESIDENT)
