"""Removes parts of videos that no render on this machine has used for long; all can be made again."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=7)
"""For so long after it was last used, a part is there for an edit of its video."""

ABANDONED = timedelta(hours=2)
"""After so long, twice the longest render, a working folder is taken to be left behind by one that died."""


def sweep(parts: Path, now: datetime) -> int:
    """Looks through `parts/WORKSPACE/SITE` and returns how many files and folders it removed."""
    gone = 0
    for entry in parts.glob("*/*/*"):
        try:
            unused = now.timestamp() - entry.stat().st_mtime
        except FileNotFoundError:
            continue
        if entry.is_dir() and unused > ABANDONED.total_seconds():
            shutil.rmtree(entry, ignore_errors=True)
        elif not entry.is_dir() and unused > KEPT.total_seconds():
            entry.unlink(missing_ok=True)
        else:
            continue
        gone += 1
    return gone
