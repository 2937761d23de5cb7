"""The workspace's own page: an owner renames it, everybody sees how full it is."""

from typing import Any

from sqlalchemy import delete

from api.api_house import Tenant
from api.rows import add
from nightdesk.desk.workspaces import Workspaces
from nightdesk.store.quota import Quota
from nightdesk.store.tables.library import Asset, Document

PAGE = "/settings/workspace"


async def test_an_owner_renames_the_workspace_and_the_book_tells_it(house: Any, owner: Any) -> None:
    before = await house.desk.workspaces.name(owner.workspace)
    answer = await owner.client.post(PAGE, data={"name": " The Day Desk "}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "The Day Desk" in answer.text
    assert await house.desk.workspaces.name(owner.workspace) == "The Day Desk"
    book = (await owner.client.get("/people/book")).text
    assert "renamed the workspace:" in book
    assert f"{before} → The Day Desk" in book
    await owner.client.post(PAGE, data={"name": before})


async def test_a_name_that_is_none_is_told_at_its_field_and_changes_nothing(house: Any, owner: Any) -> None:
    before = await house.desk.workspaces.name(owner.workspace)
    for name in ("", "  ", "x" * 121, "a\x00b"):
        answer = await owner.client.post(PAGE, data={"name": name}, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert 'data-field="name"' in answer.text
    assert await house.desk.workspaces.name(owner.workspace) == before


async def test_a_viewer_sees_how_full_it_is_and_cannot_rename_it(house: Any, viewer: Any, owner: Any) -> None:
    page = (await viewer.client.get(PAGE)).text
    assert f'hx-post="{PAGE}"' not in page
    assert "of 20 GB" in page
    before = await house.desk.workspaces.name(owner.workspace)
    assert (await viewer.client.post(PAGE, data={"name": "Mine"})).status_code == 403
    assert await house.desk.workspaces.name(owner.workspace) == before


async def test_the_page_counts_what_is_kept_and_warns_when_little_room_is_left(
    house: Any, owner: Any
) -> None:
    site = await house.desk.sites.create(owner.workspace, "Kept")
    tenant = Tenant(owner.workspace, site.id, "", None)  # type: ignore[arg-type]
    assert "There is little room left" not in (await owner.client.get(PAGE)).text
    async with house.store.workspace(owner.workspace) as session:
        session.add(Asset(workspace_id=owner.workspace, sha256="a" * 64, mime="image/png", size=19 * 2**30))
    await add(house, tenant, Document, title="T", text="x" * 999, content_hash="kept")
    page = (await owner.client.get(PAGE)).text
    assert "19 GB of 20 GB" in page
    assert "There is little room left" in page
    async with house.store.workspace(owner.workspace) as session:
        await session.execute(delete(Asset).where(Asset.sha256 == "a" * 64))
    assert "19 GB of 20 GB" not in (await owner.client.get(PAGE)).text


async def test_without_a_quota_there_is_no_bar(house: Any, owner: Any) -> None:
    anything = await Workspaces(house.store, house.clock, Quota(house.store)).storage(owner.workspace)
    assert anything.most == 0
    assert " of " not in anything.says
    assert not anything.nearly_full
