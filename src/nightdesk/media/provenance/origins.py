"""Decides what kind of source a piece of media has, from what made its parts.

The kinds are those of IPTC's vocabulary of digital source types (cv.iptc.org/newscodes/digitalsourcetype,
as of September 2024):

- `trainedAlgorithmicMedia`: a trained model made every part.
- `compositeWithTrainedAlgorithmicMedia`: a trained model made some of them. IPTC has a newer term for plain
  mixtures, `compositeSynthetic`; this one is kept because it is what C2PA's guidance names beside the first
  one, and so what platforms look for.
- `algorithmicMedia`: programs made all of it by rule, no model among them: cards, camera moves, a voice that
  is synthesised by formula, a script compiled of quotations.
- `compositeCapture`, `digitalCreation`, `composite`: cameras alone, people alone, a mixture without models.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

Maker = Literal["model", "program", "camera", "person"]
SourceType = Literal[
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
    "compositeCapture",
    "digitalCreation",
    "composite",
]
SOURCE_TYPES: tuple[SourceType, ...] = get_args(SourceType)
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"

BY_MODELS = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})

PROGRAMS = frozenset({"offline", "compiled offline", "espeak", "cards", "motion", "ffmpeg", "lexical"})
"""Labels of the providers that work by rule and hold no trained model."""


@dataclass(frozen=True)
class Part:
    """One part of a piece: `what` it is to a reader (script, voice, pictures, clips, music), and who made it.

    `system` is the provider's label, empty for cameras and people.
    """

    what: str
    maker: Maker
    system: str = ""


@dataclass(frozen=True)
class Origin:
    """A piece's source type, why it has it, and the systems with a trained model that took part."""

    source_type: SourceType
    why: str
    models: tuple[str, ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether a trained model made any of it, which law and platforms want to be told."""
        return self.source_type in BY_MODELS

    @property
    def address(self) -> str:
        """The source type's address in IPTC's vocabulary."""
        return VOCABULARY + self.source_type

    def as_json(self) -> dict[str, Any]:
        return {
            "source_type": self.address,
            "synthetic": self.synthetic,
            "why": self.why,
            "models": list(self.models),
        }


def made_by(what: str, label: str) -> Part:
    """A part that the provider of that label made (`offline`, `openai:gpt-5`, `kokoro:af_heart`)."""
    program = label.split(":")[0] in PROGRAMS or label in PROGRAMS
    return Part(what, "program" if program else "model", label)


def origin(parts: Iterable[Part]) -> Origin:
    """What the parts make of the whole. Raises ValueError where there is none."""
    known = list(dict.fromkeys(parts))
    if not known:
        raise ValueError("something has to be known of what made it")
    by_models = [part for part in known if part.maker == "model"]
    models = tuple(dict.fromkeys(part.system for part in by_models if part.system))
    return Origin(_kind(known, by_models), _explained(known), models)


def _kind(parts: Sequence[Part], by_models: Sequence[Part]) -> SourceType:
    if by_models:
        whole = len(by_models) == len(parts)
        return "trainedAlgorithmicMedia" if whole else "compositeWithTrainedAlgorithmicMedia"
    makers = {part.maker for part in parts}
    if len(makers) > 1:
        return "composite"
    alone: Mapping[Maker, SourceType] = {
        "program": "algorithmicMedia",
        "camera": "compositeCapture",
        "person": "digitalCreation",
    }
    return alone[makers.pop()]


_HOW: Mapping[Maker, str] = {
    "model": "made by a trained model",
    "program": "made by a program's rules",
    "camera": "captured by a camera",
    "person": "made by a person",
}


def _explained(parts: Sequence[Part]) -> str:
    """ "Made by a trained model: voice (kokoro), pictures (openai). Made by a program's rules: script.\""""
    said = []
    for maker, how in _HOW.items():
        named = [
            part.what + (f" ({part.system})" if part.system else "") for part in parts if part.maker == maker
        ]
        if named:
            said.append(f"{how[0].upper()}{how[1:]}: {', '.join(named)}.")
    return " ".join(said)
