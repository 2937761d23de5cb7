"""Which voices can be put in on this machine: where they are published, their files, and their licences."""

import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.download import Wanted

SHIPPED = Path(__file__).with_name("catalogue.toml")
OWN = "catalogue.toml"

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.+-]{0,79}$")]


class VoiceFile(BaseModel):
    """A file as it is published: its path there (or its whole address), bytes and SHA-256 where known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1, max_length=500)
    size: int | None = Field(None, gt=0)
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")

    @property
    def name(self) -> str:
        """What it is called in a folder."""
        return PurePosixPath(self.path).name


class VoiceEntry(BaseModel):
    """One voice; `licence` and `card` (an address) where they are not its publisher's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    language: str
    about: str = ""
    licence: str = ""
    card: str = ""
    files: tuple[VoiceFile, ...] = Field(min_length=1)


class Publisher(BaseModel):
    """Where the voices of a provider are published; `files` are those that each of its voices needs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str = Field(pattern="^https?://.+/$")
    licence: str
    card: str = ""
    caution: str = ""
    files: tuple[VoiceFile, ...] = ()
    voices: tuple[VoiceEntry, ...] = ()

    def wanted(self, file: VoiceFile) -> Wanted:
        """The file as it is to be downloaded."""
        whole = file.path.startswith(("https://", "http://"))
        return Wanted(file.path if whole else self.at + file.path, file.size, file.sha256)


def catalogue(folder: Path) -> dict[str, Publisher]:
    """The publishers by provider: the catalogue that is shipped, and that of the folder of voices.

    Raises `NeedsPerson` where the folder's cannot be read.
    """
    spelled = _read(SHIPPED)
    own = folder / OWN
    if own.is_file():
        for provider, more in _read(own).items():
            spelled[provider] = _merged(spelled.get(provider, {}), more)
    try:
        return {provider: Publisher.model_validate(one) for provider, one in spelled.items()}
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise NeedsPerson(f"{own}: {where}: {fault['msg']}. Correct it, or take the file away.") from None


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("publishers", {})
    except (OSError, ValueError) as wrong:
        raise NeedsPerson(f"{path} cannot be read ({wrong}). Correct it, or take it away.") from None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise NeedsPerson(f"{path} has no [publishers.NAME] tables. Correct it, or take it away.")
    return found


def _merged(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What the folder's says holds; its voices come first, and instead of those of their names."""
    voices = own.get("voices", [])
    named = {one.get("name") for one in voices if isinstance(one, dict)}
    rest = [one for one in shipped.get("voices", []) if one["name"] not in named]
    return {**shipped, **own, "voices": [*voices, *rest]}
