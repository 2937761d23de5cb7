"""Parts what is told into stories that a site knows and those that become new topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nightdesk.quality.sameness import Story, same


@dataclass(frozen=True)
class Told:
    """A story as somebody told it.

    `story` and `flags` (what it is compared by, and the code of what a person has to know of its text) are
    None where nobody has looked yet.
    """

    key: str
    title: str
    summary: str = ""
    url: str = ""
    image: str = ""
    language: str = ""
    published: datetime | None = None
    trend: float = 0.0
    host: str = ""
    feed_id: int | None = None
    story: Story | None = None
    flags: str | None = None


@dataclass
class Made:
    """A topic in the making: the first that told it, and the hosts of all."""

    told: Told
    story: Story
    hosts: set[str]
    trend: float


@dataclass
class Sorted:
    """Where each story goes: to a topic that there is, or to one in the making."""

    known: list[tuple[Told, Story, int]] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    of_made: list[tuple[Told, Story, Made]] = field(default_factory=list)


def sort(stories: Sequence[tuple[Told, Story]], near: Mapping[int, list[tuple[bool, int, Story]]]) -> Sorted:
    """Where each goes; `near` are the topics that may tell the same, by the place of the story.

    Of each such topic: whether a mark proves it to be the same, its number, and what it is compared by.
    """
    parted = Sorted()
    by_handle: dict[int, list[Made]] = {}
    for place, (told, one) in enumerate(stories):
        number = next(
            (number for sure, number, other in near.get(place, ()) if sure or same(one, other)), None
        )
        if number is not None:
            parted.known.append((told, one, number))
            continue
        made = _in_the_making(one, by_handle)
        if made is None:
            made = Made(told, one, set(), told.trend)
            parted.made.append(made)
        made.hosts.add(told.host)
        made.trend = max(made.trend, told.trend)
        parted.of_made.append((told, one, made))
        for handle in one.handles:
            by_handle.setdefault(handle, []).append(made)
    return parted


def _in_the_making(one: Story, by_handle: Mapping[int, list[Made]]) -> Made | None:
    for handle in one.handles:
        for made in by_handle.get(handle, ()):
            if handle in one.sure or same(one, made.story):
                return made
    return None
