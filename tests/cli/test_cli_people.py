"""People from the command line: invited, listed, changed, let in again, removed."""

import asyncio
import base64
import re
import time

import pytest
from cli_command import Command, well
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from nightdesk.bootstrap import open_house
from nightdesk.settings import Settings

PASSWORD = "a lighthouse over the night sea"


def accept(nightdesk: Command, path: str, name: str) -> None:
    """What the page behind the path does."""

    async def whole() -> None:
        async with open_house(Settings(data_dir=nightdesk.data)) as house:
            token = path.partition("token=")[2]
            await house.desk.invitations.accept(token, name, PASSWORD, "en", "UTC", "127.0.0.1", "test")

    asyncio.run(whole())


def people(nightdesk: Command) -> list[tuple[str, str]]:
    return [(one["email"], one["role"]) for one in nightdesk.json("people", "list")["people"]]


def test_an_empty_list_says_how_the_first_owner_comes_in(nightdesk):
    assert "nightdesk up" in well(nightdesk("people", "list"))


def test_people_are_invited_listed_given_roles_let_in_again_and_removed(nightdesk):
    owner = nightdesk.json("people", "invite", "Ana@example.org", "--role", "owner")["path"]
    assert re.fullmatch(r"/invitation\?token=[0-9A-Za-z]{32}", owner)
    (waiting,) = nightdesk.json("people", "list")["invitations"]
    assert (waiting["email"], waiting["role"], waiting["expired"]) == ("ana@example.org", "owner", False)
    accept(nightdesk, owner, "Ana")
    printed = well(nightdesk("people", "invite", "ben@example.org"))
    assert "join as editor, within 7 days" in printed
    accept(nightdesk, printed.splitlines()[0], "Ben")
    assert people(nightdesk) == [("ana@example.org", "owner"), ("ben@example.org", "editor")]
    assert "viewer now" in well(nightdesk("people", "role", "Ben@example.org", "viewer"))
    assert people(nightdesk)[1] == ("ben@example.org", "viewer")
    reset = nightdesk.json("people", "reset-password", "ben@example.org")["path"]
    accept(nightdesk, reset, "")
    assert "last seen" in well(nightdesk("people", "list"))
    assert "Removed" in well(nightdesk("people", "remove", "ben@example.org", "--yes"))
    assert people(nightdesk) == [("ana@example.org", "owner")]


def set_up_second_factor(nightdesk: Command, email: str) -> None:
    """What somebody does at their account page."""

    async def whole() -> None:
        async with open_house(Settings(data_dir=nightdesk.data)) as house:
            desk = house.desk
            token = await desk.sessions.sign_in(email, PASSWORD, "127.0.0.1", "test")
            caller = await desk.sessions.caller_of(token)
            key = (await desk.second_factors.begin(caller, PASSWORD)).key
            codes = TOTP(base64.b32decode(key), 6, SHA1(), 30)
            await desk.second_factors.confirm(caller, codes.generate(time.time()).decode())

    asyncio.run(whole())


def test_the_operator_takes_the_second_factor_off_who_is_locked_out(nightdesk):
    email = "olga@example.org"
    accept(nightdesk, nightdesk.json("people", "invite", email, "--role", "owner")["path"], "Olga")
    set_up_second_factor(nightdesk, email)
    told = {one["email"]: one["second_factor"] for one in nightdesk.json("people", "list")["people"]}
    assert told[email] is True
    assert "password alone" in well(nightdesk("people", "second-factor", "off", "Olga@example.org", "--yes"))
    told = {one["email"]: one["second_factor"] for one in nightdesk.json("people", "list")["people"]}
    assert told[email] is False
    again = nightdesk("people", "second-factor", "off", email, "--yes")
    assert (again.returncode, "no such second factor" in again.stderr) == (1, True)
    if len(people(nightdesk)) > 1:
        well(nightdesk("people", "remove", email, "--yes"))


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("invite", "no address"), 2, "no e-mail address"),
        (("invite", "ben@example.org", "--role", "king"), 2, "king"),
        (("role", "nobody@example.org", "owner"), 1, "no such person"),
        (("remove", "nobody@example.org", "--yes"), 1, "no such person"),
        (("reset-password", "nobody@example.org"), 1, "no such person"),
        (("second-factor", "off", "nobody@example.org", "--yes"), 1, "no such person"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(nightdesk, arguments, status, said):
    ended = nightdesk("people", *arguments)
    assert (ended.returncode, ended.stdout) == (status, "")
    assert said in ended.stderr


def test_the_last_owner_is_not_removed(nightdesk):
    email = "last@example.org"
    if not people(nightdesk):
        accept(nightdesk, nightdesk.json("people", "invite", email, "--role", "owner")["path"], "Last")
    ended = nightdesk("people", "remove", people(nightdesk)[0][0], "--yes")
    assert ended.returncode == 1
    assert "at least one owner" in ended.stderr
