"""The messages of Microsoft Edge's read-aloud service: what it is sent, and what its answers hold.

A message is lines of `Name:value`, an empty line and a body; a binary one has the length of its lines ahead
of them in two bytes. Form and fields after the package edge-tts (7.3), which follows the browser.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr, unescape

from nightdesk.providers.speech.timing import Span

TICKS = 10_000_000
"""Of the service's clock in a second."""

_FORMAT = "audio-24khz-48kbitrate-mono-mp3"
_NEAR = 200
"""Characters ahead in which a word is looked for that the service says it read."""


class NotUnderstood(ValueError):
    """A message is not of the form that the service's are."""


@dataclass
class Heard:
    """What came of one text so far: an MP3 file, and each word as the service names it with its span."""

    mp3: bytearray = field(default_factory=bytearray)
    words: list[tuple[str, Span]] = field(default_factory=list)
    ended: bool = False

    def take(self, message: str | bytes) -> None:
        """Adds what the message tells. Raises `NotUnderstood`."""
        lines, body = _parted(message)
        path = lines.get("path", "")
        if path == "audio" and isinstance(message, bytes):
            self.mp3 += body
        elif path == "audio.metadata":
            self.words += _words(body)
        elif path == "turn.end":
            self.ended = True
        elif path not in ("turn.start", "response"):
            raise NotUnderstood(f"a message called {path[:40]!r}")


def settings(at: str) -> str:
    """Asks for MP3 and for the time of every word; `at` is the time, as RFC 3339 has it."""
    boundaries = {"sentenceBoundaryEnabled": "false", "wordBoundaryEnabled": "true"}
    audio = {"metadataoptions": boundaries, "outputFormat": _FORMAT}
    body = json.dumps({"context": {"synthesis": {"audio": audio}}})
    return _message(at, "speech.config", "application/json; charset=utf-8", body)


def request(number: str, at: str, text: str, voice: str, language: str, pace: float) -> str:
    """Asks for a text in SSML; `pace` is told as a difference in percent."""
    said = escape("".join(char if char >= " " else " " for char in text))
    ssml = (
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
        f"xml:lang={quoteattr(language)}><voice name={quoteattr(voice)}>"
        f'<prosody rate="{round((pace - 1) * 100):+d}%">{said}</prosody></voice></speak>'
    )
    return f"X-RequestId:{number}\r\n" + _message(at, "ssml", "application/ssml+xml", ssml)


def spans_of(words: Sequence[str], heard: Sequence[tuple[str, Span]]) -> list[Span | None]:
    """The span of each word that is written, from those that the service read.

    It reads parts of a word (`well`, `known`) and several words in one; what it names otherwise than it is
    written is passed over.
    """
    text = " ".join(words).lower()
    owner = [number for number, word in enumerate(words) for _ in range(len(word) + 1)]
    spans: list[Span | None] = [None] * len(words)
    at = 0
    for said, (start, end) in heard:
        found = text.find(said.lower(), at, at + len(said) + _NEAR) if said else -1
        if found < 0 or found >= len(owner):
            continue
        at = found + len(said)
        known = spans[owner[found]]
        spans[owner[found]] = (known[0] if known else start, end)
    return spans


def _message(at: str, path: str, kind: str, body: str) -> str:
    return f"X-Timestamp:{at}\r\nContent-Type:{kind}\r\nPath:{path}\r\n\r\n{body}"


def _parted(message: str | bytes) -> tuple[dict[str, str], bytes]:
    if isinstance(message, bytes):
        length = int.from_bytes(message[:2], "big")
        if length + 2 > len(message):
            raise NotUnderstood("a message shorter than it says")
        head, body = message[2 : 2 + length], message[2 + length :]
    else:
        head, _, body = message.encode().partition(b"\r\n\r\n")
    lines = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            lines[name.strip().lower()] = value.strip()
    return lines, body


def _words(body: bytes) -> list[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    try:
        for one in json.loads(body)["Metadata"]:
            if one["Type"] == "WordBoundary":
                start, long = float(one["Data"]["Offset"]) / TICKS, float(one["Data"]["Duration"]) / TICKS
                found.append((unescape(str(one["Data"]["text"]["Text"])), (start, start + long)))
    except (KeyError, TypeError, ValueError):
        raise NotUnderstood("times of words that are none") from None
    return found
