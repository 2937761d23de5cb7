"""Who can film a site's videos: what is set up for it, and whom a name means that a video came with."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from nightdesk.kit.text import shorten
from nightdesk.lines.video.asked_makers import UNMET
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.prices import clip_credits

_SHOWN = 60
"""Characters of a name in a note."""


@dataclass(frozen=True)
class Maker:
    """One that can be asked for by its name, and what a clip of it takes."""

    name: str
    credits: int


@dataclass(frozen=True)
class ClipMakers:
    """Those of one site: `own` is its choice, `others` are further ones, the first of a name counts.

    `known` holds names that this desk could film by once they are set up. `opens` says whether one of them
    has all that it needs.
    """

    own: Choice
    others: Sequence[Choice]
    known: Collection[str]
    opens: Callable[[Choice], bool]

    def offered(self) -> list[Maker]:
        """All but the site's own."""
        found = dict[str, Choice]()
        for choice in self.others:
            if choice.spelled != self.own.spelled:
                found.setdefault(called(choice), choice)
        return [Maker(name, clip_credits(choice)) for name, choice in found.items() if self.opens(choice)]

    def asked(self, name: str) -> tuple[Choice, str]:
        """Who is meant by the name, any case; else the site's own, and why. An empty name asks for nobody."""
        wanted = name.strip().casefold()
        if not wanted:
            return self.own, ""
        meant = self._meant(wanted)
        if meant is not None and (meant is self.own or self.opens(meant)):
            return meant, ""
        said = f"{UNMET}“{shorten(name.strip(), _SHOWN)}”: "
        instead = f"{called(self.own)} did it, as the site has it."
        if meant is None and not self._is_known(wanted):
            return self.own, f"{said}this desk knows no maker of clips by that name. {instead}"
        return self.own, f"{said}it is not set up here. {instead} Choose it under Models, with what it needs."

    def _meant(self, wanted: str) -> Choice | None:
        """By its whole name, else by its model alone (`pexels`, a workflow), else by its provider."""
        every = (self.own, *self.others)
        for name_of in (called, _model, _provider):
            for choice in every:
                if name_of(choice).casefold() == wanted:
                    return choice
        return None

    def _is_known(self, wanted: str) -> bool:
        return wanted in self.known or wanted.partition(":")[0] in self.known


def called(choice: Choice) -> str:
    """Its name; a folder of this machine is no part of it."""
    return choice.provider if "/" in choice.model else choice.spelled


def _model(choice: Choice) -> str:
    return choice.model


def _provider(choice: Choice) -> str:
    return choice.provider
