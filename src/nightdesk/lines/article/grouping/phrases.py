"""What grouping takes and gives: phrases in, groups out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from nightdesk.lines.article.grouping.slots import Slot
from nightdesk.providers.text.questions import Intent, Structure


class Phrase(NamedTuple):
    """A keyword as it was imported; `volume` in searches a month, 0 where nobody knows."""

    text: str
    volume: int = 0


@dataclass(frozen=True)
class Group:
    """Phrases that mean the same. The most searched member speaks for all.

    `members` come most searched first; `positions` are their places in the sequence that was grouped, in the
    same order. `key` is the slot key of the group's centre as this list understands it; `keys` are those of
    the members each read alone: what `match_existing` compares, so worth storing with a cluster.
    """

    key: str
    keys: tuple[str, ...]
    members: tuple[Phrase, ...]
    positions: tuple[int, ...]
    intent: Intent
    structure: Structure

    @property
    def representative(self) -> Phrase:
        return self.members[0]

    @property
    def volume(self) -> int:
        return sum(member.volume for member in self.members)


def spell_key(slot: Slot, core: Iterable[str]) -> str:
    """`commercial:air pet purifier`: the slot, then the words of the core in alphabetical order."""
    return f"{slot}:{' '.join(sorted(core))}"


def read_key(key: str) -> tuple[Slot, frozenset[str]]:
    slot, _, core = key.partition(":")
    return slot, frozenset(core.split())
