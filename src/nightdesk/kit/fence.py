"""Fences a process in: what its Python code may open, change, start and connect to, judged as it does it.

An audit hook of the interpreter (PEP 578) sees every such act of Python code at the moment of the act, with
the address that is really connected to; it cannot be taken away again. It does not see what machine code does
by itself, so what runs behind a fence must be Python that is hostile at most in what it is given.
"""

import errno
import os
import socket
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from sysconfig import get_paths
from typing import Any

from nightdesk.kit.http.guard import Rule, is_public

NEVER = frozenset(
    (
        *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        *("pty.spawn", "os.startfile", "ctypes.dlopen", "socket.bind"),
        *("os.link", "os.symlink", "os.chown", "os.setxattr"),
    )
)
CHANGES = frozenset(
    (
        *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.utime"),
        *("shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp"),
    )
)
SENDS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Fenced(PermissionError):
    """The fence does not let that be done."""

    def __init__(self, what: str) -> None:
        super().__init__(errno.EACCES, what)


class Fence:
    """Closed by `close`, for good; `refused` tells the addresses that were not connected to.

    `allow` names addresses with their ports that are exempt from `rule`; `readable` the folders below which
    files may be read. Below the working folder they may be written too.
    """

    def __init__(
        self,
        *,
        allow: Collection[tuple[str, int]] = (),
        readable: Sequence[str] = (),
        rule: Rule = is_public,
    ) -> None:
        self.refused: list[str] = []
        self._allow = frozenset((str(ip_address(host)), port) for host, port in allow)
        self._rule = rule
        self._own = os.path.realpath(Path.cwd())
        self._readable = [os.path.realpath(folder) for folder in readable]
        self._judges: Mapping[str, Callable[..., None]] = {
            "open": self._open,
            "socket.__new__": self._socket,
            **dict.fromkeys(SENDS, self._connect),
            **dict.fromkeys(CHANGES, self._change),
        }

    def close(self) -> None:
        """From here on everything in this process is judged."""
        sys.addaudithook(self._judge)

    def _judge(self, event: str, facts: tuple[Any, ...]) -> None:
        if event in NEVER:
            raise Fenced(event)
        judge = self._judges.get(event)
        if judge is not None:
            judge(*facts)

    def _socket(self, _: object, family: int, kind: int, *__: object) -> None:
        if family not in (-1, socket.AF_INET, socket.AF_INET6) or kind not in (-1, socket.SOCK_STREAM):
            raise Fenced("only TCP is open")

    def _connect(self, _: object, address: object, *__: object) -> None:
        """Of a name nobody knows where it leads: what is connected to has to be an address already."""
        host, port = (address[0], address[1]) if isinstance(address, tuple) else ("", 0)
        try:
            found = ip_address(host)
            fine = self._rule(found) or (str(found), port) in self._allow
        except ValueError:
            fine = False
        if not fine:
            self.refused.append(str(host))
            raise Fenced("no address of the public internet")

    def _open(self, path: object, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        writes = bool(flags & WRITES) or bool(set(mode or "") & set("wxa+"))
        places = [self._own] if writes else [self._own, *self._readable]
        if not _within(path, places):
            raise Fenced("that file is closed")

    def _change(self, *paths: object) -> None:
        named = [path for path in paths if isinstance(path, str | bytes | os.PathLike)]
        if not all(_within(path, [self._own]) for path in named):
            raise Fenced("that file is closed")


def _within(path: Any, places: Sequence[str]) -> bool:
    found = os.path.realpath(os.fsdecode(path))
    return any(found == place or found.startswith(place + os.sep) for place in places)


def folders_of_python() -> list[str]:
    """Where this interpreter has its own modules and the installed ones."""
    paths = get_paths()
    return [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
