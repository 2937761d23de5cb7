"""Files that nothing names any more go a day later; what is named, young or wanted again stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from api.api_house import Tenant
from api.rows import add_chain, change
from nightdesk.bootstrap import House
from nightdesk.desk.retention.unused_files import NAMED, UnusedFiles
from nightdesk.kit.clock import SetClock
from nightdesk.store.tables import Table
from nightdesk.store.tables.writer import Image
from retention.old_nights import rows

NAMING = (
    "asset", "picture", "logo", "brand", "thumbnail", "poster", "sha256", "file", "cover", "footage",
    "sound", "narration", "srt", "vtt", "given",
)  # fmt: skip
"""What the name of a column that holds the name of a file is likely to have in it."""


def sweeping(house: House, now: datetime) -> UnusedFiles:
    return UnusedFiles(house.store, house.files, SetClock(now))


async def stored(house: House, tenant: Tenant, content: bytes, *, hours: float, row: bool = True) -> str:
    """A file that was stored so many hours ago."""
    ref = await house.files.put(tenant.workspace, content, "image/png")
    path = Path(house.settings.storage) / str(tenant.workspace) / ref.sha256[:2] / ref.sha256
    at = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))
    if row:
        facts: dict[str, Any] = {"w": tenant.workspace, "s": ref.sha256, "n": ref.size}
        new = "insert into assets (workspace_id, sha256, mime, size) values (:w, :s, 'image/png', :n)"
        async with house.store.workspace(tenant.workspace) as session:
            await session.execute(text(new), facts)
    return ref.sha256


async def there(house: House, tenant: Tenant, name: str) -> bool:
    return await house.files.exists(tenant.workspace, name)


async def test_a_file_goes_a_day_after_nothing_names_it_any_more(house: House, alice: Tenant) -> None:
    now = datetime.now(UTC)
    one = await add_chain(house, alice)
    named = await stored(house, alice, b"named", hours=99)
    unnamed = await stored(house, alice, b"unnamed", hours=99)
    await change(house, alice, Image, one.image, asset=named)
    for hours, remains in ((0, True), (23, True), (25, False)):
        await sweeping(house, now + timedelta(hours=hours)).sweep(alice.workspace)
        assert await there(house, alice, unnamed) is remains, hours
    assert await there(house, alice, named)
    assert await rows(house, alice, "assets") == 1


async def test_a_file_that_is_named_again_in_time_stays(house: House, alice: Tenant) -> None:
    now = datetime.now(UTC)
    one = await add_chain(house, alice)
    name = await stored(house, alice, b"back", hours=99)
    await sweeping(house, now).sweep(alice.workspace)
    await change(house, alice, Image, one.image, asset=name)
    await sweeping(house, now + timedelta(hours=30)).sweep(alice.workspace)
    assert await there(house, alice, name)
    assert await rows(house, alice, "assets", "unused_since is null") == 1


async def test_a_file_that_is_stored_again_a_moment_before_stays_for_who_stored_it(
    house: House, alice: Tenant
) -> None:
    now = datetime.now(UTC)
    name = await stored(house, alice, b"wanted again", hours=99)
    await sweeping(house, now - timedelta(hours=30)).sweep(alice.workspace)
    await house.files.put(alice.workspace, b"wanted again", "image/png")
    await sweeping(house, now).sweep(alice.workspace)
    assert await there(house, alice, name)
    assert await rows(house, alice, "assets") == 1


async def test_a_file_without_a_row_goes_when_it_is_a_day_old(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    stray = await stored(house, alice, b"stray", hours=25, row=False)
    young = await stored(house, alice, b"young", hours=23, row=False)
    other = await stored(house, bob, b"stray", hours=25)
    assert await sweeping(house, datetime.now(UTC)).sweep(alice.workspace) == 1
    found = [await there(house, who, name) for who, name in ((alice, stray), (alice, young), (bob, other))]
    assert found == [False, True, True]


async def test_a_logo_and_a_picture_of_an_earlier_revision_are_named_too(house: House, alice: Tenant) -> None:
    now = datetime.now(UTC)
    one = await add_chain(house, alice)
    logo = await stored(house, alice, b"logo", hours=99)
    earlier = await stored(house, alice, b"earlier", hours=99)
    async with house.store.workspace(alice.workspace) as session:
        brand = "update sites set brand = jsonb_build_object('logo', cast(:f as text)) where id = :s"
        await session.execute(text(brand), {"f": logo, "s": alice.site})
        kept = """insert into revisions (workspace_id, content_id, number, title, slug, structure, markdown,
                      meta_title, meta_description, words, pictures, what, who, at)
                  values (:w, :c, 1, '', '', '', '', '', '', 1,
                      jsonb_build_array(jsonb_build_object('id', 1, 'asset', cast(:f as text))),
                      '', '', now())"""
        await session.execute(text(kept), {"w": alice.workspace, "c": one.content, "f": earlier})
    for hours in (0, 30):
        await sweeping(house, now + timedelta(hours=hours)).sweep(alice.workspace)
    assert [await there(house, alice, name) for name in (logo, earlier)] == [True, True]


def test_every_column_that_could_name_a_file_is_looked_at() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in NAMING)
    }
    assert found == {
        "assets.sha256",
        "contents.pictures",
        "images.asset",
        "own_footage.footage",
        "own_footage.picture",
        "revisions.pictures",
        "scenes.footage",
        "scenes.picture",
        "scenes.sound",
        "sites.brand",
        "sites.video_files",
        "videos.cover",
        "videos.file",
        "videos.given",
        "videos.narration",
        "videos.srt",
        "videos.thumbnails",
        "videos.vtt",
    }
    tables = ("images", "own_footage", "revisions", "scenes", "sites", "videos")
    assert all(table in NAMED for table in tables)
