"""Finds a voice for whoever answers in a dialogue, where nobody chose one: another than the first."""

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.providers.speech.contract import Speech


async def second_voice(speech: Speech, language: str, first: str) -> tuple[str, str]:
    """A voice, and why it is the first one where there is no other; empty: the provider's usual one.

    `first` is empty where the first speaker has the usual voice. The same list gives the same voice.
    """
    try:
        names = [voice.name for voice in await speech.voices(language)]
    except (Later, NeedsPerson) as ending:
        return first, f"Both speakers have one voice, as no other could be looked for: {ending.why}"
    chosen = speech.label.partition(":")[2]
    usual = first or (chosen if chosen in names else next(iter(names), ""))
    other = next((name for name in names if name != usual), None)
    if other is None:
        return first, f"Both speakers have one voice: {speech.label} has no other for {language}."
    return other, ""
