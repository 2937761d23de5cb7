"""The section of a site's own photos and clips: its forms, its messages, and words that are only content."""

import re
from typing import Any
from uuid import uuid4

import pytest_asyncio

from desk.test_own_footage import photo
from nightdesk.desk.rows import Site
from web.conftest import Person

HOSTILE = "<script>alert(1)</script> a heap\" onload='x"


@pytest_asyncio.fixture(loop_scope="session")
async def site(house: Any, owner: Person) -> Site:
    name = f"Own heaps {uuid4().hex[:8]}"
    found: Site = await house.desk.sites.create(owner.workspace, name, subject="Compost")
    return found


def page_of(site: Site) -> str:
    return f"/sites/{site.slug}/settings/videos"


async def added(owner: Person, site: Site, colour: str, shows: str, **more: str) -> Any:
    sent = {"file": ("heap.jpg", photo(colour), "image/jpeg")}
    data = {"own_shows": shows, "own_source": "the photo club", **more}
    return await owner.client.post(
        f"{page_of(site)}/own", data=data, files=sent, headers={"HX-Request": "true"}
    )


async def test_a_photo_is_added_with_its_words_which_are_content_alone(owner: Person, site: Site) -> None:
    assert "None so far" in (await owner.client.get(page_of(site))).text
    done = await added(owner, site, "red", HOSTILE)
    assert (done.status_code, "is added" in done.text) == (200, True)
    for text in (done.text, (await owner.client.get(page_of(site))).text):
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; a heap&#34; onload=&#39;x" in text
        assert "the photo club" in text
    small, file = re.findall(r'(?:src|href)="([^"]*(?:/small|/file\?v=\w+))"', done.text)[::-1]
    for where in (small, file):
        answer = await owner.client.get(where)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


async def test_messages_go_beside_the_fields_of_their_own_form(house: Any, owner: Person, site: Site) -> None:
    for answer, field in (
        (await added(owner, site, "red", "of the"), "own_shows"),
        (await added(owner, site, "red", "a heap", own_source="x" * 301), "own_source"),
        (await owner.client.post(f"{page_of(site)}/own", headers={"HX-Request": "true"}), "own_file"),
    ):
        assert (answer.status_code, f'data-field="{field}"' in answer.text) == (422, True)
    assert (
        "its words are those of the whole site" in (await added(owner, site, "red", "compost")).text.lower()
    )
    (piece,) = await house.desk.videos.own_shelf.listed(owner.workspace, site.id)
    at = f"{page_of(site)}/own/{piece.id}"
    wrong = await owner.client.post(at, data={"shows": ""}, headers={"HX-Request": "true"})
    assert (wrong.status_code, f'data-field="shows-{piece.id}"' in wrong.text) == (422, True)
    told = {"shows": "a heap", "source": "", "by_model": "on"}
    kept = await owner.client.post(at, data=told, headers={"HX-Request": "true"})
    assert ("made by a model" in kept.text, "no scene takes it" in kept.text) == (True, True)


async def test_one_that_was_removed_comes_back_and_another_sites_is_not_to_be_had(
    house: Any, owner: Person, site: Site
) -> None:
    await added(owner, site, "red", "a heap")
    (piece,) = await house.desk.videos.own_shelf.listed(owner.workspace, site.id)
    other = await house.desk.sites.create(owner.workspace, f"Elsewhere {uuid4().hex[:8]}")
    for path in ("", "/remove", "/back"):
        answer = await owner.client.post(f"{page_of(other)}/own/{piece.id}{path}", data={"shows": "a heap"})
        assert answer.status_code == 404
    at = f"{page_of(site)}/own/{piece.id}"
    gone = await owner.client.post(f"{at}/remove", headers={"HX-Request": "true"})
    assert ("None so far" in gone.text, f"{at}/back" in gone.text) == (True, True)
    assert (await owner.client.get(f"{at}/file")).status_code == 404
    assert (await owner.client.post(f"{at}/back")).status_code == 204
    assert "a heap" in (await owner.client.get(page_of(site))).text
