"""Finds the providers that other installed packages bring, without importing any before it is chosen."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from nightdesk.kit.endings import NeedsPerson

Opener = TypeVar("Opener")

GROUP = "nightdesk.providers"


def brought(kind: str) -> dict[str, EntryPoint]:
    """The entry points of one kind (`text`, `embeddings`, `images`, `speech`, `clips`, `renderer`), by name.

    A package declares `KIND.NAME = "its.module:open"` in the group `nightdesk.providers`, where `open` takes
    a `Choice` and returns a provider of that kind.
    """
    found = ((*point.name.partition("."), point) for point in entry_points(group=GROUP))
    return {name.lower(): point for of_kind, _, name, point in found if of_kind == kind and name}


def opener_of(kind: str, name: str, ours: Mapping[str, Opener], called: str) -> Opener | Any:
    """What opens the provider of that name: ours, else the one that a package brings.

    Raises `NeedsPerson` where there is neither; `called` is what a person calls the kind.
    """
    if name in ours:
        return ours[name]
    theirs = brought(kind)
    if name in theirs:
        return theirs[name].load()
    known = ", ".join(dict.fromkeys([*ours, *sorted(theirs)]))
    raise NeedsPerson(f"There is no {called} `{name}`. Known are: {known}.")
