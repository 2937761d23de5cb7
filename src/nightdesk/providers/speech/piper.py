"""Speech provider `piper`: voices of the Piper project, run on this machine (https://github.com/OHF-Voice/piper1-gpl).

A voice is `NAME.onnx` with `NAME.onnx.json` beside it, in the folder `piper` of the voices. The network takes
`input` (numbers of phonemes), `input_lengths`, `scales` (noise, length, width of noise) and `sid` where it
has several speakers; it gives samples from -1 to 1.
"""

from pathlib import Path
from typing import Any

import numpy as np

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

LONGEST_PIECE = 800
"""Characters. Voices were trained on single sentences; memory grows with the length of one."""

_PAD, _START, _END = "_", "^", "$"
_SCALES = (0.667, 1.0, 0.8)


class Piper:
    """Reads with a Piper voice. Options: `speaker` (a number), `noise_scale`, `noise_w`."""

    credits = 1

    def __init__(self, choice: Choice, around: Surroundings, folder: Path) -> None:
        self.label = choice.spelled
        self._choice, self._clock, self._folder = choice, around.clock, folder
        self._reader, self._runner = EspeakReader(children=1), NetworkRunner()
        self._aligner = Aligner(self._reader, around.whisper)

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`; a voice is the name of its file, else the first of the language."""
        voice = request.voice or self._choice.model or self._first(request.language)
        model = file_of(self._folder, f"{voice}.onnx")
        about = read_json(file_of(self._folder, f"{voice}.onnx.json"))
        rate, known, language = _told(about, voice)

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._clock, "piper", voice) as receipt:
                said = await phonemes(words, language, self._reader)
                pcm = await self._runner.sound(model, self._inputs(said, known, about, request.pace))
                receipt.characters = len(" ".join(words))
            return await self._aligner.piece(words, pcm, rate, language)

        return await spoken(request, LONGEST_PIECE, f"piper:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The voices of the folder whose names begin with the language, as Piper names them (`en_US-…`)."""
        primary = language.partition("-")[0].lower()
        names = sorted(path.stem for path in self._folder.glob("*.onnx"))
        return tuple(
            Voice(name, name.partition("-")[0].replace("_", "-"))
            for name in names
            if name.replace("-", "_").partition("_")[0].lower() == primary
        )

    async def aclose(self) -> None:
        """Ends the children."""
        await self._aligner.aclose()
        await self._runner.aclose()

    def _first(self, language: str) -> str:
        primary = language.partition("-")[0].lower()
        names = sorted(path.stem for path in self._folder.glob("*.onnx"))
        for name in names:
            if name.replace("-", "_").partition("_")[0].lower() == primary:
                return name
        raise NeedsPerson(f"There is no piper voice for {language!r} here: put one in by `{INSTALL} piper`.")

    def _inputs(self, said: str, known: dict[str, Any], about: dict[str, Any], pace: float) -> Inputs:
        pad = ids_of(_PAD, known)[0]
        ids = [*ids_of(_START, known)[0], *pad]
        for each in ids_of(said, known):
            ids += [*each, *pad]
        ids += ids_of(_END, known)[0]
        noise, length, width = (
            float(self._choice.options.get(name, about.get("inference", {}).get(name, otherwise)))
            for name, otherwise in zip(("noise_scale", "length_scale", "noise_w"), _SCALES, strict=True)
        )
        return {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([noise, length / pace, width], np.float32),
            "sid": np.array([int(self._choice.options.get("speaker", 0))], np.int64),
        }


def _told(about: dict[str, Any], voice: str) -> tuple[int, dict[str, Any], str]:
    """Samples a second, the numbers of phonemes, and espeak's name of the language."""
    try:
        known = dict(about["phoneme_id_map"])
        rate, language = int(about["audio"]["sample_rate"]), str(about["espeak"]["voice"])
        fine = all(ids_of(mark, known) for mark in (_PAD, _START, _END)) and rate > 0
    except (KeyError, TypeError, ValueError):
        fine = False
    if not fine:
        raise NeedsPerson(
            f"{voice}.onnx.json is not of a Piper voice for espeak's phonemes: install another."
        )
    return rate, known, language


def open_piper(choice: Choice, around: Surroundings) -> Piper:
    """Raises `NeedsPerson` where no Piper voice was installed."""
    return Piper(choice, around, folder_of(around.voices, "piper"))
