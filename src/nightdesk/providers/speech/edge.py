"""Speech provider `edge`: the read-aloud voices of Microsoft Edge, by a service that nobody promises to keep.

It is no product that is offered to programs: it asks for no key, may change or end at any time, and its terms
are those of the browser. Its sound is MP3, which ffmpeg turns into samples; it tells when each word is said.
"""

import re
import tempfile
from pathlib import Path

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.ffmpeg import Ffmpeg, source
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech.aligning import Aligner
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.edge_messages import spans_of
from nightdesk.providers.speech.edge_voices import VOICES
from nightdesk.providers.speech.edge_wire import WHO, EdgeWire
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.metering import metered
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import Piece, spoken
from nightdesk.providers.speech.timing import filled

RATE = 24_000
LONGEST_PIECE = 1200
"""Characters. The service takes 4,096 bytes of SSML, and a character may take three of them."""

_DECODING = 60.0
_LARGEST = 48 << 20
_MEMORY = 1 << 30
_NAME = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,60}){1,3}")
_PACES = (0.5, 2.0)


class Edge:
    """Reads by Edge's voices. Options: `voice`."""

    credits = 1

    def __init__(self, choice: Choice, around: Surroundings) -> None:
        self.label = choice.spelled
        self._choice, self._clock = choice, around.clock
        self._wire, self._ffmpeg = EdgeWire(choice, around), Ffmpeg(threads=1, memory=_MEMORY)
        self._reader = EspeakReader(children=1)
        self._aligner = Aligner(self._reader)

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`; a voice is one of Edge's names (`de-DE-KatjaNeural`)."""
        voice = request.voice or self._choice.model or _first(request.language)
        if not _NAME.fullmatch(voice):
            raise Refused(f"{voice!r} cannot be the name of one of Edge's voices.")
        pace = min(max(request.pace, _PACES[0]), _PACES[1])

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._clock, "edge", voice) as receipt:
                text = " ".join(words)
                heard = await self._wire.read(text, voice, request.language, pace)
                pcm = await self._samples(bytes(heard.mp3))
                receipt.characters = len(text)
            spans = spans_of(words, heard.words)
            if not any(spans):
                return await self._aligner.piece(words, pcm, RATE, request.language)
            return Piece(pcm, RATE, filled(words, spans, len(pcm) / 2 / RATE))

        return await spoken(request, LONGEST_PIECE, f"edge:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The best known of the language; the service has more, which can be named likewise."""
        primary = _primary(language)
        found = (Voice(name, _language(name), about) for name, about in VOICES)
        spoken_here = (voice for voice in found if _primary(voice.language) == primary)
        return tuple(sorted(spoken_here, key=lambda voice: voice.language.lower() != language.lower()))

    async def aclose(self) -> None:
        """Ends the aligner's child; a connection ends with its text."""
        await self._reader.aclose()

    async def _samples(self, mp3: bytes) -> bytes:
        with tempfile.TemporaryDirectory(prefix="nightdesk-speech-") as folder:
            (Path(folder) / "said.mp3").write_bytes(mp3)
            told = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "pipe:1"]
            arguments = [*source("said.mp3", "mp3"), *told]
            finished = await self._ffmpeg.ask(arguments, Path(folder), seconds=_DECODING, output=_LARGEST)
        if not finished.well or len(finished.stdout) < 2:
            raise Refused(f"bad media: an answer without sound that can be read came from {WHO}")
        return finished.stdout[: len(finished.stdout) // 2 * 2]


def _first(language: str) -> str:
    primary = _primary(language)
    names = [name for name, _ in VOICES if _primary(name) == primary]
    exact = [name for name in names if _language(name).lower() == language.lower()]
    if not names:
        raise NeedsPerson(f"Name the Edge voice for {language!r}: none is known here by heart.")
    return (exact or names)[0]


def _language(name: str) -> str:
    return name.rpartition("-")[0]


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def open_edge(choice: Choice, around: Surroundings) -> Edge:
    """Needs no key; the package that lets it in is looked for with the first text."""
    return Edge(choice, around)
