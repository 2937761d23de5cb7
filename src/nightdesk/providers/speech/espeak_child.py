"""The program that holds espeak NG: reads texts to sound and to phonemes, one question after another.

It is run as a child of its own, never imported by the desk: the library is under the GPL, and what a library
in C makes of a text must not be able to harm the process that asked. Calls and constants are those of
`speak_lib.h` (espeak NG 1.52).
"""

import ctypes
import json
import os
import struct
from typing import Any, ClassVar

import espeakng_loader

from nightdesk.kit.answering import answer_all

CPU_SECONDS = 30
RESIDENT = 256 << 20
OUT_OF_MEMORY = 70

_SYNCHRONOUS = 2
_PHONEME_EVENTS_AS_IPA, _DONT_EXIT = 0b11, 0x8000
_UTF8 = 1
_IPA = 2
_RATE, _PITCH = 1, 3
_ENDED, _PHONEME = 0, 7

Event = tuple[int, int, bool]
"""A phoneme or a pause: the sample it starts at, the character its word starts at, whether it is heard."""


class _Id(ctypes.Union):
    _fields_: ClassVar = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Engine:
    """The library, ready to read; there is one in a process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate: int = self._library.espeak_Initialize(
            _SYNCHRONOUS, 0, data, _PHONEME_EVENTS_AS_IPA | _DONT_EXIT
        )
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._pcm = bytearray()
        self._events: list[Event] = []
        # The library keeps the address alone; the callback has to live as long.
        self._callback = _Callback(self._heard)
        self._library.espeak_SetSynthCallback(self._callback)

    def choose(self, candidates: list[str]) -> str | None:
        """Takes the first voice that there is; None where there is none of them."""
        return next(
            (name for name in candidates if not self._library.espeak_SetVoiceByName(name.encode())), None
        )

    def read(self, text: str, words_per_minute: int, pitch: int) -> tuple[bytes, list[Event]]:
        """16-bit samples and what is heard when."""
        self._pcm, self._events = bytearray(), []
        self._library.espeak_SetParameter(_RATE, words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        spelled = text.encode()
        # Neither SSML nor phonemes in brackets: a text is only ever read aloud.
        self._library.espeak_Synth(spelled, len(spelled) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(self._pcm), self._events

    def phonemes(self, text: str) -> str:
        """The text in the International Phonetic Alphabet, words apart."""
        spelled = ctypes.create_string_buffer(text.encode())
        rest = ctypes.pointer(ctypes.cast(spelled, ctypes.c_void_p))
        said = []
        while rest.contents.value:
            clause = self._library.espeak_TextToPhonemes(rest, _UTF8, _IPA)
            said.append((clause or b"").decode())
        return " ".join(said)

    def _heard(self, samples: int | None, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, 2 * count)
        number = 0
        while events[number].type != _ENDED:
            event = events[number]
            if event.type == _PHONEME:
                self._events.append((event.sample, event.text_position - 1, bool(event.id.string)))
            number += 1
        return 0


def answer(engine: Engine, question: bytes) -> bytes:
    """What was asked for: `{"rate", "events"}` and samples, `{"phonemes"}`, or `{"refused": "voice"}`."""
    asked = json.loads(question)
    told: dict[str, Any]
    pcm = b""
    # The library takes a command from behind a control character.
    text = "".join(char if char >= " " else " " for char in asked["text"])
    if engine.choose(asked["voices"]) is None:
        told = {"refused": "voice"}
    elif asked["do"] == "phonemes":
        told = {"phonemes": engine.phonemes(text)}
    else:
        pcm, events = engine.read(text, asked["words_per_minute"], asked["pitch"])
        told = {"rate": engine.rate, "events": events}
    head = json.dumps(told).encode()
    return struct.pack(">I", len(head)) + head + pcm


def fresh(engine: Engine, question: bytes) -> bytes:
    """The answer of a copy of this process that has not read anything yet.

    The library carries the state of its filters from one text to the next; the same text is to sound the
    same whatever was read before it. A copy that dies takes this process with it, in the same way.
    """
    out, into = os.pipe()
    copy = os.fork()
    if copy == 0:
        code = 1
        try:
            with os.fdopen(into, "wb") as answered:
                answered.write(answer(engine, question))
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)
    os.close(into)
    with os.fdopen(out, "rb") as answered:
        told = answered.read()
    code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
    if code < 0:
        os.kill(os.getpid(), -code)
    if code:
        os._exit(code)
    return told


def main() -> None:
    engine = Engine()
    answer_all(lambda question: fresh(engine, question), cpu_seconds=CPU_SECONDS, resident=RESIDENT)


if __name__ == "__main__":
    main()
