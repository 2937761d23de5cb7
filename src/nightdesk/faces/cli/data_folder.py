"""Where the data lies when nobody said: beside us, unless the database's own account could not get there."""

import os
import stat
from pathlib import Path

USUAL = Path("data")
FOR_ROOT = Path("/var/lib/nightdesk")


def data_folder() -> Path:
    """`./data`; for root in a folder that is closed to others, `/var/lib/nightdesk`.

    PostgreSQL refuses to run as root and steps down to an account that must pass through every folder above.
    """
    if os.geteuid() != 0 or _open_to_all(USUAL.resolve()):
        return USUAL
    return FOR_ROOT


def _open_to_all(folder: Path) -> bool:
    return all(above.stat().st_mode & stat.S_IXOTH for above in folder.parents if above.exists())
