"""Puts voices in on this machine: downloads their files, or takes them from a folder, and checks them."""

import asyncio
import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.voices import kokoro_files
from nightdesk.desk.voices.catalogue import Publisher, VoiceEntry, VoiceFile, catalogue
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.download import OtherBytes, Wanted, download, is_as_wanted
from nightdesk.kit.http.fetch import Fetcher

Told = Callable[[str, int, int | None], None]
"""Takes a file's name, how many of its bytes are there, and of how many where that is known."""

ROOM = 512 << 20
"""Bytes that stay free on the disk."""

_ARRIVING = ".arriving"


@dataclass(frozen=True)
class Offered:
    """A voice that can be put in: its `size` in bytes as far as it is known, and its terms."""

    provider: str
    name: str
    language: str
    about: str
    size: int
    licence: str
    card: str
    installed: bool


@dataclass(frozen=True)
class Plan:
    """What is to be put in: voices of one provider, the files that are still missing, and the terms."""

    provider: str
    voices: tuple[VoiceEntry, ...]
    files: tuple[VoiceFile, ...]
    licences: tuple[str, ...]
    cards: tuple[str, ...]
    caution: str
    publisher: Publisher

    @property
    def size(self) -> int:
        """Bytes to bring, as far as they are known."""
        return sum(file.size or 0 for file in self.files)


@dataclass(frozen=True)
class Installer:
    """Fills `folder`, in which each provider has one of its own; `fetcher` judges every address."""

    folder: Path
    fetcher: Fetcher
    room: int = field(default=ROOM)

    def offered(self, language: str = "") -> list[Offered]:
        """What can be put in, of a language or at all. Raises `NeedsPerson` for an unreadable catalogue."""
        return [
            Offered(
                provider,
                voice.name,
                voice.language,
                voice.about,
                sum(file.size or 0 for file in voice.files),
                voice.licence or publisher.licence,
                voice.card or publisher.card,
                self._has(provider, voice),
            )
            for provider, publisher in catalogue(self.folder).items()
            for voice in publisher.voices
            if not language or _primary(voice.language) == _primary(language)
        ]

    def plan(self, name: str, language: str = "en") -> Plan:
        """What is to be done for a voice; for `kokoro` all its voices, for `piper` the language's first.

        Raises `Invalid` where there is no such voice.
        """
        for provider, publisher in catalogue(self.folder).items():
            chosen = _chosen(publisher, provider, name, language)
            if chosen:
                return self._planned(provider, publisher, chosen)
        raise Invalid(
            "name", f"There is no voice {name!r} to put in. `nightdesk voices install` lists those there are."
        )

    async def install(self, plan: Plan, source: Path | None = None, told: Told | None = None) -> None:
        """Brings the missing files, from a folder where one is given, and puts the voices in.

        What was brought before something failed is kept and not brought again. Raises `Later`,
        `NeedsPerson`, `Refused`, and `Conflict` while another process is at the same.
        """
        home = self.folder / plan.provider
        arriving = home / _ARRIVING
        try:
            arriving.mkdir(parents=True, exist_ok=True)
            with _alone(arriving):
                self._see_room(plan)
                for file in plan.files:
                    await self._bring(plan, file, arriving / file.name, source, told)
                await asyncio.to_thread(_put_in, plan, arriving, home)
        except OSError as error:
            raise NeedsPerson(
                f"The voice could not be written to {home}: {error.strerror or error}. Put that right and "
                "say the same again; what has come is kept."
            ) from error

    async def _bring(
        self, plan: Plan, file: VoiceFile, target: Path, source: Path | None, told: Told | None
    ) -> None:
        wanted = plan.publisher.wanted(file)
        known = wanted.sha256 is not None
        if known and await asyncio.to_thread(is_as_wanted, target, wanted):
            return
        if source is not None:
            await asyncio.to_thread(_taken, source / file.name, wanted, target)
            return
        try:
            await download(
                self.fetcher,
                wanted,
                target,
                lambda done: told(file.name, done, file.size) if told else None,
            )
        except OtherBytes as other:
            again = f"Say the same again; if it stays so, the file there was changed: see {wanted.url}."
            raise Refused(f"{other.why} {again}") from other
        except (Later, Refused) as ending:
            raise _told_more(ending, self._without_network(plan)) from ending

    def _without_network(self, plan: Plan) -> str:
        addresses = " ".join(plan.publisher.wanted(file).url for file in plan.files)
        names = " ".join(voice.name for voice in plan.voices[:1]) if len(plan.voices) == 1 else plan.provider
        return (
            "What has come is kept: say the same again and it goes on. On a machine without a network, bring "
            f"these files in a folder and say `nightdesk voices install {names} --from FOLDER`: {addresses}"
        )

    def _see_room(self, plan: Plan) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < plan.size + self.room:
            raise NeedsPerson(
                f"{self.folder} has {free >> 20:,} MB free and {(plan.size + self.room) >> 20:,} MB are "
                "needed. Nothing was downloaded. Free some space and say the same again."
            )

    def _planned(self, provider: str, publisher: Publisher, voices: Sequence[VoiceEntry]) -> Plan:
        missing = [voice for voice in voices if not self._has(provider, voice)]
        shared = publisher.files if missing and not self._has_shared(provider) else ()
        return Plan(
            provider,
            tuple(voices),
            (*shared, *(file for voice in missing for file in voice.files)),
            tuple(dict.fromkeys(voice.licence or publisher.licence for voice in voices)),
            tuple(dict.fromkeys(card for voice in voices if (card := voice.card or publisher.card))),
            publisher.caution,
            publisher,
        )

    def _has(self, provider: str, voice: VoiceEntry) -> bool:
        home = self.folder / provider
        if provider == "kokoro":
            return self._has_shared(provider) and voice.name in kokoro_files.voices_in(home)
        return all((home / file.name).is_file() for file in voice.files)

    def _has_shared(self, provider: str) -> bool:
        home = self.folder / provider
        if provider == "kokoro":
            return all((home / name).is_file() for name in (kokoro_files.NETWORK, kokoro_files.VOCABULARY))
        return True


