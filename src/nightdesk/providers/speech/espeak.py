"""Speech provider `espeak`: the keyless voice, espeak NG in a child; it tells the times of words itself."""

from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.espeak_reader import LONGEST_PIECE, PITCH, WORDS_PER_MINUTE, EspeakReader
from nightdesk.providers.speech.metering import metered
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import Piece, spoken

_VARIANTS = {
    "": "plain",
    "+f2": "higher",
    "+f4": "high",
    "+m3": "lower",
    "+m7": "low",
}


class Espeak:
    """Reads with espeak NG. Options: `words_per_minute` (165), `pitch` (50, of 0 to 99)."""

    credits = 1

    def __init__(self, choice: Choice, around: Surroundings) -> None:
        self.label = choice.spelled
        self._voice, self._options = choice.model, choice.options
        self._around = around
        self._reader = EspeakReader(children=min(max(choice.concurrency, 1), 2))

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`; a voice is a language of espeak NG, with a variant or without (`en-us+f2`)."""
        voice = request.voice or self._voice or request.language
        rate = round(int(self._options.get("words_per_minute", WORDS_PER_MINUTE)) * request.pace)

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._around.clock, "espeak", voice) as receipt:
                piece = await self._reader.read(words, voice, rate, int(self._options.get("pitch", PITCH)))
                receipt.characters = len(" ".join(words))
            return piece

        return await spoken(request, LONGEST_PIECE, f"espeak:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The language's voice in five variants."""
        name = language.lower()
        return tuple(Voice(name + variant, language, about) for variant, about in _VARIANTS.items())

    async def aclose(self) -> None:
        """Ends the children."""
        await self._reader.aclose()


def open_espeak(choice: Choice, around: Surroundings) -> Espeak:
    """Needs nothing."""
    return Espeak(choice, around)
