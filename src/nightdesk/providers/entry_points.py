"""Finds the providers that other installed packages bring, without importing any before it is chosen."""

from importlib.metadata import EntryPoint, entry_points

GROUP = "nightdesk.providers"


def brought(kind: str) -> dict[str, EntryPoint]:
    """The entry points of one kind (`text`, `embeddings`, `images`, `speech`), by provider name.

    A package declares `KIND.NAME = "its.module:open"` in the group `nightdesk.providers`, where `open` takes
    a `Choice` and returns a provider of that kind.
    """
    found = ((*point.name.partition("."), point) for point in entry_points(group=GROUP))
    return {name.lower(): point for of_kind, _, name, point in found if of_kind == kind and name}
