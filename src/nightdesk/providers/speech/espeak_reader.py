"""Reads by espeak NG in limited children: sound with the times of words, and phonemes for other voices."""

import json
import re
import struct
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew
from nightdesk.providers.speech.pieces import Piece
from nightdesk.providers.speech.timing import Span, filled

WORDS_PER_MINUTE = 165
PITCH = 50
SLOWEST, FASTEST = 80, 450
LONGEST_PIECE = 2000
"""Characters; at the slowest rate near five minutes of sound."""

# The child renews its processor time for each text; these are for its whole life.
LIMITS = ChildLimits(
    seconds=60.0, cpu_seconds=1800, memory=1 << 30, file_size=0, open_files=32, output=32 << 20
)
_CHILD = Path(__file__).with_name("espeak_child.py")
_VOICE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}(?:\+[A-Za-z0-9_-]{1,20})?")

# Languages that espeak NG knows by another name, or where one of several is meant.
_MEANT = {
    "en": "en-us",
    "en-gb": "en",
    "en-au": "en",
    "fr-fr": "fr",
    "es-es": "es",
    "es-mx": "es-419",
    "pt-pt": "pt",
    "zh": "cmn",
    "zh-hk": "yue",
    "no": "nb",
    "iw": "he",
}


class EspeakReader:
    """Keeps children that hold espeak NG; one starts when it is needed and ends half a minute after."""

    def __init__(self, *, children: int = 2, limits: ChildLimits = LIMITS) -> None:
        self._crew = StandingCrew([sys.executable, "-I", str(_CHILD)], limits, size=children)

    async def read(
        self, words: Sequence[str], voice: str, words_per_minute: int = WORDS_PER_MINUTE, pitch: int = PITCH
    ) -> Piece:
        """The words read aloud by a voice or language of espeak NG.

        Raises `NeedsPerson` where there is no such voice or no library, `Refused` for what takes too long to
        read, `Later` where the child ended otherwise.
        """
        told, pcm = await self._ask(
            {
                "do": "read",
                "text": " ".join(words),
                "voices": candidates(voice),
                "words_per_minute": min(max(words_per_minute, SLOWEST), FASTEST),
                "pitch": pitch,
            }
        )
        seconds = len(pcm) / 2 / told["rate"]
        heard = _heard(words, told["events"], told["rate"], seconds)
        return Piece(pcm, told["rate"], filled(words, heard, seconds))

    async def phonemes(self, text: str, voice: str) -> str:
        """The text in the International Phonetic Alphabet. Raises as `read`."""
        told, _ = await self._ask({"do": "phonemes", "text": text, "voices": candidates(voice)})
        return str(told["phonemes"])

    async def aclose(self) -> None:
        """Ends the children that nobody asks just now."""
        await self._crew.close()

    async def _ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if find_spec("espeakng_loader") is None:
            raise NeedsPerson("The voice espeak is not installed here: `pip install espeakng-loader`.")
        try:
            answer = await self._crew.ask(json.dumps(question).encode())
        except ChildLost as lost:
            if lost.by in ("cpu", "output"):
                raise Refused("espeak took too long over this text: shorten it.") from None
            raise Later(f"espeak ended before it had read the text ({lost.by}).") from None
        length = struct.unpack_from(">I", answer)[0]
        told = json.loads(answer[4 : 4 + length])
        if "refused" in told:
            raise NeedsPerson(
                f"espeak has no voice for {question['voices'][0]!r}: choose another voice or language."
            )
        return told, answer[4 + length :]


def candidates(voice: str) -> list[str]:
    """The names to look for, best first: `pt-BR` is `pt-br`, else `pt`; a variant (`de+f2`) is kept.

    Raises `Refused` for what cannot be a voice's name; the library would take it for a file's.
    """
    name, plus, variant = voice.partition("+")
    name = name.lower().replace("_", "-")
    if not _VOICE.fullmatch(f"{name}{plus}{variant}"):
        raise Refused(
            f"{voice!r} is no voice of espeak: name a language, and perhaps a variant, as in `de+f2`."
        )
    primary = name.partition("-")[0]
    names = [_MEANT.get(name, name), name, _MEANT.get(primary, primary), primary]
    return [f"{each}{plus}{variant}" for each in dict.fromkeys(names)]


def _heard(
    words: Sequence[str], events: Sequence[tuple[int, int, bool]], rate: int, seconds: float
) -> list[Span | None]:
    """When each word is heard. A number's events point into it: all that point into a word are its own."""
    owner = [number for number, word in enumerate(words) for _ in range(len(word) + 1)]
    spans: list[Span | None] = [None] * len(words)
    ends = [sample / rate for sample, _, _ in events[1:]] + [seconds]
    for (sample, position, heard), end in zip(events, ends, strict=True):
        if not heard or not 0 <= position < len(owner):
            continue
        word = owner[position]
        known = spans[word]
        spans[word] = (known[0] if known else sample / rate, end)
    return spans
