"""Speech provider `kokoro`: the Kokoro voices, run on this machine (https://huggingface.co/hexgrad/Kokoro-82M).

The folder `kokoro` of the voices holds `kokoro.onnx`, the model's `config.json` (its `vocab` numbers the
phonemes) and `voices.bin`, an archive of numpy arrays: of each voice a style of 256 numbers for each length
of text. The network takes `tokens` or `input_ids`, `style` and `speed`; it gives samples at 24 kHz.
"""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech.aligning import Aligner
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.local import INSTALL, Inputs, NetworkRunner, file_of, folder_of, read_json
from nightdesk.providers.speech.metering import metered
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.phonemes import ids_of, phonemes
from nightdesk.providers.speech.pieces import Piece, spoken

RATE = 24_000
LONGEST_PIECE = 300
"""Characters. The network takes 510 phonemes, and a character seldom stands for more than one and a half."""

_MOST_PHONEMES = 510
_STYLE = 256

# A voice's name begins with its language, by the model card: a for American English, b for British, …
_LANGUAGES = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es",
    "f": "fr",
    "h": "hi",
    "i": "it",
    "j": "ja",
    "p": "pt-BR",
    "z": "zh",
}

# The model writes English diphthongs and affricates with one letter each, espeak with two.
_ENGLISH = (
    *(("aɪ", "I"), ("aʊ", "W"), ("eɪ", "A"), ("ɔɪ", "Y"), ("oʊ", "O"), ("əʊ", "Q")),
    *(("dʒ", "ʤ"), ("tʃ", "ʧ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ")),
)


class Kokoro:
    """Reads with a Kokoro voice (`af_heart`)."""

    credits = 1

    def __init__(self, choice: Choice, around: Surroundings, folder: Path) -> None:
        self.label = choice.spelled
        self._choice, self._clock, self._folder = choice, around.clock, folder
        self._reader, self._runner = EspeakReader(children=1), NetworkRunner()
        self._aligner = Aligner(self._reader, around.whisper)

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`; a voice is one of the archive's, else the first of the language."""
        voice = request.voice or self._choice.model or self._first(request.language)
        model = file_of(self._folder, "kokoro.onnx")
        vocabulary = read_json(file_of(self._folder, "config.json")).get("vocab") or {}
        styles = self._styles(voice)
        language = _LANGUAGES.get(voice[:1], request.language)

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._clock, "kokoro", voice) as receipt:
                said = _respelled(await phonemes(words, language, self._reader), language)
                ids = [number for each in ids_of(said, vocabulary) for number in each][:_MOST_PHONEMES]
                pcm = await self._runner.sound(model, _inputs(ids, styles, request.pace))
                receipt.characters = len(" ".join(words))
            return await self._aligner.piece(words, pcm, RATE, language)

        return await spoken(request, LONGEST_PIECE, f"kokoro:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The archive's voices of a language."""
        primary = language.partition("-")[0].lower()
        return tuple(
            Voice(name, _LANGUAGES[name[:1]])
            for name in self._names()
            if _LANGUAGES.get(name[:1], "").partition("-")[0] == primary
        )

    async def aclose(self) -> None:
        """Ends the children."""
        await self._aligner.aclose()
        await self._runner.aclose()

    def _first(self, language: str) -> str:
        primary = language.partition("-")[0].lower()
        spoken_here = (n for n in self._names() if _LANGUAGES.get(n[:1], "").partition("-")[0] == primary)
        name = next(spoken_here, None)
        if name is None:
            raise NeedsPerson(f"No kokoro voice speaks {language!r}: choose another provider or language.")
        return name

    def _names(self) -> list[str]:
        try:
            with zipfile.ZipFile(file_of(self._folder, "voices.bin")) as archive:
                return sorted(name.removesuffix(".npy") for name in archive.namelist())
        except (zipfile.BadZipFile, OSError):
            raise _damaged() from None

    def _styles(self, voice: str) -> NDArray[np.float32]:
        """A row of 256 numbers for each length of text."""
        if voice not in self._names():
            raise NeedsPerson(f"{voice!r} is not among the kokoro voices here: choose one of them.")
        try:
            with np.load(file_of(self._folder, "voices.bin"), allow_pickle=False) as archive:
                return np.asarray(archive[voice], np.float32).reshape(-1, _STYLE)
        except (ValueError, OSError, KeyError, zipfile.BadZipFile):
            raise _damaged() from None


def _inputs(ids: list[int], styles: NDArray[np.float32], pace: float) -> Inputs:
    tokens = np.array([[0, *ids, 0]], np.int64)
    return {
        "tokens": tokens,
        "input_ids": tokens,
        "style": styles[min(len(ids), len(styles) - 1)][None, :],
        "speed": np.array([pace], np.float32),
    }


def _respelled(said: str, language: str) -> str:
    if language.startswith("en"):
        for theirs, ours in _ENGLISH:
            said = said.replace(theirs, ours)
    return said


def _damaged() -> NeedsPerson:
    return NeedsPerson(f"voices.bin is damaged: put the voices in again by `{INSTALL} kokoro`.")


def open_kokoro(choice: Choice, around: Surroundings) -> Kokoro:
    """Raises `NeedsPerson` where the Kokoro voices were not installed."""
    return Kokoro(choice, around, folder_of(around.voices, "kokoro"))
