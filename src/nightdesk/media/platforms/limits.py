"""Reads the table of what platforms take."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SHIPPED = Path(__file__).with_name("platforms.toml")

Counts = Literal["characters", "bytes", "utf16", "weighted"]
Span = tuple[float, float]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Data):
    """Where a limit was found; `seen` where the platform's own page could be read."""

    says: str
    at: str
    seen: bool


class Cover(_Data):
    """The picture that a video may be given; `width` at the least, `shape` 0 for any."""

    kinds: tuple[str, ...]
    bytes: int
    width: int
    shape: float = 0.0


class Limits(_Data):
    """One platform's limits; see the head of the table for what each number means."""

    name: str
    account: str
    containers: tuple[str, ...]
    video: tuple[str, ...]
    sound: tuple[str, ...]
    seconds: Span
    shapes: Span
    best: tuple[tuple[int, int], ...] = Field(min_length=1)
    sides: tuple[int, int]
    shorter: int = 0
    rates: Span
    bytes: int
    bit_rate: int
    good: int
    title: int
    description: int
    counts: Counts
    hashtags: int
    watermark: bool
    flag: str
    checked: date
    sources: tuple[Source, ...]
    thumbnail: Cover | None = None


def table(own: Path | None = None) -> Mapping[str, Limits]:
    """The platforms by their keys: those that ship, and in their place or beside them those of an `own` file.

    Raises ValueError, naming the file and the place, where it is not of the table's form.
    """
    found: dict[str, Limits] = {}
    for path in (SHIPPED, own) if own else (SHIPPED,):
        try:
            told = tomllib.loads(path.read_text("utf-8"))
            found |= {key: Limits.model_validate(limits) for key, limits in told.items()}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
            raise ValueError(f"{path.name} cannot be read: {why}") from why
        except ValidationError as why:
            first = why.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise ValueError(f"{path.name}: {why.title}, {place}: {first['msg']}") from why
    return found
