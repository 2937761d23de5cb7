"""Videos changed over the API: scenes, words, voices and thumbnails, each from the revision that was read."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import put_in_hand, read
from desk.test_own_footage import photo
from desk.video_rows import SAYS, film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.lines.video.origins import GIVEN_BY_MODEL
from nightdesk.store.tables.videos import Video
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/videos"


async def heard_and_seen(house: House, tenant: Tenant, video: int) -> list[tuple[bool, bool]]:
    return [(bool(one.sound), bool(one.picture)) for one in await scenes(house, tenant, video)]


async def test_a_scene_is_edited_from_the_revision_that_was_read(house: House, alice: Tenant) -> None:
    made = await film(house, alice, status="approved")
    before = (await alice.client.get(f"{V1}/{made.id}")).json()["revision"]
    body = {"says": "Compost needs water too.", "revision": before}
    done = await alice.client.patch(f"/api/videos/{made.id}/scenes/2/", json=body)
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["revision"], told["scenes"][1]["says"], told["waits"]) == (before + 1, body["says"], "")
    assert told["status"] == "generating_audio"
    assert await heard_and_seen(house, alice, made.id) == [(True, True), (False, True), (True, True)]
    late = await alice.client.patch(f"{V1}/{made.id}/scenes/1", json=body)
    assert (late.status_code, "changed meanwhile" in late.json()["detail"]) == (409, True)
    assert (await scenes(house, alice, made.id))[0].says == SAYS[0]
    assert len(await runs(house, alice)) == 1


async def test_another_picture_or_sound_is_asked_for_once_with_one_key(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    asked = {"json": {"note": "in the rain"}, "headers": {"Idempotency-Key": "rain"}}
    done = await alice.client.post(f"{V1}/{made.id}/scenes/1/remake", **asked)
    again = await alice.client.post(f"{V1}/{made.id}/scenes/1/remake", **asked)
    assert (done.status_code, again.json()) == (202, done.json())
    assert done.json()["scenes"][0]["prompt"] == "a heap of compost in the rain"
    assert done.json()["revision"] == 2
    other = await film(house, alice)
    said = await alice.client.post(f"{V1}/{other.id}/scenes/3/say-again")
    assert said.status_code == 202
    assert await heard_and_seen(house, alice, other.id) == [(True, True), (True, True), (False, True)]


async def test_a_scene_shows_a_photo_that_was_sent(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    sent = {"file": ("heap.jpg", photo(), "image/jpeg")}
    at = f"{V1}/{made.id}/scenes/2/own"
    done = await alice.client.post(at, files=sent, params={"revision": 1, "by_model": True})
    assert done.status_code == 202, done.text
    assert (done.json()["revision"], done.json()["status"]) == (2, "rendering")
    assert (await scenes(house, alice, made.id))[1].label == GIVEN_BY_MODEL
    wrong = await alice.client.post(at, files={"file": ("heap.jpg", b"no photo", "image/jpeg")})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "file")


async def test_scenes_are_added_moved_and_removed(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    at = f"{V1}/{made.id}/scenes"
    moved = await alice.client.post(f"{at}/1/move", json={"to": 3})
    assert [one["heading"] for one in moved.json()["scenes"]] == ["Part 2", "Part 3", "Part 1"]
    others = await film(house, alice)
    added = await alice.client.post(f"{V1}/{others.id}/scenes", json={"says": "One more.", "heading": "New"})
    assert added.status_code == 201, added.text
    assert [one["heading"] for one in added.json()["scenes"]] == ["Part 1", "Part 2", "Part 3", "New"]
    third = await film(house, alice)
    gone = await alice.client.delete(f"{V1}/{third.id}/scenes/2", params={"revision": 1})
    assert (gone.status_code, [one["heading"] for one in gone.json()["scenes"]]) == (
        200,
        ["Part 1", "Part 3"],
    )
    assert (await alice.client.delete(f"{V1}/{third.id}/scenes/1?revision=1")).status_code == 409


async def test_a_video_is_changed_as_a_whole(house: House, alice: Tenant) -> None:
    both = [{"variant": "1", "asset": "a", "chosen": True}, {"variant": "2", "asset": "b", "chosen": False}]
    made = await film(house, alice, thumbnails=both)
    chosen = await alice.client.post(f"{V1}/{made.id}/thumbnails/2/choose", json={"revision": 1})
    assert chosen.status_code == 200, chosen.text
    assert [one["chosen"] for one in chosen.json()["thumbnails"]] == [False, True]
    assert chosen.json()["thumbnails"][1]["url"] == f"{V1}/{made.id}/thumbnail?variant=2"
    again = await alice.client.post(f"{V1}/{made.id}/thumbnails")
    assert (again.status_code, again.json()["thumbnails"]) == (202, [])
    looks = {"captions": "none", "platform_format": "square", "title": "Another title", "revision": 1}
    other = await film(house, alice)
    done = await alice.client.patch(f"{V1}/{other.id}", json=looks)
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["captions"], told["format"], told["title"]) == ("", "1:1", "Another title")
    assert await heard_and_seen(house, alice, other.id) == [(True, False)] * 3
    fresh = await film(house, alice)
    anew = await alice.client.post(f"{V1}/{fresh.id}/rewrite", json={"revision": 1})
    assert (anew.status_code, (await read(house, alice, Video, fresh.id)).status) == (202, "pending")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("PATCH", "/scenes/1", {"says": "…"}, 422, "says"),
        ("PATCH", "/scenes/1", {"says": "x" * 1001}, 422, "says"),
        ("PATCH", "/scenes/1", {"speaker": 2}, 422, "speaker"),
        ("PATCH", "/scenes/1", {"prompt": "a\0b"}, 422, "prompt"),
        ("PATCH", "/scenes/1", {"revision": "1"}, 422, "revision"),
        ("PATCH", "/scenes/9", {"says": "There is no such scene."}, 404, ""),
        ("PATCH", "/scenes/0", {"says": "There is no such scene."}, 404, ""),
        ("POST", "/scenes", {"says": "Far away.", "position": 9}, 422, "position"),
        ("POST", "/scenes/1/move", {"to": 9}, 422, "to"),
        ("POST", "/thumbnails/9/choose", {}, 404, ""),
        ("PATCH", "", {"platform_format": "4:3"}, 422, "platform_format"),
        ("PATCH", "", {"status": "approved"}, 422, "status"),
        ("PATCH", "", {"custom_script": "# Only a heading"}, 422, "custom_script"),
    ],
)
async def test_what_cannot_be_changed_is_refused_by_its_field(
    house: House, alice: Tenant, method: str, path: str, body: dict[str, Any], status: int, field: str
) -> None:
    made = await film(house, alice)
    answer = await alice.client.request(method, f"{V1}/{made.id}{path}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [one["field"] for one in answer.json().get("errors", [{"field": ""}])]
    assert (await read(house, alice, Video, made.id)).revision == 1


async def test_a_video_in_hand_or_published_is_not_changed(house: House, alice: Tenant) -> None:
    busy = await film(house, alice)
    await put_in_hand(house, alice, Video, busy.id)
    assert (await alice.client.patch(f"{V1}/{busy.id}", json={"captions": "box"})).status_code == 409
    closed = await film(house, alice, status="published")
    assert (await alice.client.post(f"{V1}/{closed.id}/scenes/1/remake")).status_code == 409


async def test_videos_of_another_workspace_cannot_be_changed(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    theirs = await film(house, bob)
    for method, path, body in (
        ("PATCH", "", {"title": "Mine now"}),
        ("POST", "/rewrite", {}),
        ("POST", "/thumbnails", {}),
        ("POST", "/thumbnails/1/choose", {}),
        ("POST", "/scenes", {"says": "Mine now."}),
        ("PATCH", "/scenes/1", {"says": "Mine now."}),
        ("DELETE", "/scenes/1", None),
        ("POST", "/scenes/1/remake", {}),
        ("POST", "/scenes/1/say-again", {}),
        ("POST", "/scenes/1/move", {"to": 2}),
    ):
        answer = await alice.client.request(method, f"{V1}/{theirs.id}{path}", json=body)
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await read(house, bob, Video, theirs.id)).revision == 1
