"""What the pages refuse is written down: who asked for what, and nothing of what was typed."""

import logging
from typing import Any

import pytest


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "nightdesk")
    return caplog


async def test_a_page_that_is_refused_for_the_role_is_logged_with_who_asked(
    house: Any, viewer: Any, told: Any
) -> None:
    caller = await house.desk.sessions.caller_of(viewer.token)
    for method, path in (("GET", "/people/book"), ("POST", "/people/invite")):
        told.clear()
        assert (await viewer.client.request(method, path)).status_code == 403
        (line,) = [line for line in told.records if getattr(line, "action", "") == "role_refused"]
        assert (line.workspace, line.person, line.needed) == (viewer.workspace, caller.person_id, "owner")


async def test_a_form_of_another_site_is_logged_with_where_it_was_sent(owner: Any, told: Any) -> None:
    answer = await owner.client.post("/sign-out", headers={"Origin": "https://elsewhere.test"})
    assert answer.status_code == 403
    (line,) = told.records
    assert (line.action, line.path, line.address) == ("origin_refused", "/sign-out", "127.0.0.1")


async def test_input_that_is_refused_is_logged_by_its_field_and_not_by_what_was_typed(
    owner: Any, told: Any
) -> None:
    form = {"name": "Ada", "timezone": "typed by mistake", "language": "en", "theme": "dark"}
    assert (await owner.client.post("/me", data=form)).status_code == 422
    (line,) = told.records
    assert (line.action, line.field, line.path) == ("input_refused", "timezone", "/me")
    assert "typed by mistake" not in str(line.__dict__)


async def test_a_session_is_not_ended_without_the_password(house: Any, owner: Any) -> None:
    desk = house.desk
    other = await desk.sessions.sign_in("ada@desk.test", "lantern meadow quiet harbour", "127.0.0.1", "test")
    number = (await desk.sessions.caller_of(other)).session_id
    for path in (f"/me/sessions/{number}/end", "/me/sessions/end-others"):
        for form in ({}, {"password": "something else entirely"}):
            answer = await owner.client.post(path, data=form)
            assert answer.status_code == 422
            assert "present password is wrong" in answer.text
    assert await desk.sessions.caller_of(other)
    form = {"password": "lantern meadow quiet harbour"}
    assert (await owner.client.post(f"/me/sessions/{number}/end", data=form)).status_code == 200
    assert await desk.sessions.caller_of(other) is None
