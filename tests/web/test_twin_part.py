"""The part of a piece's page that has its idea told in the other form, as requests."""

import itertools
from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import add_chain
from desk.video_rows import film

HTMX = {"HX-Request": "true"}
_sites = itertools.count(1)


@pytest.fixture
async def whose(house: Any, owner: Any) -> Tenant:
    """The owner's workspace, with a site of the test's own, and credits for a video."""
    await house.desk.credits.grant(owner.workspace, 1000, f"twins {next(_sites)}", "")
    site = await house.desk.sites.create(owner.workspace, f"Twins {next(_sites)}")
    return Tenant(owner.workspace, site.id, "", owner.client)


async def test_an_article_is_also_made_as_a_video_from_its_page(
    house: Any, owner: Any, viewer: Any, whose: Tenant
) -> None:
    content = (await add_chain(house, whose)).content
    assert "Also as a video" in (await owner.client.get(f"/review/{content}")).text
    assert "Also as a video" not in (await viewer.client.get(f"/review/{content}")).text
    assert (await viewer.client.post(f"/twins/article/{content}", headers=HTMX)).status_code == 403
    made = await owner.client.post(f"/twins/article/{content}", headers=HTMX)
    assert "is being made" in made.text
    again = await owner.client.post(f"/twins/article/{content}", headers=HTMX)
    assert "nothing was changed" in again.text
    twin = await house.desk.videos.twinning.of_content(owner.workspace, content)
    assert f'href="/videos/{twin.video_id}"' in (await owner.client.get(f"/review/{content}")).text
    assert f'href="/review/{content}"' in (await owner.client.get(f"/videos/{twin.video_id}")).text


async def test_a_video_is_also_planned_as_an_article_from_its_page(
    house: Any, owner: Any, whose: Tenant
) -> None:
    video = (await film(house, whose)).id
    assert "Also as an article" in (await owner.client.get(f"/videos/{video}")).text
    assert "is planned" in (await owner.client.post(f"/twins/video/{video}", headers=HTMX)).text
    assert "The next run of the" in (await owner.client.get(f"/videos/{video}")).text


async def test_what_is_not_there_has_no_other_form(owner: Any) -> None:
    for path in ("/twins/article/999999", "/twins/video/999999", "/twins/poem/1"):
        assert (await owner.client.post(path, headers=HTMX)).status_code == 404, path
