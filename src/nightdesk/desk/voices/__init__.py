"""The voices that can be chosen, what they sound like, and those that this machine can have put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdesk.desk.items import site_of
from nightdesk.desk.trials import Trials
from nightdesk.desk.voices.installing import Installer, Offered, Plan, Told
from nightdesk.lines.video.second_voice import second_voice
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.speech.contract import SpeechRequest, Spoken, Voice
from nightdesk.providers.speech.whisper import Listening, listening
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site

__all__ = ["Installer", "Offered", "Plan", "Told", "VoiceList", "Voices"]


@dataclass(frozen=True)
class VoiceList:
    """The voices of the provider that a site has chosen, in one language."""

    provider: str
    language: str
    voices: Sequence[Voice]
    alignment: str = ""
    """How words are found of voices that tell no times."""


@dataclass(frozen=True)
class Voices:
    """Asks the chosen speech provider; `installer` fills this machine's folder of voices."""

    store: Store
    trials: Trials
    installer: Installer

    @property
    def alignment(self) -> Listening:
        """Whether words are found by faster-whisper on this machine, and what that lacks."""
        return listening(self.trials.providers.means.whisper)

    async def of(self, workspace_id: int, site_id: int | None = None, language: str = "") -> VoiceList:
        """Voices that can be asked for; the language is the site's, or English, unless one is named.

        Raises `NotFound` for the site, `Later` or `NeedsPerson` where the provider cannot say.
        """
        site = await self._site(workspace_id, site_id)
        providers = self.trials.providers
        async with self.store.workspace(workspace_id) as session:
            chosen = await providers.chosen(session, site)
        language = language or site.language
        voices = await providers.speech(chosen).voices(language)
        return VoiceList(chosen.speech.spelled, language, voices, self.alignment.says)

    async def say(
        self, workspace_id: int, text: str, site_id: int | None = None, language: str = "", voice: str = ""
    ) -> Spoken:
        """A text read aloud by the chosen provider; what it costs is booked like a trial.

        Raises `NotFound` for the site, `Later`, `NeedsPerson` or `Refused`.
        """
        site = await self._site(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            chosen = await self.trials.providers.chosen(session, site)
        meter = ListMeter()
        try:
            request = SpeechRequest(text, language or site.language, voice)
            return await self.trials.providers.speech(chosen).speak(request, meter)
        finally:
            await self.trials.book(workspace_id, site_id, meter.calls)

    async def second(self, workspace_id: int, site_id: int, language: str, first: str) -> str:
        """The voice that answers `first` in dialogues where nobody chose one.

        Raises `NotFound`, `NeedsPerson`.
        """
        site = await self._site(workspace_id, site_id)
        async with self.store.workspace(workspace_id) as session:
            chosen = await self.trials.providers.chosen(session, site)
        return (await second_voice(self.trials.providers.speech(chosen), language or site.language, first))[0]

    async def install(self, plan: Plan, source: Path | None = None, told: Told | None = None) -> None:
        """Puts in what was planned. See `Installer.install`."""
        await self.installer.install(plan, source, told)

    async def _site(self, workspace_id: int, site_id: int | None) -> Site:
        if site_id is None:
            return Site(workspace_id=workspace_id, id=0, choices={}, language="en")
        async with self.store.workspace(workspace_id) as session:
            return await site_of(session, workspace_id, site_id)
