"""The page of auto mode as requests: what each role is shown, and what is refused with a sentence."""

import itertools
from typing import Any

import pytest

from nightdesk.desk.people import Operator
from nightdesk.desk.rows import Site

HTMX = {"HX-Request": "true"}
_sites = itertools.count(1)


@pytest.fixture
async def site(house: Any, owner: Any) -> Site:
    made: Site = await house.desk.sites.create(owner.workspace, f"By itself {next(_sites)}")
    await house.desk.niches.auto.toggle(owner.workspace, made.id, True, 1)
    return made


async def test_an_owner_signs_an_editor_works_and_a_viewer_looks(
    owner: Any, join: Any, viewer: Any, site: Site
) -> None:
    at, editor = f"/sites/{site.slug}/auto", await join("Edgar", "editor")
    signs, works, looks = [(await one.client.get(at)).text for one in (owner, editor, viewer)]
    assert 'data-opens="sign-article"' in signs
    assert "sign-article" not in works
    assert f'hx-post="{at}/pace"' in works
    assert f'hx-post="{at}/two-people"' in signs
    assert f'hx-post="{at}/two-people"' not in works
    assert f'hx-post="{at}' not in looks
    refused = await editor.client.post(f"{at}/rules/article", data={"hold": "60"}, headers=HTMX)
    assert refused.status_code == 403


async def test_a_rule_is_of_a_kind_that_there_is_and_of_minutes_that_are_allowed(
    house: Any, owner: Any, site: Site
) -> None:
    at = f"/sites/{site.slug}/auto/rules"
    assert (await owner.client.get(f"{at}/poem", params={"hold": "60"})).status_code == 404
    assert (await owner.client.get(f"{at}/video", params={"hold": "1e3"}, headers=HTMX)).status_code == 422
    said = (await owner.client.get(f"{at}/video", params={"hold": "90"}, headers=HTMX)).text
    assert "within 1 hour 30 minutes at the gate" in said
    assert (await owner.client.post(f"{at}/video", data={"hold": "4"}, headers=HTMX)).status_code == 422
    await house.desk.auto_modes.standings.want_two_people(Operator(owner.workspace), site.id, True)
    refused = await owner.client.post(f"{at}/video", data={"hold": "60"}, headers=HTMX)
    assert (refused.status_code, "approved by two people" in refused.text) == (409, True)
    assert await house.desk.auto_modes.rules.listed(owner.workspace, site.id) == []


async def test_what_another_rule_held_or_nobody_knows_cannot_be_stopped(owner: Any, site: Site) -> None:
    for path in (f"/sites/{site.slug}/auto/held/4711/stop", "/tonight/held/4711/stop"):
        assert (await owner.client.post(path, headers=HTMX)).status_code == 404


async def test_an_address_from_before_leads_to_the_page(owner: Any, site: Site) -> None:
    answer = await owner.client.get(f"/sites/{site.slug}/settings/pace")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sites/{site.slug}/auto")
