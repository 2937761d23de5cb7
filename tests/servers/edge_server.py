"""Answers as Edge's read-aloud service does: MP3 and times of words over a WebSocket."""

import asyncio
import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from xml.sax.saxutils import unescape

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from nightdesk.media.ffmpeg import Ffmpeg
from servers.openai_server import Asked, Behaviour, OpenAIServer
from servers.speech_server import RATE, SECONDS_A_CHARACTER, babble

_SSML = re.compile(
    r'<voice name="(?P<voice>[^"]*)"><prosody rate="(?P<rate>[+-][0-9]+)%">(?P<text>.*)</prosody>'
)
Answer = Callable[[ServerProtocol, str], None]


@cache
def mp3(text: str) -> bytes:
    """The babble of a text as the service would send it."""
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"]
    coded = ["-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"]
    program = [Ffmpeg().program, "-v", "error", *raw, *coded]
    return subprocess.run(program, input=babble(text), capture_output=True, check=True).stdout


def behaves(protocol: ServerProtocol, text: str) -> None:
    """The whole answer, in several messages."""
    protocol.send_text(b"X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
    sound(protocol, mp3(text))
    for found in re.finditer(r"[\w$.]+", text):
        word(protocol, found[0], found.start() * SECONDS_A_CHARACTER, len(found[0]) * SECONDS_A_CHARACTER)
    protocol.send_text(b"Path:turn.end\r\n\r\n{}")


def sound(protocol: ServerProtocol, content: bytes) -> None:
    head = b"Path:audio\r\nContent-Type:audio/mpeg\r\n"
    for at in range(0, len(content), 1000):
        protocol.send_binary(len(head).to_bytes(2, "big") + head + content[at : at + 1000])


def word(protocol: ServerProtocol, said: str, start: float, long: float) -> None:
    data = {"Offset": round(start * 1e7), "Duration": round(long * 1e7), "text": {"Text": said}}
    told = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
    protocol.send_text(b"Path:audio.metadata\r\n\r\n" + told.encode())


def answering(answer: Answer) -> Behaviour:
    """Opens the WebSocket that is asked for, and gives `answer` to the text that comes over it."""

    def behave(server: OpenAIServer, asked: Asked) -> None:
        asked.transport.set_protocol(_Talk(asked, answer))

    return behave


edge = answering(behaves)


class _Talk(asyncio.Protocol):
    def __init__(self, asked: Asked, answer: Answer) -> None:
        self._asked, self._answer = asked, answer
        self._protocol = ServerProtocol()
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        self.data_received(f"GET {asked.path} HTTP/1.1\r\n{lines}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._told(bytes(event.data).decode())
        for part in self._protocol.data_to_send():
            if part:
                self._asked.transport.write(part)
            else:
                self._asked.transport.close()

    def _told(self, message: str) -> None:
        found = _SSML.search(message)
        if found is None:
            assert "wordBoundaryEnabled" in message
            return
        text = unescape(found["text"])
        told = {"voice": found["voice"], "speed": 1 + int(found["rate"]) / 100, "text": text}
        self._asked.raw = json.dumps(told).encode()
        self._answer(self._protocol, text)
