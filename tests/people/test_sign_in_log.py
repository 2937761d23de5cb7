"""What is written down of signing in: each decision, and never what was typed."""

import logging

import pytest

from nightdesk.desk.people import NotAllowed, TooManyGuesses, WrongPassword
from nightdesk.faces.cli.log_lines import write_log_lines
from people.desk_of_people import BETTER, GOOD, HERE

TYPED = "typed by mistake into the wrong field"


async def test_every_refusal_is_logged_with_its_address_and_person_and_nothing_that_was_typed(
    desk, ana, caplog
):
    caplog.set_level(logging.INFO, "nightdesk")
    for email in (ana.email, TYPED):
        with pytest.raises(WrongPassword):
            await desk.sessions.sign_in(email, TYPED, "203.0.113.9", "script")
    for _ in range(10):
        with pytest.raises((WrongPassword, TooManyGuesses)):
            await desk.sessions.sign_in(ana.email, TYPED, "203.0.113.9", "script")
    told = [(line.action, getattr(line, "person", None), line.address) for line in caplog.records]
    refused = ("sign_in_refused", ana.person_id, "203.0.113.9")
    assert told == [
        refused,
        ("sign_in_refused", None, "203.0.113.9"),
        *[refused] * 9,
        ("sign_in_held_back", None, "203.0.113.9"),
    ]
    written = str([line.__dict__ for line in caplog.records])
    assert TYPED not in written
    assert ana.email not in written


async def test_every_coming_in_and_change_of_credentials_is_in_the_book(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, "203.0.113.9", "Firefox")
    caller = await desk.caller(await desk.sessions.change_password(await desk.caller(token), GOOD, BETTER))
    await desk.joined(caller, "Ben", "editor")
    await desk.sessions.sign_in(ana.email, BETTER, *HERE)
    await desk.sessions.end_others(caller, BETTER)
    told = [(deed.who, deed.deed, deed.address) for deed in await desk.people.deeds(caller)]
    there = "203.0.113.9"
    assert told == [
        ("Ana", "session_ended", there),
        ("Ana", "signed_in", HERE[0]),
        ("Ben", "joined", HERE[0]),
        ("Ana", "invited", there),
        ("Ana", "password_changed", there),
        ("Ana", "signed_in", there),
        ("Ana", "began", HERE[0]),
    ]
    kept = str(await desk.rows("select * from audit"))
    assert GOOD not in kept
    assert BETTER not in kept
    assert token not in kept


async def test_what_is_refused_for_a_role_is_logged_with_who_wanted_it(desk, ana, caplog):
    ben = await desk.joined(ana, "Ben", "editor")
    with pytest.raises(NotAllowed):
        await desk.people.remove(ben, ana.person_id)
    (line,) = caplog.records
    told = (line.action, line.workspace, line.person, line.needed)
    assert told == ("role_refused", ana.workspace_id, ben.person_id, "owner")


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_is_logged_can_begin_a_line_of_its_own(form, capsys):
    root, ours = logging.getLogger(), logging.getLogger("nightdesk")
    before = root.handlers, root.level, ours.level
    try:
        write_log_lines(form)
        ours.warning("sign-in refused", extra={"address": "192.0.2.1\n2026-01-01 [info] signed in\x1b[2J"})
    finally:
        root.handlers = before[0]
        root.setLevel(before[1])
        ours.setLevel(before[2])
    written = capsys.readouterr().err
    assert "192.0.2.1" in written
    assert "\x1b[2J" not in written
    assert len(written.splitlines()) == 1
