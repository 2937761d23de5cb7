"""A video is filmed by whom it asks for where that is set up, and by the site's choice where it is not."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import change
from desk.video_rows import film, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.clip_makers import ClipMakers
from nightdesk.desk.videos import VideoWish
from nightdesk.lines.video.clips import Clips
from nightdesk.providers.calls import ListMeter
from nightdesk.stage import Bench
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene

EXAMPLES = ["ltx-2-first-last", "ltx-2-text", "ltx-video-first-last", "ltx-video-text"]


async def makers(house: House, tenant: Tenant) -> ClipMakers:
    async with house.store.workspace(tenant.workspace) as session:
        site = await session.get_one(Site, (tenant.workspace, tenant.site))
        return house.desk.providers.clip_makers(await house.desk.providers.chosen(session, site))


async def bench_of(house: House, tenant: Tenant) -> Bench:
    async with house.store.workspace(tenant.workspace) as session:
        site = await session.get_one(Site, (tenant.workspace, tenant.site))
        return await house.desk.providers.make_bench(session, site, {}, ListMeter())


async def offered(house: House, tenant: Tenant) -> list[str]:
    return [maker.name for maker in (await makers(house, tenant)).offered()]


async def test_only_those_that_somebody_has_set_up_are_offered(house: House, alice: Tenant) -> None:
    assert await offered(house, alice) == []
    choices = house.desk.choices
    await choices.choose(alice.workspace, "clips", "stock:pexels")
    assert await offered(house, alice) == ["motion"]
    await choices.choose(alice.workspace, "clips", "comfyui:ltx-2-text", alice.site)
    films = [f"comfyui:{name}" for name in EXAMPLES if name != "ltx-2-text"]
    assert await offered(house, alice) == ["motion", *films]
    await choices.set_key(alice.workspace, "clips", "key-of-pexels")
    assert await offered(house, alice) == ["stock:pexels", "motion", *films]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("", "comfyui:ltx-2-text"),
        ("motion", "motion"),
        (" Pexels ", "stock:pexels"),
        ("stock", "stock:pexels"),
        ("ComfyUI", "comfyui:ltx-2-text"),
        ("comfyui:ltx-video-text", "comfyui:ltx-video-text"),
        ("ltx-2-first-last", "comfyui:ltx-2-first-last"),
    ],
)
async def test_a_name_means_who_is_called_so(house: House, alice: Tenant, name: str, meant: str) -> None:
    await house.desk.choices.keep(alice.workspace, "clips", "stock:pexels", "key-of-pexels")
    await house.desk.choices.choose(alice.workspace, "clips", "comfyui:ltx-2-text", alice.site)
    choice, unmet = (await makers(house, alice)).asked(name)
    assert (choice.spelled, unmet) == (meant, "")
    key = choice.api_key.get_secret_value() if choice.api_key else None
    assert key == ("key-of-pexels" if meant == "stock:pexels" else None)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kling-v2.1-master", "knows no maker of clips by that name"),
        ("openai:sora-2", "knows no maker of clips by that name"),
        ("../../etc/passwd", "knows no maker of clips by that name"),
        ("<b>x</b>" * 15, "knows no maker of clips by that name"),
        ("pixabay", "is not set up here"),
        ("stock:pexels", "is not set up here"),
        ("ltx", "is not set up here"),
        ("ltx:/etc", "is not set up here"),
        ("comfyui", "is not set up here"),
        ("comfyui:ltx-2-text", "is not set up here"),
    ],
)
async def test_where_a_name_is_of_nobody_here_the_sites_choice_does_it_and_says_so(
    house: House, alice: Tenant, name: str, why: str
) -> None:
    choice, unmet = (await makers(house, alice)).asked(name)
    assert choice.spelled == "motion"
    assert (unmet.startswith("Not filmed by “"), why in unmet, "motion did it" in unmet) == (True, True, True)
    assert len(unmet) < 260


async def test_a_key_for_one_library_goes_to_no_other(house: House, alice: Tenant) -> None:
    await house.desk.choices.keep(alice.workspace, "clips", "stock:pexels", "key-of-pexels", alice.site)
    choice, unmet = (await makers(house, alice)).asked("pixabay")
    assert (choice.spelled, "is not set up here" in unmet) == ("stock:pexels", True)


async def test_who_films_it_decides_what_it_would_cost_and_what_is_set_aside(
    house: House, alice: Tenant
) -> None:
    await house.desk.choices.choose(alice.workspace, "clips", "comfyui:ltx-2-text")
    await house.desk.choices.choose(alice.workspace, "clips", "motion", alice.site)

    async def pictures(model: str) -> int:
        wish = VideoWish(custom_script="One.\n\nTwo.", seconds=20, model=model)
        found = await house.desk.videos.reckoning.reckon(alice.workspace, alice.site, wish)
        return next(part.credits for part in found.parts if part.stage == "Pictures")

    assert [await pictures(one) for one in ("", "comfyui", "kling", "motion")] == [2, 6, 2, 2]
    for model in ("", "ltx-2-text", "kling"):
        made = await film(house, alice, status="captioned", model=model)
        for scene in await scenes(house, alice, made.id):
            await change(house, alice, Scene, scene.id, status="spoken")
    estimate = await house.desk.insights.estimate(alice.workspace, alice.site, "video")
    assert {one["number"]: one["estimated_credits"] for one in estimate["stages"]}[5] == 3 * 2
    runner = house.desk.insights.control.runner
    async with house.store.workspace(alice.workspace) as session:
        site = await session.get_one(Site, (alice.workspace, alice.site))
        items: Any = list(await session.scalars(Clips().next_items(site, 9)))
        batches = Clips().shared_out(items, 2)
        assert [len(batch) for batch in batches] == [2, 1] * 3
        assert await runner.rates(session, site, Clips(), batches) == [0, 0, 2, 2, 0, 0]


async def test_what_only_one_may_use_is_waited_for_by_whoever_films_with_it(
    house: House, alice: Tenant
) -> None:
    await house.desk.choices.choose(alice.workspace, "clips", "comfyui:ltx-2-text")
    await house.desk.choices.choose(alice.workspace, "clips", "motion", alice.site)
    bench = await bench_of(house, alice)
    assert bench.filmed_by is not None
    assert bench.use_of("gpu") is None
    one, other = bench.filmed_by("ltx-2-text"), bench.filmed_by("ltx-video-text")
    used, by_other = one.use_of("gpu"), other.use_of("gpu")
    assert used is not None
    assert by_other is not None
    assert used.key != by_other.key
    again = bench.filmed_by("comfyui:ltx-2-text").use_of("gpu")
    assert again is not None
    assert again.key == used.key
    assert bench.filmed_by("kling").use_of("gpu") is None
    assert (one.studio.clips().label, bench.studio.clips().label) == ("comfyui:ltx-2-text", "motion")


async def test_the_api_takes_any_name_keeps_it_and_shows_it(house: House, alice: Tenant) -> None:
    asked = {"niche_id": alice.site, "custom_script": "One.\n\nTwo.", "video_model": " kling-v2 "}
    answer = await alice.client.post("/api/v1/generator/video", json=asked)
    assert answer.status_code in (200, 201, 202), answer.text
    number = answer.json()["job_id"]
    assert (await alice.client.get(f"/api/v1/jobs/{number}")).json()["video_model"] == "kling-v2"
    whole = (await alice.client.get(f"/api/v1/videos/{number}")).json()
    assert whole["video_model"] == "kling-v2"
