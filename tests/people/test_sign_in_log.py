"""What is written down of signing in: each decision, and never what was typed."""

import logging

import pytest

from nightdesk.desk.people import TooManyGuesses, WrongPassword
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
    await desk.sessions.end_others(caller)
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
