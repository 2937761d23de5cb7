"""Speech provider `elevenlabs`: ElevenLabs, which tells when each character is said.

Endpoint, fields and error codes after https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
and the service's pages on errors; limits of characters from its page on models.
"""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from urllib.parse import quote

from pydantic import BaseModel, Field

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.http_errors import told
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.metering import metered
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import Piece, spoken
from nightdesk.providers.speech.timing import Span, filled
from nightdesk.providers.speech.wire import Wire

HOME = "https://api.elevenlabs.io"
DEFAULT_MODEL = "eleven_multilingual_v2"
DEFAULT_VOICE = "JBFqnCBsd6RMkjVDRZzb"
RATE = 24_000
LONGEST_PIECE = 2_500
"""Characters. Every model takes at least 3,000."""

_PACES = (0.7, 1.2)
# The multilingual v2 model finds the language by itself and refuses to be told.
_TOLD_THE_LANGUAGE = ("eleven_turbo_v2_5", "eleven_flash_v2_5", "eleven_v3")
_CODES = {
    "quota_exceeded": "insufficient_quota",
    "max_character_limit_exceeded": "context_length_exceeded",
    "text_too_long": "context_length_exceeded",
    "missing_api_key": "invalid_api_key",
    "voice_not_found": "model_not_found",
    "invalid_voice_id": "model_not_found",
    "content_against_policy": "content_policy_violation",
    "blocked_content": "content_policy_violation",
}


class _Alignment(BaseModel):
    characters: list[str]
    character_start_times_seconds: list[float]
    character_end_times_seconds: list[float]


class _Said(BaseModel):
    audio_base64: str
    alignment: _Alignment | None = None
    normalized_alignment: _Alignment | None = None


class _Voices(BaseModel):
    class One(BaseModel):
        voice_id: str
        name: str = ""
        labels: dict[str, str | None] | None = Field(default_factory=dict)

    voices: list[One]


class ElevenLabs:
    """Reads by ElevenLabs. Options: `voice`, `voice_settings`, `usd_per_1000_characters`, `credits`."""

    def __init__(self, choice: Choice, around: Surroundings) -> None:
        self.model = choice.model or DEFAULT_MODEL
        self.label = f"{choice.provider}:{self.model}"
        self.credits = min(max(int(choice.options.get("credits", 3)), 1), 4)
        self._options, self._clock = choice.options, around.clock
        key = choice.api_key
        headers = {"xi-api-key": key.get_secret_value()} if key else {}
        self._wire = Wire("ElevenLabs", choice, HOME, around, headers=headers, complaint=_complaint)

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """See `Speech.speak`; a voice is an id of the account's library."""
        voice = request.voice or self._usual
        path = f"/v1/text-to-speech/{quote(voice, safe='')}/with-timestamps?output_format=pcm_{RATE}"

        async def read(words: list[str]) -> Piece:
            with metered(meter, self._clock, "elevenlabs", self.model, None) as receipt:
                text = " ".join(words)
                said = await self._wire.asked_for(_Said, "POST", path, self._body(text, request))
                piece = self._piece(words, said)
                receipt.characters, receipt.usd = len(text), self._usd(len(text))
            return piece

        return await spoken(request, LONGEST_PIECE, f"{self.label}:{voice}", read)

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """The voices of the account's library; each speaks every language of the model."""
        found = await self._wire.asked_for(_Voices, "GET", "/v1/voices")
        usual = self._usual
        ordered = sorted(found.voices, key=lambda one: one.voice_id != usual)
        return tuple(Voice(one.voice_id, language, _about(one)) for one in ordered)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    @property
    def _usual(self) -> str:
        return str(self._options.get("voice") or DEFAULT_VOICE)

    def _body(self, text: str, request: SpeechRequest) -> dict[str, object]:
        pace = min(max(request.pace, _PACES[0]), _PACES[1])
        body: dict[str, object] = {
            "text": text,
            "model_id": self.model,
            "voice_settings": {**self._options.get("voice_settings", {}), "speed": pace},
        }
        if self.model.startswith(_TOLD_THE_LANGUAGE):
            body["language_code"] = request.language.partition("-")[0].lower()
        return body

    def _piece(self, words: Sequence[str], said: _Said) -> Piece:
        try:
            pcm = b64decode(said.audio_base64, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("bad media: the sound in the answer of ElevenLabs is not base64") from None
        if len(pcm) < 2:
            raise Refused("bad media: there is no sound in the answer of ElevenLabs")
        pcm = pcm[: len(pcm) - len(pcm) % 2]
        if said.alignment is None:
            raise Refused("bad media: ElevenLabs did not say when the words are said")
        spans = _heard(words, said.alignment)
        return Piece(pcm, RATE, filled(words, spans, len(pcm) / 2 / RATE))

    def _usd(self, characters: int) -> Decimal | None:
        price = self._options.get("usd_per_1000_characters")
        return None if price is None else Decimal(str(price)) * characters / 1000


def _heard(words: Sequence[str], alignment: _Alignment) -> list[Span | None]:
    """When each word is heard, by its characters; those that the service dropped or added are passed over."""
    text = " ".join(words)
    owner = [number for number, word in enumerate(words) for _ in range(len(word) + 1)]
    times = list(
        zip(alignment.character_start_times_seconds, alignment.character_end_times_seconds, strict=False)
    )
    spans: list[Span | None] = [None] * len(words)
    told_text = "".join(char[:1] or " " for char in alignment.characters)
    for ours, theirs, length in _matches(text, told_text):
        for at in range(length):
            if text[ours + at] == " " or theirs + at >= len(times):
                continue
            start, end = times[theirs + at]
            known = spans[owner[ours + at]]
            spans[owner[ours + at]] = (known[0] if known else start, end)
    return spans


def _matches(text: str, told_text: str) -> Sequence[tuple[int, int, int]]:
    if text == told_text:
        return [(0, 0, len(text))]
    return SequenceMatcher(None, text, told_text, autojunk=False).get_matching_blocks()


def _complaint(body: object) -> tuple[str, str]:
    """The code and the message in `{"detail": {"status" or "code", "message"}}`."""
    detail = body.get("detail", body) if isinstance(body, dict) else body
    if not isinstance(detail, dict):
        return told(detail)
    code = str(detail.get("status") or detail.get("code") or "")
    return _CODES.get(code, code), str(detail.get("message") or detail)


def _about(one: _Voices.One) -> str:
    return ", ".join([one.name, *(label for label in (one.labels or {}).values() if label)])


def open_elevenlabs(choice: Choice, around: Surroundings) -> ElevenLabs:
    """ElevenLabs needs a key; a stand-in for it, set by its base URL, may do without."""
    if choice.api_key is None and choice.base_url is None:
        raise NeedsPerson(
            "ElevenLabs needs a key: set NIGHTDESK_SPEECH_API_KEY or enter one in the settings. "
            "The voice `espeak` needs none."
        )
    return ElevenLabs(choice, around)
