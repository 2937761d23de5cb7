"""What the headers of answers say, and do not say, whatever the page."""

import re
from pathlib import Path
from typing import Any

import pytest

from nightdesk.desk.people import Operator
from nightdesk.faces.api.serving import server_config
from nightdesk.faces.web import assets
from nightdesk.settings import Settings

PATHS = ("/", "/sites", "/runs", "/sign-in", "/start", "/nowhere", "/search?q=x")


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_with_a_body_names_its_kind_and_charset(
    owner: Any, nobody: Any, path: str
) -> None:
    for client in (owner.client, nobody):
        answer = await client.get(path)
        if answer.content:
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", PATHS)
async def test_no_answer_opens_itself_to_other_origins_or_names_what_serves_it(owner: Any, path: str) -> None:
    there = {"Origin": "https://elsewhere.test", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = await owner.client.request(method, path, headers=there)
        told = {name.lower() for name in answer.headers}
        assert not {name for name in told if name.startswith("access-control-")}
        assert not told & {"server", "x-powered-by", "via"}
    assert server_config(None, "", 0).server_header is False


async def test_a_method_that_an_address_does_not_take_is_refused(owner: Any) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"):
        answer = await owner.client.request(method, "/sites")
        assert answer.status_code in (403, 405), method


async def test_password_helpers_may_fill_and_paste_into_every_password_field(
    house: Any, owner: Any, nobody: Any
) -> None:
    link = await house.desk.invitations.invite(Operator(owner.workspace), "helper@desk.test", "viewer")
    for path, kind in (("/sign-in", "current-password"), (f"/invitation?token={link}", "new-password")):
        body = (await nobody.get(path)).text
        (field,) = [tag for tag in body.split("<input")[1:] if 'type="password"' in tag.split(">")[0]]
        assert f'autocomplete="{kind}"' in field.split(">")[0]
        assert "maxlength" not in field.split(">")[0]
        assert "onpaste" not in body


def test_no_script_of_ours_keeps_anything_in_the_browser() -> None:
    scripts = list((Path(assets.__file__).parent / "static").glob("*.js"))
    assert len(scripts) >= 5
    for script in scripts:
        kept = re.findall(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.", script.read_text("utf-8")
        )
        assert kept == [], script.name


async def test_no_page_may_ask_for_the_camera_the_microphone_or_the_place(nobody: Any) -> None:
    allowed = (await nobody.get("/sign-in")).headers["permissions-policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"} <= set(allowed)


def test_without_being_told_otherwise_this_machine_alone_is_listened_to() -> None:
    assert Settings.model_fields["host"].default == "127.0.0.1"
