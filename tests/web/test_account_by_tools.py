"""An account is connected by a tool server on its page, and its mapping is changed there."""

from typing import Any

import pytest

TOKEN = "a-token-that-no-page-shows"
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(("way", "shown"), [("", "Client ID"), ("&way=mcp", "Address of the server")])
async def test_each_way_asks_for_its_own(owner: Any, way: str, shown: str) -> None:
    text = (await owner.client.get(f"/accounts/new?platform=x{way}")).text
    assert shown in text
    assert ("Client ID" in text) == (way == "")
    assert f'name="way" value="{"mcp" if way else "rest"}"' in text


async def test_an_account_by_tools_shows_its_mapping_and_never_its_token(owner: Any) -> None:
    arguments = '{"text": "{title} & more"}'
    form = {
        "platform": "x",
        "way": "mcp",
        "name": "By tools",
        "values.address": "https://tools.invalid/mcp",
        "values.token": TOKEN,
        "values.preset": "twitter-mcp",
        "values.without_token": "no",
        "values.arguments": arguments,
    }
    made = await owner.client.post("/accounts/new", data=form, headers=HTMX)
    text = (await owner.client.get(made.headers["hx-redirect"])).text
    assert "https://tools.invalid/mcp" in text
    assert "{title} &amp; more" in text
    assert TOKEN not in text
    assert "could not be found" in text or "cannot be asked" in text
    wrong = await owner.client.post("/accounts/new", data=form | {"values.preset": "nobody"}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'data-field="values.preset"' in wrong.text
