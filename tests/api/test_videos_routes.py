"""The library over the API: finished videos, what is known of them, and their files."""

from api.api_house import Tenant
from api.rows import change
from desk.video_rows import MP4, SAYS, film, scenes
from nightdesk.bootstrap import House
from nightdesk.store.tables.videos import Scene
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/videos"


async def test_the_library_has_what_is_finished_and_all_that_is_known_of_it(
    house: House, alice: Tenant
) -> None:
    script = {"description": "All about heaps.", "hashtags": ["compost"], "documents": [3]}
    made = await film(house, alice, script=script, marks={"source": "synthetic"})
    await film(house, alice, status="captioned", file=None)
    (only,) = (await alice.client.get(f"{V1}/", params={"search": "compost"})).json()["items"]
    assert (only["id"], only["status"], only["duration"]) == (made.id, "ready_for_review", 12.0)
    whole = (await alice.client.get(f"/api/videos/{made.id}")).json()
    assert [scene["says"] for scene in whole["scenes"]] == list(SAYS)
    metadata = (await alice.client.get(f"{V1}/{made.id}/metadata")).json()
    assert (metadata["description"], metadata["hashtags"], metadata["documents"], metadata["marks"]) == (
        "All about heaps.",
        ["compost"],
        [3],
        {"source": "synthetic"},
    )
    assert (await alice.client.get(f"{V1}/{made.id}/publishes")).json() == {"publishes": []}


async def test_each_scene_tells_what_its_facts_and_its_footage_go_back_to(
    house: House, alice: Tenant
) -> None:
    made = await film(house, alice)
    first = (await scenes(house, alice, made.id))[0]
    whence = {"title": "A trial", "url": "https://a.example/t", "author": "", "published": "2023"}
    source = {"number": 2, "document": 3, "passage": "Turned heaps were ready after 11 weeks.", **whence}
    await change(house, alice, Scene, first.id, cites=[2], sources=[source], source="pexels:856946")
    told = (await alice.client.get(f"{V1}/{made.id}")).json()["scenes"]
    assert (told[0]["sources"], told[0]["footage"]) == ([{**source, "edited": False}], "pexels:856946")
    assert (told[1]["sources"], told[1]["footage"]) == ([], "")


async def test_files_of_a_video_are_sent_as_what_they_are(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    stream = await alice.client.get(f"{V1}/{made.id}/stream", headers={"Range": "bytes=-4"})
    assert (stream.status_code, stream.content) == (206, MP4[-4:])
    tag = stream.headers["etag"]
    same = await alice.client.get(f"{V1}/{made.id}/stream", headers={"If-None-Match": tag})
    assert same.status_code == 304
    assert (await alice.client.get(f"{V1}/{made.id}/thumbnail")).headers["content-type"] == "image/png"
    for which, kind in (("srt", "application/x-subrip"), ("narration", "audio/wav")):
        answer = await alice.client.get(f"{V1}/{made.id}/files/{which}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    sound = await alice.client.get(f"{V1}/{made.id}/files/sound", params={"position": 2})
    assert sound.status_code == 200
    assert (await alice.client.get(f"{V1}/{made.id}/files/sound")).status_code == 404


async def test_videos_of_another_workspace_do_not_exist(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await film(house, bob)
    for path in ("", "/publishes", "/metadata", "/stream", "/thumbnail", "/files/vtt"):
        assert (await alice.client.get(f"{V1}/{theirs.id}{path}")).status_code == 404, path
    assert (await alice.client.delete(f"{V1}/{theirs.id}")).status_code == 404
    assert (await bob.client.delete(f"{V1}/{theirs.id}")).status_code == 204
    assert (await bob.client.get(f"{V1}/{theirs.id}")).status_code == 404