def _told_more(ending: Later | Refused, more: str) -> Later | Refused:
    return (Later if isinstance(ending, Later) else Refused)(f"{ending.why} {more}")


def _chosen(publisher: Publisher, provider: str, name: str, language: str) -> tuple[VoiceEntry, ...]:
    if name != provider:
        return tuple(voice for voice in publisher.voices if voice.name == name)
    if provider == "kokoro":
        return publisher.voices
    return tuple(voice for voice in publisher.voices if _primary(voice.language) == _primary(language))[:1]


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises `Conflict` while another process puts voices in."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Voices are being put in already: wait until that is done.") from None
        yield


def _taken(found: Path, wanted: Wanted, target: Path) -> None:
    """The file of a folder, as it is wanted. Raises `NeedsPerson`."""
    if not found.is_file():
        raise NeedsPerson(f"{found.name} is not in {found.parent}: bring it there from {wanted.url}.")
    if not is_as_wanted(found, wanted):
        raise NeedsPerson(f"{found} is not the file that was wanted: bring it again from {wanted.url}.")
    half = target.with_name(f".{target.name}.half")
    shutil.copyfile(found, half)
    half.replace(target)


def _put_in(plan: Plan, arriving: Path, home: Path) -> None:
    """Makes what has come a voice, in one step each, and takes away what is not needed any more."""
    if plan.provider == "kokoro":
        _put_kokoro_in(plan, arriving, home)
    else:
        # The network comes last: a voice is known by it.
        for file in sorted(plan.files, key=lambda one: one.name.endswith(".onnx")):
            (arriving / file.name).replace(home / file.name)
    for left in arriving.iterdir():
        if left.name != "lock":
            left.unlink()


def _put_kokoro_in(plan: Plan, arriving: Path, home: Path) -> None:
    shared = {file.name for file in plan.publisher.files}
    styles = [arriving / file.name for file in plan.files if file.name not in shared]
    if styles:
        kokoro_files.put_styles(styles, home)
    for file in plan.files:
        if file.name.endswith(".json"):
            kokoro_files.put_vocabulary(arriving / file.name, home)
    for file in plan.files:
        if file.name.endswith(".onnx"):
            (arriving / file.name).replace(home / kokoro_files.NETWORK)
