"""Turns captions into running text: without times and marks, and without lines that roll up twice."""

import html
import json
import re
from collections.abc import Iterable

from nightdesk.kit.text import clean

_TIMES = re.compile(r"\d{1,2}:\d\d(?::\d\d)?[.,]\d{1,3}\s+-->")
_TAG = re.compile(r"<[^<>]{0,200}>")
_HEAD = re.compile(r"^(WEBVTT|NOTE|STYLE|REGION|Kind:|Language:|X-TIMESTAMP)", re.I)
SENTENCES_A_PARAGRAPH = 6


def text_of(captions: str, form: str) -> str:
    """The text of captions in the form `vtt` (W3C WebVTT), `srt` or `json3`; empty where nothing is said."""
    lines = _of_json(captions) if form == "json3" else _of_cues(captions)
    said: list[str] = []
    for line in lines:
        plain = " ".join(clean(html.unescape(_TAG.sub("", line))).split())
        # Captions that a machine heard show each line again while the next one is spoken.
        if plain and plain not in said[-2:]:
            said.append(plain)
    return _paragraphs(" ".join(said))


def _of_cues(captions: str) -> Iterable[str]:
    for block in re.split(r"\n[ \t]*\n", captions.replace("\r", "").lstrip("\ufeff")):
        lines = block.strip().split("\n")
        times = next((at for at, line in enumerate(lines) if _TIMES.match(line.strip())), None)
        if times is not None and not _HEAD.match(lines[0]):
            yield from lines[times + 1 :]


def _of_json(captions: str) -> Iterable[str]:
    try:
        events = json.loads(captions).get("events", [])
        for event in events:
            yield "".join(str(part.get("utf8", "")) for part in event.get("segs", []))
    except (ValueError, AttributeError, TypeError):
        return


def _paragraphs(text: str) -> str:
    parts = re.split(r"(?<=[.!?…])\s+", text)
    runs = (parts[at : at + SENTENCES_A_PARAGRAPH] for at in range(0, len(parts), SENTENCES_A_PARAGRAPH))
    return "\n\n".join(" ".join(run) for run in runs).strip()
