"""Listens to speech by faster-whisper in a limited child, for the times of its words."""

import json
import sys
from dataclasses import dataclass, replace
from importlib.util import find_spec
from math import isfinite
from pathlib import Path

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.deadlines import in_line
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew
from nightdesk.kit.wav import packed
from nightdesk.providers.speech.contract import WordTime

INSTALL = "`pip install 'nightdesk[align]'`"
FILES = ("model.bin", "config.json", "tokenizer.json")
"""What a folder needs to hold; without the last, faster-whisper would fetch another model's."""

PATIENCE = 90.0
"""Seconds for one piece of sound, the loading of the model among them."""

RESTS = 300.0
"""Seconds for which nobody is asked after a failure that would come again."""

# The child renews its processor time for each piece. A model of 3 GB is read and then made smaller.
LIMITS = ChildLimits(
    seconds=PATIENCE, cpu_seconds=14_400, memory=12 << 30, file_size=0, open_files=256, output=4 << 20
)
_CHILD = Path(__file__).with_name("whisper_child.py")
_HEARD, _MISSING, _BAD_MODEL, _OTHER_LANGUAGE = b"\x01", b"m", b"f", b"l"

# Languages that Whisper knows by another name than BCP 47 does.
_MEANT = {"nb": "no", "cmn": "zh", "iw": "he", "in": "id", "fil": "tl", "jv": "jw"}


@dataclass(frozen=True)
class Listening:
    """Whether words are found by faster-whisper here, a sentence on it, and what is wrong where it should."""

    on: bool
    says: str
    fault: str = ""


def listening(folder: Path | None, packages: str = "") -> Listening:
    """What stands in the way of faster-whisper here, told without running it."""
    espeak = "voices that tell no times are aligned with espeak's reading"
    if folder is None:
        return Listening(False, f"faster-whisper is off: {espeak}.")
    fault = _fault(folder, packages)
    if fault:
        return Listening(False, f"{fault}; {espeak} instead.", f"{fault}.")
    return Listening(True, f"Voices that tell no times are aligned by faster-whisper, with {folder.name}.")


def _fault(folder: Path, packages: str) -> str:
    lacks = next((name for name in FILES if not (folder / name).is_file()), None)
    if lacks:
        return f"{folder}, which NIGHTDESK_WHISPER names, lacks {lacks} of a CTranslate2 Whisper model"
    missing = not packages and find_spec("faster_whisper") is None
    return f"faster-whisper is not installed: {INSTALL}" if missing else ""


class Whisper:
    """Keeps one child with the model of `folder`; it ends when nothing was asked for half a minute.

    `packages` is a folder that holds faster-whisper where this environment does not.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock | None = None,
        *,
        packages: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self._folder, self._packages = folder.absolute(), packages
        self._clock = clock or SystemClock()
        program = [sys.executable, "-I", str(_CHILD), str(self._folder), *([packages] if packages else [])]
        self._crew = StandingCrew(program, replace(LIMITS, seconds=patience), size=1)
        self._patience = patience
        self._rests_until = 0.0
        self._why = ""

    async def heard(self, pcm: bytes, rate: int, language: str) -> tuple[WordTime, ...]:
        """The words in 16-bit mono samples, in order, with a space ahead where they are written with spaces.

        Raises `NeedsPerson` where package or model are not what they should be, `Refused` where the model
        does not know the language or cannot listen to this, `Later` where it took too long or the child
        ended. After the first and the last it rests for five minutes, in which the reason is told as `Later`.
        """
        if self._clock.monotonic() < self._rests_until:
            raise Later(self._why)
        try:
            return await self._asked(pcm, rate, language)
        except (Later, NeedsPerson) as failed:
            self._rests_until, self._why = self._clock.monotonic() + RESTS, failed.why
            raise

    async def aclose(self) -> None:
        """Ends the child, unless it is listening just now."""
        await self._crew.close()

    async def _asked(self, pcm: bytes, rate: int, language: str) -> tuple[WordTime, ...]:
        if fault := listening(self._folder, self._packages).fault:
            raise NeedsPerson(fault)
        primary = language.replace("_", "-").partition("-")[0].lower()
        question = _MEANT.get(primary, primary).encode() + b"\n" + packed(pcm, rate)
        try:
            # The deadline of this is its own: a voice is not to be late because its words are looked for.
            with in_line():
                answer = await self._crew.ask(question)
        except ChildLost as lost:
            if lost.by in ("time", "cpu"):
                raise Later(f"faster-whisper did not answer within {self._patience:g} s.") from None
            raise Later(f"faster-whisper ended before it had listened ({lost.by}).") from None
        if answer[:1] == _HEARD:
            return _words(answer[1:])
        said = answer[1:300].decode("utf-8", "replace")
        if answer[:1] == _MISSING:
            raise NeedsPerson(f"faster-whisper cannot be imported: {INSTALL} ({said}).")
        if answer[:1] == _BAD_MODEL:
            raise NeedsPerson(
                f"{self._folder.name} is no CTranslate2 Whisper model that can be loaded: {said}"
            )
        if answer[:1] == _OTHER_LANGUAGE:
            raise Refused(f"The model {self._folder.name} does not know the language {said!r}.")
        raise Refused(f"faster-whisper could not listen to this: {said}")


def _words(spelled: bytes) -> tuple[WordTime, ...]:
    """Raises `Refused` where times are none."""
    words = tuple(WordTime(str(text), float(start), float(end)) for text, start, end in json.loads(spelled))
    if not all(isfinite(word.start) and isfinite(word.end) for word in words):
        raise Refused("bad media: faster-whisper gave times that are none.")
    return words
