"""A voice to be heard before a video is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.desk.errors import Conflict, Unavailable
from nightdesk.desk.voices import Voices
from nightdesk.kit.endings import Later, NeedsPerson, Refused

SAYS: Mapping[str, str] = {
    "de": "So klingt diese Stimme: ruhig, klar und gut zu verstehen.",
    "en": "This is how the voice sounds: calm, clear and easy to follow.",
    "es": "Así suena esta voz: tranquila, clara y fácil de entender.",
    "fr": "Voici comment sonne cette voix : calme, claire et facile à suivre.",
    "it": "Ecco come suona questa voce: calma, chiara e facile da seguire.",
    "nl": "Zo klinkt deze stem: rustig, helder en goed te volgen.",
    "pt": "É assim que esta voz soa: calma, clara e fácil de acompanhar.",
}
"""What is read, by language; in others what is read in English."""


@dataclass(frozen=True)
class Sampling:
    """Has a sentence read aloud by a voice; what it costs is booked like a trial."""

    voices: Voices

    async def sample(
        self, workspace_id: int, site_id: int, language: str, voice: str, answers: str | None = None
    ) -> str:
        """The SHA-256 of the sound (WAV), which is kept for a day: `Trials.heard` gives it.

        `answers` is the first voice of a dialogue, empty for the usual one, whose second one is to be heard.
        Raises `NotFound` for the site; `Conflict`, `Unavailable` where the voice cannot be had.
        """
        text = SAYS.get(language.partition("-")[0], SAYS["en"])
        try:
            if answers is not None and not voice:
                voice = await self.voices.second(workspace_id, site_id, language, answers)
            spoken = await self.voices.say(workspace_id, text, site_id, language, voice)
            files = self.voices.trials.providers.files
            return (await files.put(workspace_id, spoken.sound, "audio/wav")).sha256
        except Later as ending:
            raise Unavailable(ending.why) from ending
        except (NeedsPerson, Refused) as ending:
            raise Conflict(ending.why) from ending
