"""How long a platform may stay silent is set on an account's page, among what is seldom needed."""

from typing import Any

import pytest

HTMX = {"HX-Request": "true"}
FORM = {
    "platform": "wordpress",
    "name": "Slow press",
    "values.address": "https://press.invalid",
    "values.user": "editor",
    "values.password": "abcdefghijklmnopqrst",
}


@pytest.mark.parametrize("platform", ["wordpress", "youtube", "instagram", "tiktok", "x"])
async def test_an_account_asks_for_its_seconds_among_what_is_seldom_needed(owner: Any, platform: str) -> None:
    text = (await owner.client.get(f"/accounts/new?platform={platform}")).text
    seldom = text.partition("Seldom needed")[2]
    for name, title, usual in (
        ("call_seconds", "Seconds for a call", "60"),
        ("upload_seconds", "Seconds for an upload", "300"),
    ):
        assert title in seldom
        assert f'id="field-values.{name}" name="values.{name}"' in seldom
        assert f'value="{usual}"' in seldom


@pytest.mark.parametrize("typed", ["0", "4", "101", "soon", "-60", "60.5"])
async def test_seconds_beyond_what_may_be_are_refused_at_their_field(owner: Any, typed: str) -> None:
    refused = await owner.client.post(
        "/accounts/new", data=FORM | {"values.call_seconds": typed}, headers=HTMX
    )
    assert refused.status_code == 422
    assert 'data-field="values.call_seconds"' in refused.text
    assert "5 to 100" in refused.text


async def test_seconds_that_may_be_are_kept_and_shown_again(owner: Any) -> None:
    made = await owner.client.post("/accounts/new", data=FORM | {"values.call_seconds": "90"}, headers=HTMX)
    text = (await owner.client.get(made.headers["hx-redirect"])).text
    assert 'value="90"' in text.partition("Seconds for a call")[2][:600]
