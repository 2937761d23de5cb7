"""Articles and videos go out into a folder: whole, once, as they were approved."""

import json
from pathlib import Path

import pytest

from api.api_house import Tenant
from api.rows import add_chain, change
from desk.video_rows import MP4, film
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.errors import Invalid
from nightdesk.desk.people.roles import Operator
from nightdesk.desk.publishing import Wish
from nightdesk.lines.keeping import keep_assets
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content, Image

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


async def connected(house: House, tenant: Tenant) -> int:
    by = Operator(tenant.workspace)
    account = await house.desk.accounts.connect(by, NewAccount("folder", "Shelf", {"folder": "shelf"}))
    await house.desk.accounts.link(by, account.id, tenant.site)
    assert account.status == "connected"
    return account.id


async def published(house: House, tenant: Tenant, wish: Wish) -> Publication:
    (asked,) = await house.desk.publishing.publish(Operator(tenant.workspace), wish)
    await house.outgoing.send_due()
    return (await house.desk.publishing.stories.show(tenant.workspace, asked.id)).publication


async def article(house: House, tenant: Tenant) -> int:
    chain = await add_chain(house, tenant)
    png = await house.files.put(tenant.workspace, PNG, "image/png")
    async with house.store.workspace(tenant.workspace) as session:
        await keep_assets(session, tenant.workspace, [png])
    html = "<h2>Why</h2><p>Heat <script>alert(1)</script>rises.</p>"
    await change(
        house, tenant, Content, chain.content, html=html, status="approved", label="Compiled offline"
    )
    facts = {"asset": png.sha256, "mime": "image/png", "status": "generated", "kind": "featured"}
    await change(house, tenant, Image, chain.image, **facts)
    return chain.content


def folders(house: House, tenant: Tenant) -> list[Path]:
    root = house.settings.data_dir / "published" / str(tenant.workspace) / "shelf"
    return sorted(one for one in root.iterdir() if one.name != ".incoming") if root.exists() else []


async def test_an_article_becomes_a_page_with_its_pictures_beside_it(house: House, alice: Tenant) -> None:
    await connected(house, alice)
    row = await published(house, alice, Wish(content_id=await article(house, alice)))
    assert row.state == "live", row.error
    (folder,) = folders(house, alice)
    page = (folder / "index.html").read_text()
    assert "Heat" in page
    assert "Compiled offline" in page
    assert "<script" not in page
    assert "asset:" not in page
    assert (folder / "picture-1.png").read_bytes() == PNG
    assert json.loads((folder / "piece.json").read_text())["synthetic"] is True
    assert row.url == folder.as_uri()


async def test_a_video_lies_there_with_captions_and_cover_and_counts_as_published(
    house: House, alice: Tenant
) -> None:
    await connected(house, alice)
    made = await film(house, alice, status="approved")
    wish = Wish(video_id=made.id, options={"first_comment": "Sources: see there."})
    row = await published(house, alice, wish)
    assert row.state == "live", row.error
    (folder,) = folders(house, alice)
    assert json.loads((folder / "piece.json").read_text())["first_comment"] == "Sources: see there."
    names = {one.name for one in folder.iterdir()}
    assert names == {"video.mp4", "captions.srt", "cover.png", "piece.json"}
    assert (folder / "video.mp4").read_bytes() == MP4
    async with house.store.workspace(alice.workspace) as session:
        assert (await session.get_one(Video, (alice.workspace, made.id))).status == "published"


async def test_what_was_changed_after_its_approval_does_not_go_out(house: House, alice: Tenant) -> None:
    await connected(house, alice)
    number = await article(house, alice)
    (asked,) = await house.desk.publishing.publish(Operator(alice.workspace), Wish(content_id=number))
    await change(house, alice, Content, number, revision=2)
    await house.outgoing.send_due()
    row = (await house.desk.publishing.stories.show(alice.workspace, asked.id)).publication
    assert row.state == "rejected"
    assert "changed after its approval" in row.error
    assert folders(house, alice) == []


async def test_a_folder_s_name_cannot_lead_out_of_the_desk_s_own(house: House, alice: Tenant) -> None:
    for name in ("../out", "/etc", "a/b", ".hidden"):
        wrong = NewAccount("folder", "Shelf", {"folder": name})
        with pytest.raises(Invalid):
            await house.desk.accounts.connect(Operator(alice.workspace), wrong)
