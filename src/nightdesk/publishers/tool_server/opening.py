"""Opens the publisher of an account that is spoken to by a tool server, with what is its own alone."""

import json
from collections.abc import Sequence
from pathlib import Path

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.tools import Server
from nightdesk.publisher import Login, Platform
from nightdesk.publishers.tool_server.fields import mapped
from nightdesk.publishers.tool_server.programs import Program
from nightdesk.publishers.tool_server.publisher import ToolPublisher

CONNECT_SECONDS = 30.0


def opened(
    login: Login,
    platform: Platform,
    data: Path,
    guard: Guard,
    programs: Sequence[Program] = (),
    seconds: float = CONNECT_SECONDS,
) -> ToolPublisher:
    """The publisher of one account. `programs` are those that the operator lets accounts start.

    Raises `NeedsPerson` where the account lacks something: never is a log-in used that is not its own.
    """
    found = mapped(platform, login.config)
    address, program = str(login.config.get("address", "")), str(login.config.get("program", ""))
    if bool(address) == bool(program):
        raise NeedsPerson("The account needs either the address of a tool server or the name of a program.")
    server = (
        _at_address(login, address, guard, seconds)
        if address
        else _as_program(login, program, programs, seconds)
    )
    return ToolPublisher(platform, server, found, data / "tool-jobs" / str(login.workspace_id))


def _at_address(login: Login, address: str, guard: Guard, seconds: float) -> Server:
    token = login.secrets.get("token", "")
    if not token and login.config.get("without_token") != "yes":
        raise NeedsPerson(
            "The account has no token of its own for the tool server, and none is used in its place. Give it "
            "one, or say that the server needs none."
        )
    return Server(login.name, url=address, token=token, seconds=seconds, guard=guard)


def _as_program(login: Login, name: str, programs: Sequence[Program], seconds: float) -> Server:
    program = next((one for one in programs if one.name == name), None)
    if program is None:
        there = ", ".join(one.name for one in programs)
        allowed = f"it allows {there}" if there else "it allows none"
        raise NeedsPerson(
            f"This desk starts no program `{name}` for accounts; {allowed}. Its operator sets "
            "NIGHTDESK_TOOL_PROGRAMS."
        )
    given = _credentials(login.secrets.get("credentials", ""))
    if lacks := [one for one in program.needs if not given.get(one)]:
        raise NeedsPerson(
            f"The program {name} needs {', '.join(lacks)} of the account's own, and none are used in their "
            "place. Give them to the account."
        )
    if extra := sorted(set(given) - set(program.needs)):
        raise NeedsPerson(f"The program {name} is given no {', '.join(extra)[:200]}: leave that out.")
    return Server(
        login.name,
        program=(program.command, *program.args),
        environment={**program.env, **given},
        secrets=tuple(given.values()),
        seconds=seconds,
    )


def _credentials(written: str) -> dict[str, str]:
    if not written.strip():
        return {}
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise NeedsPerson(
            "The credentials are not JSON of names and texts. Write them so, and give them again."
        )
    return found
