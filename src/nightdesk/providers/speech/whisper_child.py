"""The program that listens by faster-whisper: takes sound, answers with the words in it and their times.

It is run as a child of its own, so that a deadline can end what takes too long, and the model's memory goes
with it. Arguments: the model's folder, and a folder with further packages or nothing. A question is a
language and the sound as a WAV file, parted by a line feed; an answer is one byte that says what it is, and
`[[text, start, end], …]` in JSON, or why there are none.
"""

import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from nightdesk.kit.answering import answer_all
from nightdesk.kit.fence import Fence, folders_of_python

HEARD, MISSING, BAD_MODEL, OTHER_LANGUAGE, OUT_OF_MEMORY, FAILED = b"\x01", b"m", b"f", b"l", b"o", b"x"

CPU_SECONDS = 240
RESIDENT = 6 << 30
_THREADS = 2
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
_FAILURES = (ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError, OSError)


class Missing(Exception):
    """The package is not installed, or cannot be imported."""


class BadModel(Exception):
    """The folder holds no Whisper model that can be loaded."""


class OtherLanguage(Exception):
    """The model does not know the language."""


class Listener:
    """The model, loaded when it is first asked for; the process is fenced in from then on."""

    def __init__(self, model: str, packages: str) -> None:
        self._folder, self._packages = model, packages
        self._model: Any = None
        self._decode: Any = None

    def words(self, language: str, sound: bytes) -> list[tuple[str, float, float]]:
        """What is said and when, in seconds. Raises the exceptions of this module, or what the model does."""
        if self._model is None:
            self._load()
        if language not in self._model.supported_languages:
            raise OtherLanguage(language)
        # One way through, without chance: the script is known, and only the times of it are wanted.
        segments, _ = self._model.transcribe(
            self._decode(BytesIO(sound)),
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        return [
            (word.word, float(word.start), float(word.end))
            for segment in segments
            for word in segment.words or ()
        ]

    def _load(self) -> None:
        try:
            package = import_module("faster_whisper")
        except ImportError as missing:
            raise Missing(str(missing)) from missing
        # Without it the package would fetch another model's.
        if not Path(self._folder, "tokenizer.json").is_file():
            raise BadModel("tokenizer.json is missing")
        readable = [self._folder, *folders_of_python(), *([self._packages] if self._packages else [])]
        Fence(readable=readable, rule=lambda _address: False).close()
        try:
            # On the processor: the graphics card has one owner at a time, and this is none.
            self._model = package.WhisperModel(
                self._folder, device="cpu", compute_type="int8", cpu_threads=_THREADS, local_files_only=True
            )
        except (RuntimeError, *_FAILURES) as bad:
            raise BadModel(f"{type(bad).__name__}: {bad}") from bad
        self._decode = package.decode_audio


def answer(listener: Listener, question: bytes) -> bytes:
    """The words, or why there are none."""
    language, _, sound = question.partition(b"\n")
    try:
        # What others print must not get among the answers.
        with redirect_stdout(sys.stderr):
            return HEARD + json.dumps(listener.words(language.decode(), sound)).encode()
    except Missing as missing:
        return MISSING + str(missing).encode()
    except BadModel as bad:
        return BAD_MODEL + str(bad).encode()
    except OtherLanguage as other:
        return OTHER_LANGUAGE + str(other).encode()
    except (RuntimeError, *_FAILURES) as failed:
        kind = OUT_OF_MEMORY if "memory" in str(failed).lower() else FAILED
        return kind + f"{type(failed).__name__}: {failed}".encode()


def main(model: str, packages: str = "") -> None:
    # Some modules ask for a temporary folder as they are imported; nothing can be written to any.
    tempfile.tempdir = os.sep
    os.environ.update(dict.fromkeys(_OFFLINE, "1"))
    if packages:
        sys.path.insert(0, packages)
    listener = Listener(model, packages)
    answer_all(lambda question: answer(listener, question), cpu_seconds=CPU_SECONDS, resident=RESIDENT)


if __name__ == "__main__":
    main(*sys.argv[1:])
