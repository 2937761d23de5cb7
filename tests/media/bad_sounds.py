"""Sounds that are false, damaged or made to do harm, each with the answer that it has to get.

An answer is why it is refused, or `TAKEN`: then each word has its time in the sound.
"""

import struct

from media.bad_clips import encoded
from media.bad_pictures import HARM, TAKEN, Bad, zipped
from nightdesk.kit.wav import packed
from servers.speech_server import RATE, babble

TEXT = "A heap warms itself up."
_NO_SOUND = "an answer without sound that can be read"


def wav(
    body: bytes,
    *,
    kind: int = 1,
    channels: int = 1,
    rate: int = RATE,
    bits: int = 16,
    length: int | None = None,
) -> bytes:
    """A WAV file with that in its head, whatever its body is."""
    head = struct.pack("<HHIIHH", kind, channels, rate, 0, 0, bits)
    said = len(body) if length is None else length
    return (
        b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", len(head)) + head
        + b"data" + struct.pack("<I", said) + body
    )  # fmt: skip


def _tone(ending: str) -> bytes:
    return encoded("-f", "lavfi", "-i", "sine=d=1", ending=ending)


def _said() -> bytes:
    return babble(TEXT)


FALSE: dict[str, Bad] = {
    "no bytes": Bad("an empty answer", lambda: b""),
    "noughts": Bad(_NO_SOUND, lambda: bytes(9000)),
    "a page with 200": Bad("a web page", lambda: b"<!doctype html><title>502</title>"),
    "an answer with an error": Bad(_NO_SOUND, lambda: b'{"error": "quota"}'),
    "a playlist": Bad(_NO_SOUND, lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
    "an MP3": Bad(_NO_SOUND, lambda: _tone(".mp3")),
    "an Ogg file": Bad(_NO_SOUND, lambda: _tone(".ogg")),
    "an archive that unfolds": Bad(_NO_SOUND, zipped),
    "a picture of the same family": Bad(_NO_SOUND, lambda: b"RIFF\x24\0\0\0WEBPVP8 " + bytes(60)),
}
DAMAGED: dict[str, Bad] = {
    "a head and no more": Bad("was cut short", lambda: packed(_said(), RATE)[:20]),
    "half of it": Bad("was cut short", lambda: packed(_said(), RATE)[:9000]),
    "no sample in it": Bad("0 s of silence, not speech", lambda: wav(b"")),
    "half a sample": Bad("0 s of silence, not speech", lambda: wav(b"\x01")),
    "a thousand million chunks": Bad(
        "was cut short", lambda: b"RIFF\0\0\0\0WAVE" + b"LIST\0\0\0\0" * 1_000_000
    ),
    "eight bits": Bad(_NO_SOUND, lambda: wav(bytes(9000), bits=8)),
    "floating points": Bad(_NO_SOUND, lambda: wav(bytes(9000), kind=3, bits=32)),
    "no channel": Bad(_NO_SOUND, lambda: wav(_said(), channels=0)),
    "no rate": Bad(_NO_SOUND, lambda: wav(_said(), rate=0)),
    "four thousand million a second": Bad(_NO_SOUND, lambda: wav(_said(), rate=0xFFFFFFFF)),
}
LARGE: dict[str, Bad] = {
    "more than 48 MB": Bad("answered with more than 50,331,648 bytes", lambda: wav(bytes(49 << 20))),
    "sixty-five thousand channels": Bad("0 s of silence, not speech", lambda: wav(_said(), channels=65_535)),
    "nine minutes of silence": Bad("513 s of silence, not speech", lambda: wav(bytes(47 << 20), rate=48_000)),
    "nine minutes of noise": Bad(
        "513 s of sound for 23 characters", lambda: wav(bytes(range(256)) * (47 << 12), rate=48_000)
    ),
}
HIDING: dict[str, Bad] = {
    "a page behind it": Bad(TAKEN, lambda: packed(_said(), RATE) + HARM),
    "a page before its sound": Bad(TAKEN, lambda: _with_note()),
    "a length left open": Bad(TAKEN, lambda: wav(_said(), length=0xFFFFFFFF)),
    "a second of silence": Bad("1 s of silence, not speech", lambda: wav(bytes(RATE * 2))),
}


def _with_note() -> bytes:
    whole = packed(_said(), RATE)
    return whole[:12] + b"LIST" + struct.pack("<I", len(HARM) + 1) + HARM + b"\0" + whole[12:]


SOUNDS = FALSE | DAMAGED | LARGE | HIDING
