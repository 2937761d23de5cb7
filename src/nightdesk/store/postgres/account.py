"""The operating system's account that the server runs as: ours, or an unprivileged one when we are root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.store.postgres.errors import DatabaseUnavailable

PREFERRED = ("nightdesk", "postgres", "nobody")
"""Accounts tried in this order when we are root; the server refuses to run as root."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as; `switch` is true when we are root and step down to that account."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """The arguments that make `subprocess` start a child as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, path: Path) -> None:
        """Gives one file or folder to this account."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, folder: Path) -> None:
        """Gives a folder and all that lies in it to this account."""
        if not self.switch:
            return
        for where, folders, files in os.walk(folder):
            for name in (*folders, *files):
                self.own(Path(where) / name)
        self.own(folder)


def choose(cluster: Path) -> Account:
    """The account for the cluster in that folder: its present owner, else the first preferred one.

    Raises `DatabaseUnavailable` when there is none, or when the cluster belongs to somebody else.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    uid = os.geteuid()
    if uid != 0:
        if owner not in (None, uid):
            raise DatabaseUnavailable(
                f"The database in {cluster} belongs to the account number {owner}, "
                f"and this process runs as {uid}. Start Nightdesk as the account that made it, "
                "or choose another folder with NIGHTDESK_DATA_DIR."
            )
        return Account(str(uid), uid, os.getegid(), switch=False)
    if owner:
        try:
            return _stepping_down(pwd.getpwuid(owner))
        except KeyError:
            pass
    for name in PREFERRED:
        try:
            return _stepping_down(pwd.getpwnam(name))
        except KeyError:
            continue
    raise DatabaseUnavailable(
        f"PostgreSQL does not run as root, and none of the accounts {', '.join(PREFERRED)} exists here. "
        "Start Nightdesk as an ordinary user, or add one of them (useradd --system nightdesk)."
    )


def closed_parent(path: Path, account: Account) -> Path | None:
    """The uppermost folder on the way to `path` that the account may not pass through, if there is one."""
    for folder in reversed(path.resolve().parents):
        try:
            about = folder.stat()
        except FileNotFoundError:
            return None
        needed = stat.S_IXOTH
        if about.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif about.st_gid == account.gid:
            needed = stat.S_IXGRP
        if account.uid != os.geteuid() and not about.st_mode & needed:
            return folder
    return None


def _stepping_down(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
