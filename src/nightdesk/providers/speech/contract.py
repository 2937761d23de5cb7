"""What a speech provider is: something that reads a text aloud and knows when each word is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from nightdesk.providers.calls import Meter

LONGEST = 100_000
"""Characters of one text, near two hours of speech."""

Timing = Literal["engine", "heard", "aligned", "counted"]
"""Whence the times of words are: told by the engine, recognised in the sound, found by likeness with espeak's
reading, or shared out by characters."""


@dataclass(frozen=True)
class Voice:
    """A voice that may be asked for by its `name`; `about` tells a person what it is like."""

    name: str
    language: str
    about: str = ""


@dataclass(frozen=True)
class SpeechRequest:
    """A text to read aloud in a language (BCP 47: `en`, `pt-BR`).

    `voice` is a name the provider knows; empty leaves it to the provider. `pace` is relative: 1 is the
    voice's own, 1.25 a quarter faster. `lexicon` maps words and phrases as they are written to how they are
    to be said.
    """

    text: str
    language: str = "en"
    voice: str = ""
    pace: float = 1.0
    lexicon: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WordTime:
    """When one word, as it is written between spaces, is said: seconds from the start of the sound."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Spoken:
    """A text read aloud: `sound` is a WAV file, 16-bit mono at `rate` samples a second.

    `words` are the text's, in its order and each of them; no word starts before the one ahead of it ends.
    One that is not said, such as a dash, takes no time. `label` names provider, model and voice; `note` says
    why words were timed in another way than was meant.
    """

    sound: bytes
    rate: int
    words: tuple[WordTime, ...]
    seconds: float
    timing: Timing
    label: str
    note: str = ""


class Speech(Protocol):
    """Reads texts aloud."""

    label: str
    credits: int
    """Credits for each thousand characters begun, 1 to 4."""

    async def speak(self, request: SpeechRequest, meter: Meter) -> Spoken:
        """The text read aloud; records each call. Raises `Later`, `NeedsPerson` or `Refused`."""

    async def voices(self, language: str) -> tuple[Voice, ...]:
        """Voices to ask for in a language, the usual one first. Raises `Later` or `NeedsPerson`."""

    async def aclose(self) -> None:
        """Closes connections and ends children."""
