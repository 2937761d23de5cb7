"""Follows the memory of a process and all below it until its input ends: `… watching PID`."""

import os
import select
import sys
from pathlib import Path

from bench.figures import parents

EVERY = 0.1
"""Seconds between two looks."""


def main() -> None:
    """Prints the most that one process had (resident, MB), and the most that all had together (PSS, MB)."""
    watched, largest, together = int(sys.argv[1]), 0, 0
    print("watching", flush=True)
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        sizes = [_size(pid) for pid in _tree(watched)]
        largest = max([largest, *(resident for resident, _ in sizes)])
        together = max(together, sum(share for _, share in sizes))
    print(largest / 1024, together / 1024)


def _tree(root: int) -> set[int]:
    """Processes at and below it, without this one."""
    above = parents()
    found, fresh = set[int](), {root}
    while fresh:
        found |= fresh
        fresh = {pid for pid, parent in above.items() if parent in found and pid != os.getpid()} - found
    return found


def _size(pid: int) -> tuple[int, int]:
    """Resident, and with what is shared divided among those who share it; kilobytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("latin-1").splitlines()
    except OSError:
        return 0, 0
    told = {line.split(":")[0]: line.split()[1] for line in lines[1:] if ":" in line}
    return int(told.get("Rss", 0)), int(told.get("Pss", 0))


if __name__ == "__main__":
    main()
