"""Pictures over the API: asked for, described anew, made again; and their files, whole and in part."""

import hashlib

from api.api_house import Tenant
from api.rows import add_chain, assert_tallies_hold, change, fields, park, put_in_hand, read, walk
from nightdesk.bootstrap import House
from nightdesk.store.tables.writer import Content, Image

IMAGES = "/api/v1/images"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10


async def give_file(
    house: House, tenant: Tenant, image: int, content: bytes = PNG, mime: str = "image/png"
) -> None:
    asset = await house.files.put(tenant.workspace, content, mime)
    await change(
        house, tenant, Image, image, asset=asset.sha256, mime=mime, status="generated", width=8, height=8
    )


async def test_a_picture_is_asked_for_and_taken_out(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice, status="approved")
    body = {
        "content_id": chain.content,
        "heading": "How they\nwork",
        "prompt": "Bricks in a steel case",
        "alt": "Bricks",
    }
    made = await alice.client.post(f"{IMAGES}?site_id={alice.site}", json=body)
    assert made.status_code == 201, made.text
    image = made.json()
    assert (image["status"], image["position"], image["heading"]) == ("pending", 1, "How they work")
    assert image["url"] is None
    content = await read(house, alice, Content, chain.content)
    assert (content.state, content.pictures, content.revision) == ("review", 2, 2)
    page = (await alice.client.get(IMAGES, params={"site_id": alice.site, "status": "pending"})).json()
    assert (len(page["items"]), page["counts"]) == (2, {"pending": 2})
    assert (await alice.client.delete(f"{IMAGES}/{image['id']}")).status_code == 204
    assert (await read(house, alice, Content, chain.content)).pictures == 1
    assert [one["id"] for one in await walk(alice, IMAGES, content_id=chain.content)] == [chain.image]
    assert await walk(alice, IMAGES, cluster_id=chain.cluster, search="boiler") == []
    await assert_tallies_hold(house, alice)


async def test_another_prompt_has_it_made_again_another_word_does_not(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice, status="approved")
    await give_file(house, alice, chain.image)
    where = f"{IMAGES}/{chain.image}"
    named = (await alice.client.patch(where, json={"alt": "A heater by a door"})).json()
    assert (named["status"], named["alt"], named["url"]) == (
        "generated",
        "A heater by a door",
        f"{where}/file",
    )
    assert (await read(house, alice, Content, chain.content)).state == "review"
    again = (await alice.client.patch(where, json={"prompt": "A heater in a kitchen"})).json()
    assert (again["status"], again["url"], again["width"]) == ("pending", None, None)
    await park(house, alice, Image, chain.image)
    unparked = (await alice.client.patch(where, json={"prompt": "A heater in a loft"})).json()
    assert (unparked["status"], unparked["error"]) == ("pending", None)


async def test_a_picture_in_hand_is_left_alone(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await put_in_hand(house, alice, Image, chain.image)
    where = f"{IMAGES}/{chain.image}"
    assert (await alice.client.patch(where, json={"alt": "Another"})).status_code == 409
    assert (await alice.client.delete(where)).status_code == 409
    wrong = await alice.client.post(
        f"{IMAGES}?site_id={alice.site}", json={"content_id": 2**50, "prompt": "A long prompt", "alt": "Alt"}
    )
    assert (wrong.status_code, fields(wrong)) == (422, ["content_id"])


async def test_the_file_comes_with_its_tag_and_cannot_act(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    where = f"{IMAGES}/{chain.image}/file"
    assert (await alice.client.get(where)).status_code == 404
    await give_file(house, alice, chain.image)
    answer = await alice.client.get(where)
    assert (answer.status_code, answer.content) == (200, PNG)
    tag = f'"{hashlib.sha256(PNG).hexdigest()}"'
    assert answer.headers["etag"] == tag
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    known = await alice.client.get(where, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (known.status_code, known.content) == (304, b"")
    shown = (await alice.client.get(f"/api/v1/contents/{chain.content}")).json()
    assert f'src="{where}"' in shown["html"]


async def test_a_part_of_the_file_is_what_was_asked_for(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await give_file(house, alice, chain.image)
    size = len(PNG)
    for asked, status, content in (
        ("bytes=0-0", 206, PNG[:1]),
        ("bytes=10-19", 206, PNG[10:20]),
        (f"bytes={size - 5}-", 206, PNG[-5:]),
        ("bytes=-7", 206, PNG[-7:]),
        (f"bytes=5-{size * 9}", 206, PNG[5:]),
        (f"bytes={size}-", 416, b""),
        ("bytes=9-3", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, PNG),
        ("bytes=0-1,5-6", 200, PNG),
        ("pages=1-2", 200, PNG),
    ):
        answer = await alice.client.get(f"{IMAGES}/{chain.image}/file", headers={"Range": asked})
        assert (answer.status_code, answer.content) == (status, content), asked
        if status == 206:
            assert answer.headers["content-length"] == str(len(content))
            assert answer.headers["content-range"].endswith(f"/{size}")
    stale = {"Range": "bytes=0-0", "If-Range": '"other"'}
    assert (await alice.client.get(f"{IMAGES}/{chain.image}/file", headers=stale)).status_code == 200


async def test_what_is_no_picture_is_only_downloaded(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await give_file(house, alice, chain.image, b"<svg onload='alert(1)'/>", "image/svg+xml")
    answer = await alice.client.get(f"{IMAGES}/{chain.image}/file")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_file_that_is_gone_is_not_found(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await change(house, alice, Image, chain.image, asset="0" * 64, mime="image/png", status="generated")
    assert (await alice.client.get(f"{IMAGES}/{chain.image}/file")).status_code == 404
