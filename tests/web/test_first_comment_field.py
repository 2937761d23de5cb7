"""A first comment is typed where a piece is sent out, if an account of its site can write one."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.faces.web.publish import MOST_COMMENT
from nightdesk.publishers import KINDS

HTMX = {"HX-Request": "true"}
_sites = itertools.count(1)
NOWHERE = {"client_id": "client", "refresh_token": "token", "api": "http://127.0.0.1:9"}
TOOL = {"preset": "twitter-mcp", "address": "http://127.0.0.1:9/mcp", "token": "token-of-a-tool"}


async def _part(house: Any, owner: Any, *accounts: NewAccount) -> tuple[str, list[int]]:
    """Where a video of a new site is sent out, and the numbers of the accounts that the site has."""
    site = await house.desk.sites.create(owner.workspace, f"Commenting {next(_sites)}")
    whose, by = Tenant(owner.workspace, site.id, "", owner.client), Operator(owner.workspace)
    made = [await house.desk.accounts.connect(by, one) for one in accounts]
    for one in made:
        await house.desk.accounts.link(by, one.id, site.id)
    video = await film(house, whose, status="approved", reviewed_at=datetime.now(UTC))
    return f"/publish/video/{video.id}", [one.id for one in made]


@pytest.mark.parametrize(
    ("account", "way", "values", "shown"),
    [("x", "rest", NOWHERE, True), ("x", "mcp", TOOL, False), ("folder", "rest", {"folder": "c"}, False)],
)
async def test_it_is_asked_for_where_an_account_can_write_it(
    house: Any, owner: Any, account: str, way: str, values: dict[str, str], shown: bool
) -> None:
    at, _ = await _part(house, owner, NewAccount(account, "It", values, way=way))
    text = (await owner.client.get(at, headers=HTMX)).text
    assert ('name="first_comment"' in text) is shown
    assert ("on X." in text) is shown


async def test_what_was_typed_goes_along_as_an_option(house: Any, owner: Any) -> None:
    at, (account,) = await _part(house, owner, NewAccount("x", "It", NOWHERE))
    form = {
        "account": str(account),
        "when": "now",
        "options": "caption: Short",
        "first_comment": " One:\ntwo ",
    }
    assert (await owner.client.post(at, data=form, headers=HTMX)).status_code == 200
    coming = await house.desk.publishing.calendar.next_out(owner.workspace, 50)
    (options,) = [one.publication.options for one in coming if one.publication.account_id == account]
    assert options == {"caption": "Short", "first_comment": "One:\ntwo"}


async def test_one_that_is_too_long_is_refused_at_its_field(house: Any, owner: Any) -> None:
    at, (account,) = await _part(house, owner, NewAccount("x", "It", NOWHERE))
    form = {"account": str(account), "when": "now", "first_comment": "x" * (MOST_COMMENT + 1)}
    refused = await owner.client.post(at, data=form, headers=HTMX)
    assert refused.status_code == 422
    assert 'data-field="first_comment"' in refused.text


def test_three_platforms_write_first_comments_and_none_by_a_tool() -> None:
    assert [name for name, kind in KINDS.items() if kind.comments] == ["youtube", "instagram", "x"]
    assert not any(kind.by("mcp").comments for kind in KINDS.values() if "mcp" in kind.ways)
