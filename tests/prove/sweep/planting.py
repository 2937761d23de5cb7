"""Plants faults so that one which does not fit what it changes fails there, and tells when one has acted."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

Bite = Callable[[], None]
"""Called by a fault each time that it does otherwise than the engine would."""

Patch = Callable[[Bite], None]


class NotPlanted(Exception):
    """What the fault changes is not there any more as the fault knows it."""


@dataclass(frozen=True)
class Edit:
    """A function of the database in whose text `old`, which must be there once, becomes `new`."""

    function: str
    old: str
    new: str


def replace(owner: Any, name: str, fault: Any) -> None:
    """Puts the fault in the place of what `owner` has under that name."""
    if name not in vars(owner):
        raise NotPlanted(f"{owner!r} has no {name} of its own any more.")
    setattr(owner, name, fault)


def plant(connection: psycopg.Connection, edits: Iterable[Edit]) -> None:
    """Makes `mutant_bites`, the sequence that faults in the database count by, and changes the functions."""
    connection.execute("create sequence mutant_bites; grant usage on sequence mutant_bites to public")
    rewrite(connection, edits)


def rewrite(connection: psycopg.Connection, edits: Iterable[Edit]) -> None:
    for edit in edits:
        row = connection.execute("select pg_get_functiondef(%s::regproc)", [edit.function]).fetchone()
        source = str(row[0]) if row else ""
        if source.count(edit.old) != 1:
            raise NotPlanted(f"{edit.function} has {source.count(edit.old)} times: {edit.old!r}")
        connection.execute(source.replace(edit.old, edit.new).encode())


def bite_into(folder: Path) -> Bite:
    """What a process that has a fault planted tells by that it has acted."""
    out = os.open(folder / "bites", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def bite() -> None:
        os.write(out, b".")

    return bite


def bites(connection: psycopg.Connection, folder: Path) -> int:
    """How often the fault that was planted there has acted."""
    row = connection.execute("select last_value - 1 + is_called::int from mutant_bites").fetchone()
    noted = folder / "bites"
    return int(row[0] if row else 0) + (noted.stat().st_size if noted.exists() else 0)
