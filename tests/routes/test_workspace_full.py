"""A workspace that is full takes nothing more in, says what to do, and loses nothing of what waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Drawing
from sqlalchemy import delete

from api.api_house import Tenant, working
from api.rows import add_chain, change, read
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Full
from nightdesk.desk.sources import Sources
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.store.quota import Quota, StorageFull
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.writer import Content, Image

DOCUMENTS, KEYWORDS = "/api/v1/documents", "/api/v1/keywords"
WORDS = "A heat pump moves heat from the air outside into the house, and needs little power for it. " * 5


@asynccontextmanager
async def filled(house: House, tenant: Tenant) -> AsyncIterator[None]:
    """As if the files of the workspace took all that it may keep."""
    async with house.store.workspace(tenant.workspace) as session:
        session.add(Asset(workspace_id=tenant.workspace, sha256="f" * 64, mime="video/mp4", size=20 * 2**30))
    yield
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(delete(Asset).where(Asset.sha256 == "f" * 64))


def said(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 413, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == "workspace_full"
    assert "20 GB of 20 GB are used" in problem["detail"]
    assert "ask the operator" in problem["detail"]
    return problem


async def take_in(tenant: Tenant, name: str, text: str) -> Any:
    files = {"file": (name, text.encode(), "text/plain")}
    return await tenant.client.post(DOCUMENTS, params={"site_id": tenant.site}, files=files)


async def test_no_document_is_taken_in_where_there_is_no_room(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    async with filled(house, alice):
        said(await take_in(alice, "one.txt", WORDS))
        assert (await take_in(bob, "one.txt", WORDS)).status_code == 201
        listed = await alice.client.get(DOCUMENTS, params={"site_id": alice.site})
        assert listed.json()["items"] == []
    assert (await take_in(alice, "one.txt", WORDS)).status_code == 201


async def test_a_document_that_is_there_already_is_told_as_such_though_there_is_no_room(
    house: House, alice: Tenant
) -> None:
    await take_in(alice, "one.txt", WORDS)
    async with filled(house, alice):
        assert (await take_in(alice, "again.txt", WORDS)).json()["duplicate"] is True


async def test_no_keywords_are_imported_where_there_is_no_room(house: House, alice: Tenant) -> None:
    where = {"site_id": alice.site}
    words = {"file": ("words.txt", b"tea\ncoffee\n", "text/plain")}
    async with filled(house, alice):
        said(await alice.client.post(f"{KEYWORDS}/import", params=where, files=words))
        shown = await alice.client.post(f"{KEYWORDS}/import", params=where | {"preview": True}, files=words)
        assert shown.status_code == 200
        with pytest.raises(Full):
            await house.desk.planner.keyword_imports.begin(alice.workspace, alice.site, "w.txt", b"tea\n")
        assert (await alice.client.get(KEYWORDS, params=where)).json()["items"] == []
    assert (await alice.client.post(f"{KEYWORDS}/import", params=where, files=words)).status_code == 200


async def test_a_picture_is_not_replaced_where_there_is_no_room(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    drawn = BytesIO()
    Drawing.new("RGB", (64, 48), "#d63939").save(drawn, "PNG")
    replace = house.desk.review.images.replace
    async with filled(house, alice):
        with pytest.raises(Full, match="20 GB of 20 GB are used"):
            await replace(alice.workspace, chain.image, drawn.getvalue())
        assert (await read(house, alice, Image, chain.image)).asset is None
    assert (await replace(alice.workspace, chain.image, drawn.getvalue())).asset


async def test_a_site_takes_no_more_documents_than_it_may(house: House, alice: Tenant) -> None:
    sources = Sources(house.store, Fetcher(Guard(), house.clock), Quota(house.store, most_documents=2))
    for number in range(2):
        await sources.add_file(alice.workspace, alice.site, "d.txt", f"{WORDS} {number}".encode())
    with pytest.raises(Full, match="A site may have 2 documents"):
        await sources.add_file(alice.workspace, alice.site, "d.txt", f"{WORDS} third".encode())
    assert (await house.desk.workspaces.storage(alice.workspace)).documents == 2


async def test_what_is_stored_passes_the_quota_whoever_stores_it(house: House, alice: Tenant) -> None:
    async with filled(house, alice):
        with pytest.raises(StorageFull):
            await house.files.put(alice.workspace, b"a picture", "image/png")
        with pytest.raises(StorageFull):
            await house.files.expect(alice.workspace)
    await house.files.put(alice.workspace, b"a picture", "image/png")


async def test_a_run_pauses_before_it_makes_a_picture_and_goes_on_when_there_is_room(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice, status="draft")
    await change(house, alice, Image, chain.image, status="pending", asset=None)
    runs = house.desk.runs
    async with working(house):
        async with filled(house, alice):
            run = await runs.run_now(alice.workspace, alice.site, "article")
            paused = await when(lambda: runs.get(alice.workspace, run.id), "paused")
            assert paused.pause_reason == "needs_person"
            assert "20 GB of 20 GB are used" in paused.error_message
            image = await read(house, alice, Image, chain.image)
            assert (image.state, image.asset, image.tries) == ("pending", None, 0)
            assert paused.total_credits_used == 0
        await runs.resume(alice.workspace, run.id)
        await when(lambda: runs.get(alice.workspace, run.id), "completed")
    assert (await read(house, alice, Image, chain.image)).state == "generated"
    assert (await read(house, alice, Content, chain.content)).state == "review"


async def when(look: Callable[[], Awaitable[Any]], status: str) -> Any:
    for _ in range(200):
        run = await look()
        if run.status == status:
            return run
        await asyncio.sleep(0.05)
    raise AssertionError(f"the run is {run.status}: {run.error_message}")
