"""The generator over the API: scripts, videos that are asked for, how they stand, and their previews."""

from typing import Any

from api.api_house import Tenant
from api.rows import add, park
from desk.topic_stories import topic
from desk.video_rows import MP4, film, runs, scenes
from nightdesk.bootstrap import House
from nightdesk.store.tables.videos import Video
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/generator"


async def test_a_video_is_accepted_at_once_and_followed_by_its_job(house: House, alice: Tenant) -> None:
    body = {
        "niche_id": alice.site,
        "topic": "Compost in winter",
        "platform_format": "square",
        "target_duration_seconds": 45,
        "count": 2,
    }
    made = await alice.client.post("/api/generator/video/", json=body, headers={"Idempotency-Key": "once"})
    assert made.status_code == 202, made.text
    told = made.json()
    assert (told["job_id"], told["count"], told["topic"]) == (told["job_ids"][0], 2, "Compost in winter")
    again = await alice.client.post("/api/generator/video/", json=body, headers={"Idempotency-Key": "once"})
    assert again.json() == told
    assert len(await runs(house, alice)) == 1
    status = (await alice.client.get(f"{V1}/status/{told['job_id']}")).json()
    assert (status["status"], status["progress"], status["script"], status["video_path"]) == (
        "queued",
        0,
        None,
        None,
    )


async def test_a_script_of_scenes_is_taken_as_it_is(house: House, alice: Tenant) -> None:
    spoken = [{"narration": "Compost needs air.", "heading": "Air"}, {"text": "Turn it once a week."}]
    body = {"niche_id": alice.site, "scenes": spoken, "video_name": "Air for heaps"}
    made = (await alice.client.post(f"{V1}/video", json=body)).json()
    shown = await house.desk.videos.shelf.show(alice.workspace, made["job_id"])
    assert shown.video.custom_script == "# Air\nCompost needs air.\n\nTurn it once a week."
    assert (made["topic"], shown.video.asked_by) == ("Air for heaps", "api")


async def test_what_cannot_be_asked_for_is_refused_by_its_field(alice: Tenant, bob: Tenant) -> None:
    async def asked(**body: Any) -> tuple[int, str]:
        answer = await alice.client.post(f"{V1}/video", json={"niche_id": alice.site} | body)
        return answer.status_code, answer.text

    for wrong, field in (
        ({"count": 6}, "count"),
        ({"target_duration_seconds": 3}, "target_duration_seconds"),
        ({"custom_script": "# Nothing to say"}, "custom_script"),
        ({"voice_id": "nobody's voice", "topic": "Compost"}, "voice"),
    ):
        status, text = await asked(**wrong)
        assert (status, field in text) == (422, True), text
    assert (await asked(niche_id=bob.site, topic="Compost"))[0] == 404
    assert (await asked())[0] == 404


async def test_a_preview_is_sent_whole_in_part_and_never_beyond_its_end(house: House, alice: Tenant) -> None:
    made = await film(house, alice)
    address = f"{V1}/preview/{made.id}"
    whole = await alice.client.get(address)
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "video/mp4", MP4)
    part = await alice.client.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(MP4)}"
    beyond = await alice.client.get(address, headers={"Range": f"bytes={len(MP4)}-"})
    assert beyond.status_code == 416
    unmade = await film(house, alice, file=None, status="captioned")
    assert (await alice.client.get(f"{V1}/preview/{unmade.id}")).status_code == 404


async def test_an_approval_names_the_platforms_and_comes_only_at_the_gate(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    made = await film(house, alice)
    approve = f"{V1}/approve/{made.id}"
    assert (await bob.client.post(approve, json={})).status_code == 404
    assert (await alice.client.post(approve, json={"platforms": ["television"]})).status_code == 422
    done = await alice.client.post(approve, json={"platforms": ["tiktok", "youtube"]})
    assert (done.status_code, done.json()["platforms"]) == (200, ["youtube", "tiktok"])
    status = (await alice.client.get(f"{V1}/status/{made.id}")).json()
    assert (status["status"], status["script"]) == (
        "approved",
        "\n".join(scene.says for scene in await scenes(house, alice, made.id)),
    )
    early = await film(house, alice, status="filmed")
    assert (await alice.client.post(f"{V1}/approve/{early.id}")).status_code == 409


async def test_a_script_is_written_from_what_the_niche_has_and_charged(house: House, alice: Tenant) -> None:
    words = (
        "A compost heap needs air, because the microbes in it breathe. Turn the heap once a week, so that "
        "the outer parts come to the warm middle. In 2023 a trial in 40 gardens found that turned heaps were "
        "ready after 11 weeks, and others after 26. A heap that smells is too wet: add dry leaves or card."
    )
    await house.desk.sources.add_entry(alice.workspace, alice.site, "Turning a compost heap", words, "")
    before = (await house.desk.credits.balances(alice.workspace)).wallet
    body = {"niche_id": alice.site, "topic": "How to turn a compost heap"}
    answer = await alice.client.post(f"{V1}/script", json=body)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert made["hook"] in made["full_script"]
    assert made["estimated_duration"] > 5
    assert len(made["visual_cues"]) == len(made["full_script"].splitlines())
    assert (await house.desk.credits.balances(alice.workspace)).wallet == before - 4
    wrong = await alice.client.post(f"{V1}/script", json={"niche_id": alice.site, "topic": " "})
    assert wrong.status_code == 422


async def test_what_cannot_be_paid_is_not_asked_for_by_whatever_route(house: House, tenant_of: Any) -> None:
    poor = await tenant_of("Poor", credits=20)
    for title in ("Turning a heap in winter", "Leaves, and what becomes of them"):
        last = await topic(house, poor, title)
    wish = {"niche_id": poor.site, "topic": "Compost"}
    for path, body in (
        ("/generator/video", wish),
        ("/jobs", wish),
        (f"/topics/{last.id}/use", {"what": "video"}),
        (f"/niches/automate/{poor.site}", {"video_count": 2}),
        ("/niches/bulk-automate", {"niche_ids": [poor.site], "videos_per_niche": 2}),
        ("/niches/trigger-generation", {"niche_ids": [poor.site]}),
        (f"/niches/smart-schedule/{poor.site}", {"platforms": ["tiktok", "youtube"]}),
    ):
        answer = await poor.client.post(f"/api/v1{path}", json=body)
        told = answer.json()
        assert (answer.status_code, told.get("code")) == (402, "insufficient_credits"), (path, answer.text)
        assert told["needed"] > told["available"] == 20, path
    assert (await poor.client.get("/api/v1/jobs")).json()["items"] == []
    assert (await house.desk.credits.balances(poor.workspace)).held == 0
    left = await poor.client.get("/api/v1/topics", params={"site_id": poor.site})
    assert [one["status"] for one in left.json()["items"]] == ["new", "new"]


async def test_a_job_that_cannot_be_paid_is_not_begun_and_says_what_it_waits_for(
    house: House, tenant_of: Any
) -> None:
    poor = await tenant_of("Poor", credits=1)
    waiting = await add(house, poor, Video, topic="Compost", asked_by="api")
    begun = await poor.client.post(f"/api/v1/jobs/{waiting}/run")
    assert (begun.status_code, begun.json()["code"]) == (402, "insufficient_credits")
    await park(house, poor, Video, waiting)
    again = await poor.client.post(f"/api/v1/jobs/{waiting}/retry")
    assert (again.status_code, "credits are needed" in again.json()["note"]) == (202, True)
    assert await runs(house, poor) == []
