"""Becomes another program that has no network but a loopback of its own, where the system can give it one.

Run by path as `python -I -S alone.py PROGRAM ARGUMENTS…`. Needs Linux, and there root or namespaces of users
(unshare(2), user_namespaces(7)); elsewhere the program runs with the network that there is.
"""

import ctypes
import os
import signal
import socket
import struct
import sys
from contextlib import suppress

CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
PR_SET_PDEATHSIG = 1
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
NOT_STARTED = 127


def leave_network() -> bool:
    """Whether this process is in a network of its own now, in which only its loopback is up."""
    if sys.platform != "linux":
        return False
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET if user == 0 else CLONE_NEWNET | CLONE_NEWUSER) != 0:
        return False
    # The namespace of users takes the tie to the parent's life away.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if user != 0:
        keep_name(user, group)
    raise_loopback()
    return True


def keep_name(user: int, group: int) -> None:
    """Stays the same user in the new namespace, so that files stay its own."""
    for name, told in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with suppress(OSError), open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 (pathlib loads slowly)
            file.write(told)


def raise_loopback() -> None:
    import fcntl  # noqa: PLC0415 (no system but Linux comes here)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        answer = fcntl.ioctl(asked, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", answer)[1]
        fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def main(*program: str) -> None:
    with suppress(OSError):
        leave_network()
    try:
        os.execvp(program[0], program)  # noqa: S606
    except OSError as failure:
        os.write(2, f"{program[0]}: {failure.strerror}\n".encode())
        os._exit(NOT_STARTED)


if __name__ == "__main__":
    main(*sys.argv[1:])
