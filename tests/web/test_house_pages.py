"""Tonight, sites, settings, credits and people over HTTP: what a viewer sees, hostile names, many sites."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from api.api_house import Tenant
from api.rows import add_chain

PATHS = (
    "/",
    "/sites",
    "/settings/models",
    "/settings/site",
    "/settings/brand",
    "/settings/prompts",
    "/sites/hostile/settings/videos",
    "/sites/hostile/auto",
    "/tonight/cost",
    "/sites/hostile/settings/destinations",
    "/sites/hostile/settings/portable",
    "/credits",
    "/credits/ledger",
    "/insights",
    "/people",
)
HARMLESS = ("/theme", "/sign-out")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


async def hostile(house: Any, owner: Any) -> None:
    """A site with names that try to become part of the page."""
    name = HOSTILE[:120]
    if not any(site.name == name for site in await house.desk.sites.listed(owner.workspace)):
        facts = dict.fromkeys(("subject", "voice", "audience", "style"), HOSTILE)
        video = {"voice": HOSTILE}
        site = await house.desk.sites.create(owner.workspace, name, slug="hostile", video=video, **facts)
        await add_chain(house, Tenant(owner.workspace, site.id, "", None), name=HOSTILE)  # type: ignore[arg-type]
        await house.desk.credits.grant(owner.workspace, 5, "hostile", HOSTILE)


@pytest.mark.parametrize("path", PATHS)
async def test_a_viewer_sees_the_page_and_no_button_that_changes_anything(
    house: Any, owner: Any, viewer: Any, path: str
) -> None:
    await hostile(house, owner)
    answer = await viewer.client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    sent = set(re.findall(r'(?:hx-post|action)="([^"]+)"', answer.text))
    assert {one for one in sent if not one.startswith(HARMLESS)} <= {"/sites", "/credits/ledger"}, path


@pytest.mark.parametrize("path", PATHS)
async def test_hostile_names_are_shown_and_never_become_part_of_the_page(
    house: Any, owner: Any, path: str
) -> None:
    await hostile(house, owner)
    asked = {"site": "hostile", "q": HOSTILE, "month": HOSTILE, "kind": HOSTILE}
    answer = await owner.client.get(path, params=asked, follow_redirects=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


async def test_as_many_questions_are_asked_for_many_sites_as_for_few(house: Any, owner: Any) -> None:
    asked: list[str] = []

    def heard(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    async def questions(path: str) -> int:
        await owner.client.get(path)
        asked.clear()
        assert (await owner.client.get(path)).status_code == 200
        return len(asked)

    engine = house.store._tenant_engine.sync_engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        few = [await questions(path) for path in ("/", "/sites")]
        for number in range(30):
            site = await house.desk.sites.create(owner.workspace, f"Many {number}")
            await house.desk.automation.change(owner.workspace, site.id, "article", {"is_enabled": True})
            await add_chain(house, Tenant(owner.workspace, site.id, "", None))  # type: ignore[arg-type]
        many = [await questions(path) for path in ("/", "/sites")]
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert few == many
    assert max(many) < 45


async def test_a_page_of_sites_follows_the_one_before(house: Any, owner: Any) -> None:
    seen: list[str] = []
    path: str | None = "/sites"
    while path:
        answer = await owner.client.get(path)
        main = answer.text.split("<tbody>")[1].split("</tbody>")[0]
        seen += re.findall(r'href="/sites/[^"]+"><strong>([^<]+)</strong>', main)
        found = re.search(r'href="(/sites\?[^"]*after=[^"]+)"', answer.text)
        path = found[1].replace("&amp;", "&") if found else None
    listed = await house.desk.sites.listed(owner.workspace)
    assert len(seen) == len(set(seen))
    assert len([one for one in seen if one.startswith("Many")]) == len(
        [site for site in listed if site.name.startswith("Many")]
    )
    assert (await owner.client.get("/sites", params={"after": "nonsense"})).status_code == 200


async def test_the_page_of_models_says_how_the_words_of_silent_voices_are_timed(owner: Any) -> None:
    page = (await owner.client.get("/settings/models")).text
    assert page.count("voices that tell no times are aligned") == 1
