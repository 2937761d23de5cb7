"""The speech providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Mapping

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import brought
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


def _openai(choice: Choice, around: Surroundings) -> Speech:
    from nightdesk.providers.speech.openai import open_openai  # noqa: PLC0415

    return open_openai(choice, around)


PROVIDERS: Mapping[str, Opener] = {
    "espeak": open_espeak,
    "piper": _piper,
    "kokoro": _kokoro,
    "elevenlabs": open_elevenlabs,
    "openai": _openai,
}


def open_speech(choice: Choice, around: Surroundings) -> Speech:
    """The provider that `choice` names.

    Keep what is opened for as long as the choice stands. Raises `NeedsPerson`, saying what to do, where the
    name is unknown or a voice, a key or an address is missing.
    """
    opener = PROVIDERS.get(choice.provider)
    if opener is not None:
        return opener(choice, around)
    theirs = brought("speech")
    if choice.provider in theirs:
        provider: Speech = theirs[choice.provider].load()(choice, around)
        return provider
    known = ", ".join(dict.fromkeys([*PROVIDERS, *sorted(theirs)]))
    raise NeedsPerson(f"There is no speech provider `{choice.provider}`. Known are: {known}.")
