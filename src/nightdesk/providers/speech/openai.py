"""Speech provider `openai`: OpenAI's `/audio/speech` and every server that speaks it.

It answers with sound alone, so words are found by alignment. Limits and voices as documented for
`POST /audio/speech` (openai-python 3.52); prices from https://developers.openai.com/api/docs/pricing.
"""

from decimal import Decimal

from nightdesk.kit.calculating import calculated
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.wav import NotSound, Wav, unpacked
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech.aligning import Aligner
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.metering import metered
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import Piece, spoken
from nightdesk.providers.speech.wire import Wire

HOME = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-4o-mini-tts"

LONGEST_PIECE = 1500
"""Characters. The service takes 4,096; alignment is the better for less."""

_VOICES = (
    *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"),
    *("marin", "nova", "onyx", "sage", "shimmer", "verse"),
)
_PACES = (0.25, 4.0)
# Dollars a million characters; models priced by tokens do not say how many they took.
_PRICES = {"tts-1": Decimal(15), "tts-1-hd": Decimal(30)}


class OpenAISpeech:
    """Reads by an OpenAI-compatible server. Options: `voice`, `voices` (names), `instructions`, `credits`."""

    def __init__(self, choice: Choice, around: Surroundings) -> None:
        self.model = choice.model or DEFAULT_MODEL
        self.label = f"{choice.provider}:{self.model}"
        self.credits = min(max(int(choice.options.get("credits", 2)), 1), 4)
        self._options, self._clock = choice.options, around.clock
        self._own = choice.base_url is None
        key = choice.api_key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        self._wire = Wire("the OpenAI-compatible speech service", choice, HOME, around, headers=headers)
        self._reader = EspeakReader(children=1)
        self._aligner = Aligner(self._reader, around.whisper)

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`."""
        voice = request.voice or str(self._options.get("voice") or self._names()[0])

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._clock, "openai", self.model, None) as receipt:
                said = " ".join(words)
                content = await self._wire.asked(
                    "POST", "/audio/speech", self._body(said, voice, request.pace)
                )
                sound = await calculated(self._sound, content)
                receipt.characters, receipt.usd = len(said), self._usd(len(said))
            return await self._aligner.piece(words, sound.pcm, sound.rate, request.language)

        return await spoken(request, LONGEST_PIECE, f"{self.label}:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The documented voices, or those that the option `voices` names; each speaks every language."""
        names = sorted(self._names(), key=lambda name: name != self._options.get("voice"))
        return tuple(Voice(name, language) for name in names)

    async def aclose(self) -> None:
        """Closes the connections and ends the aligner's child."""
        await self._wire.aclose()
        await self._aligner.aclose()

    def _names(self) -> tuple[str, ...]:
        return tuple(self._options.get("voices") or _VOICES)

    def _body(self, text: str, voice: str, pace: float) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.model,
            "input": text,
            "voice": voice,
            "response_format": "wav",
            "speed": min(max(pace, _PACES[0]), _PACES[1]),
        }
        if "instructions" in self._options:
            body["instructions"] = self._options["instructions"]
        return body

    def _sound(self, content: bytes) -> Wav:
        try:
            return unpacked(content)
        except NotSound as wrong:
            raise self._wire.cut_short() if wrong.cut else self._wire.bad_media(content) from None

    def _usd(self, characters: int) -> Decimal | None:
        price = _PRICES.get(self.model) if self._own else None
        return None if price is None else price * characters / 1_000_000


def open_openai(choice: Choice, around: Surroundings) -> OpenAISpeech:
    """OpenAI itself needs a key; a server of one's own, set by its base URL, may do without."""
    if choice.api_key is None and choice.base_url is None:
        raise NeedsPerson(
            "OpenAI's speech service needs a key: set NIGHTDESK_SPEECH_API_KEY or enter one in the settings. "
            "The voice `espeak` needs none."
        )
    return OpenAISpeech(choice, around)
