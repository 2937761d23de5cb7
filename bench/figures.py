"""Figures that a bench found, beside what is to be reached; and what processes took of the CPU."""

import os
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightdesk.store.postgres import EmbeddedPostgres

TICKS = 100
"""Clock ticks a second in /proc (sysconf SC_CLK_TCK, 100 wherever Linux runs today)."""


@dataclass(frozen=True)
class Figure:
    """One measured number; `reach` says what it has to be, or is empty where it only informs."""

    what: str
    found: str
    reach: str = ""
    reached: bool = True

    @classmethod
    def most(cls, what: str, found: float, limit: float, unit: str, digits: int = 1) -> "Figure":
        """A figure that may be at most `limit`."""
        shown = f"{found:.{digits}f} {unit}"
        return cls(what, shown, f"at most {limit:g}", found <= limit)

    @classmethod
    def least(cls, what: str, found: float, limit: float, unit: str, digits: int = 1) -> "Figure":
        """A figure that has to be at least `limit`."""
        return cls(what, f"{found:.{digits}f} {unit}", f"at least {limit:g}", found >= limit)

    @classmethod
    def fact(cls, what: str, holds: bool, found: str) -> "Figure":
        """Something that has to be so."""
        return cls(what, found, "has to be", holds)


def report(title: str, figures: Sequence[Figure]) -> int:
    """Prints the figures; returns the exit status, 0 where all are reached."""
    marks = {True: "reached", False: "NOT REACHED"}
    rows = [(f.what, f.found, f.reach, marks[f.reached] if f.reach else "") for f in figures]
    table(title, ("", "found", "to reach", ""), rows)
    return 0 if all(figure.reached for figure in figures) else 1


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table with a title; the first column is words, the others figures."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    print(f"\n{title}")
    for row in cells:
        first, *others = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip(), flush=True)


@contextmanager
def cpu(postgres: EmbeddedPostgres | None = None, workers: Sequence[int] = ()) -> Iterator[list[float]]:
    """CPU seconds in the block, of the workers and of the database, written into the list that it gives.

    `workers`: ids of their processes; without any, the worker is this process.
    """
    spent: list[float] = []
    own, database = _of(workers), _of_server(postgres)
    yield spent
    spent += [_of(workers) - own, _of_server(postgres) - database]


def _of(workers: Sequence[int]) -> float:
    if workers:
        return sum(sum(_facts(Path(f"/proc/{pid}/stat"))[11:13]) for pid in workers) / TICKS
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def each_child(besides: Sequence[int] = ()) -> dict[int, float]:
    """CPU seconds of each child that lives, and theirs, without those named; none without /proc."""
    facts = {int(stat.parent.name): _facts(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    mine, fresh = set[int](), {os.getpid()}
    while fresh:
        mine |= fresh
        fresh = {p for p, found in facts.items() if found and found[1] in mine and p not in besides} - mine
    return {pid: sum(facts[pid][11:15]) / TICKS for pid in mine - {os.getpid()}}


def parents() -> dict[int, int]:
    """Each living process and its parent; none without /proc."""
    facts = {int(stat.parent.name): _facts(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    return {pid: found[1] for pid, found in facts.items() if found}


def _of_server(postgres: EmbeddedPostgres | None) -> float:
    """CPU seconds of a server's processes, ended ones too; 0 where the system has no /proc."""
    pid = postgres.status().pid if postgres is not None else None
    if pid is None or not Path("/proc/self/stat").exists():
        return 0.0
    facts = {stat.parent.name: _facts(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    ticks = sum(sum(found[11:15]) for name, found in facts.items() if name == str(pid))
    return (ticks + sum(sum(found[11:13]) for found in facts.values() if found[1:2] == [pid])) / TICKS


def _facts(stat: Path) -> list[int]:
    """The numbers of a process after its name: state, parent, …, user and system time, those of children."""
    try:
        _, _, after = stat.read_text("latin-1").rpartition(") ")
    except OSError:
        return []
    return [0 if not word.lstrip("-").isdigit() else int(word) for word in after.split()]
