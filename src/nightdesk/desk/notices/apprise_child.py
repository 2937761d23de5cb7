"""Runs in a child process behind a fence: reads one address with Apprise, and sends one notice to it.

It is asked and answers in JSON, by standard input and output. Asked: `address`, `schemas`, `allow` and
`notice`, which is null or has `title`, `body` and `seconds`. Answered: `service`, `says` and the `outcome`:
`known`, `sent`, `failed`, `blocked`, `closed` (its schema is not on the list), `incomplete` or `unknown`.
It is run by its path, so that the desk is not loaded with it.
"""

import json
import logging
import mimetypes
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict

from nightdesk.kit.fence import Fence, folders_of_python

ZONES = "/usr/share/zoneinfo"
REPEATING = ("Could not load", "Unparseable", "Unsupported")


class Heard(logging.Handler):
    """What Apprise says of an address that it does not understand; nothing of it is written anywhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def answer(asked: Mapping[str, Any], heard: Heard) -> dict[str, str]:
    """What came of it; Apprise has loaded all that it may load before the fence closes."""
    manager = NotificationManager()  # type: ignore[no-untyped-call]
    manager.load_modules()  # type: ignore[no-untyped-call]
    mimetypes.init(())
    fence = Fence(allow=addresses(asked["allow"]), readable=[*folders_of_python(), ZONES])
    fence.close()
    facts = url_to_dict(asked["address"])  # type: ignore[no-untyped-call]
    if not facts:
        return {"outcome": "unknown", "service": "", "says": _said(heard)}
    if facts["schema"].lower() not in asked["schemas"]:
        return {"outcome": "closed", "service": str(facts["schema"]), "says": ""}
    service = apprise.Apprise.instantiate(facts, asset=apprise.AppriseAsset(storage_mode="memory"))
    name = str(manager[facts["schema"]].service_name)
    if service is None:
        return {"outcome": "incomplete", "service": name, "says": _said(heard)}
    if asked["notice"] is None:
        return {"outcome": "known", "service": name, "says": ""}
    return send(service, asked["notice"], fence) | {"service": name}


def addresses(allowed: Sequence[Sequence[Any]]) -> list[tuple[str, int]]:
    """Where the operator's own servers are just now; one that has no address is none."""
    found = []
    for host, port in allowed:
        with suppress(OSError):
            for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((str(entry[4][0]), int(port)))
    return found


def send(service: apprise.NotifyBase, notice: Mapping[str, Any], fence: Fence) -> dict[str, str]:
    """Sends; what the service's code says of it is taken from the log of the call."""
    one = apprise.Apprise()
    one.add(service)
    result = one.notify(
        body=notice["body"], title=notice["title"], body_format="text", timeout=notice["seconds"]
    )
    said = " ".join(dict.fromkeys(entry.message for entry in result.logs()))
    if result:
        return {"outcome": "sent", "says": said}
    if fence.refused:
        return {"outcome": "blocked", "says": ""}
    return {"outcome": "failed", "says": said}


def _said(heard: Heard) -> str:
    """What it says of its own accord, without the lines that repeat the whole address."""
    return " ".join(line for line in heard.lines if not line.startswith(REPEATING))


def main() -> None:
    heard, log = Heard(), logging.getLogger("apprise")
    log.addHandler(heard)
    log.propagate = False
    asked = json.load(sys.stdin)
    json.dump(answer(asked, heard), sys.stdout)


if __name__ == "__main__":
    main()
