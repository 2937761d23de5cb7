"""The speech providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Mapping

from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import opener_of
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.speech.elevenlabs import open_elevenlabs
from nightdesk.providers.speech.espeak import open_espeak
from nightdesk.providers.speech.opening import Opener, Surroundings


# These bring numpy, which a process that aligns nothing need not import.
def _piper(choice: Choice, around: Surroundings) -> Speech:
    from nightdesk.providers.speech.piper import open_piper  # noqa: PLC0415

    return open_piper(choice, around)


def _kokoro(choice: Choice, around: Surroundings) -> Speech:
    from nightdesk.providers.speech.kokoro import open_kokoro  # noqa: PLC0415

    return open_kokoro(choice, around)


def _edge(choice: Choice, around: Surroundings) -> Speech:
    from nightdesk.providers.speech.edge import open_edge  # noqa: PLC0415

    return open_edge(choice, around)


def _openai(choice: Choice, around: Surroundings) -> Speech:
    from nightdesk.providers.speech.openai import open_openai  # noqa: PLC0415

    return open_openai(choice, around)


PROVIDERS: Mapping[str, Opener] = {
    "espeak": open_espeak,
    "piper": _piper,
    "kokoro": _kokoro,
    "elevenlabs": open_elevenlabs,
    "openai": _openai,
    "edge": _edge,
}


def open_speech(choice: Choice, around: Surroundings) -> Speech:
    """The provider that `choice` names.

    Keep what is opened for as long as the choice stands. Raises `NeedsPerson`, saying what to do, where the
    name is unknown or a voice, a key or an address is missing.
    """
    opener: Opener = opener_of("speech", choice.provider, PROVIDERS, "speech provider")
    return opener(choice, around)


def speech_credits(choice: Choice) -> int:
    """What a thousand characters by that choice are expected to take, told without opening it: 1 to 4."""
    usual = {"elevenlabs": 3, "openai": 2}
    if choice.provider not in usual:
        return 1
    return min(max(int(choice.options.get("credits", usual[choice.provider])), 1), 4)
