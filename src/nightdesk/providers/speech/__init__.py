"""The speech providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Mapping

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import brought
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.speech.espeak import open_espeak
from nightdesk.providers.speech.opening import Opener, Surroundings

PROVIDERS: Mapping[str, Opener] = {
    "espeak": open_espeak,
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
    known = ", ".join([*PROVIDERS, *sorted(theirs)])
    raise NeedsPerson(f"There is no speech provider `{choice.provider}`. Known are: {known}.")
