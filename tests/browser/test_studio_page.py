"""The studio in a browser: a video made by hand, watched on its way, played, changed and decided on."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import insert

import nightdesk.desk.videos.share
import nightdesk.lines.video.sizes
from api.rows import change
from browser.browser_house import PATIENCE, Desk, fine, open_page, picture
from browser.review_gate import another, tenant
from desk.test_own_footage import photo
from desk.video_rows import film
from nightdesk.desk.rows import Site
from nightdesk.desk.videos import SceneChanges
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.videos import Video

WAITS = PATIENCE * 1000
SCRIPT = "Worms eat leaves.\n\nFeed them little.\n\nCover it all."
PLAYED = """async (video) => {
  video.muted = true;
  await video.play();
  await new Promise((go, no) => {
    video.ontimeupdate = () => video.currentTime > 0.3 && go();
    video.onerror = no;
  });
  video.pause();
  return [video.videoWidth, video.textTracks.length];
}"""
BAR = """() => [
  document.querySelector(".step.is-now .step-name")?.textContent,
  document.querySelector(".step-bar progress")?.value ?? 0,
]"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upright videos of a sixteenth of the pixels, told of often: nobody waits, and yet sees the bar move."""
    monkeypatch.setattr(nightdesk.desk.videos.share, "EVERY", 0.1)
    sizes: Mapping[str, Any] = nightdesk.lines.video.sizes.SIZES
    monkeypatch.setitem(sizes, "9:16", (270, 480))  # type: ignore[arg-type]


async def with_topic(desk: Desk, title: str = "Worms eat half their weight a day") -> tuple[Site, int]:
    """A site with a topic that nobody used."""
    site = await desk.house.desk.sites.create(desk.workspace, "Heap & Soil", subject="Home composting")
    async with desk.house.desk.videos.shelf.store.workspace(desk.workspace) as session:
        facts = {"workspace_id": desk.workspace, "site_id": site.id, "source": "list", "score": 40.0}
        query = insert(Topic).values(title=title, normal=title.lower(), **facts).returning(Topic.id)
        return site, int(await session.scalar(query) or 0)


async def test_a_video_is_made_by_hand_watched_played_and_changed_in_one_scene(
    house: Desk, page: Any, phone: Any
) -> None:
    await with_topic(house)
    await page.goto("/sites/heap-soil/topics")
    await page.get_by_role("link", name="Use for a video").click()
    await page.get_by_role("heading", name="No video yet").wait_for()
    await expect(page.get_by_role("combobox", name="Topic")).to_have_value(await _first_topic(page))
    await page.get_by_role("button", name="Listen to the voice").click()
    await page.get_by_label("The voice, read aloud").wait_for()
    await page.get_by_role("radio", name="My own script").check()
    await page.get_by_label("Your script").fill(SCRIPT)
    await page.get_by_label("Length in seconds").fill("10")
    await expect(page.locator("#cost")).to_contain_text("your own")
    await expect(page.locator("#cost tfoot")).to_contain_text("7")
    await fine(page)
    await picture(page, "studio-form")
    await page.get_by_role("button", name="Make the video").click()
    await page.get_by_text("It waits for a worker").wait_for()
    await phone.goto("/sites/heap-soil/studio")
    await phone.locator(".reel progress").wait_for()
    await fine(phone)
    await picture(phone, "studio-way")
    async with house.working():
        await page.locator(".step.is-now", has_text="Render").wait_for(timeout=2 * WAITS)
        await picture(page, "video-on-its-way")
        assert await moved_during_the_render(page)
        await page.get_by_role("button", name="Approve").wait_for(timeout=2 * WAITS)
        assert await page.locator("#player").evaluate(PLAYED) == [270, 1]
        await fine(page)
        await picture(page, "video-done")
    sounds, pictures = await parts(page)
    await page.get_by_role("button", name="Edit scene 2").click()
    await page.get_by_label("What is said").fill("Feed them very little.")
    await picture(page, "video-scene")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Scene 2 is saved.").wait_for()
    await page.get_by_text("revision 2").wait_for()
    await page.get_by_role("button", name="Another picture for scene 3").click()
    await page.get_by_role("button", name="Make another").click()
    await page.get_by_text("revision 3").wait_for()
    await page.get_by_text("This is the file from before.").wait_for()
    async with house.working():
        await page.get_by_role("button", name="Approve").wait_for(timeout=2 * WAITS)
        await expect(page.locator("#scene-2 audio")).not_to_have_attribute("src", sounds[1])
        await expect(page.locator("#scene-3 img")).not_to_have_attribute("src", pictures[2])
    again, shown = await parts(page)
    assert [one == other for one, other in zip(sounds, again, strict=True)] == [True, False, True]
    assert [one == other for one, other in zip(pictures, shown, strict=True)] == [True, True, False]


@pytest.mark.prove
async def test_two_people_a_decision_with_its_undo_and_a_viewer(
    house: Desk, page: Any, phone: Any, browser: Any
) -> None:
    site, _ = await with_topic(house)
    made = await film(house.house, tenant(house, site))
    await page.goto(f"/videos/{made.id}")
    await page.get_by_role("button", name="Edit scene 1").click()
    await page.get_by_label("What is said").fill("Mine.")
    theirs = SceneChanges(says="Compost needs much air.")
    await house.house.desk.videos.scenes.edit(house.workspace, made.id, 1, theirs)
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Somebody changed this video while you were at it.").wait_for()
    await page.get_by_text("It says now: “Compost needs much air.”").wait_for()
    await expect(page.get_by_label("What is said")).to_have_value("Mine.")
    await fine(page)
    await picture(page, "video-clash")
    await page.get_by_role("button", name="Not now").click()
    await expect(page.locator("#scene-1 .scene-says")).to_have_text("Compost needs much air.")
    await page.get_by_text("What happened").click()
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await page.get_by_role("button", name="Cancel the video").click()
    await page.get_by_text("It was cancelled. What was made of it is kept.").wait_for()
    await page.locator(".video-log").get_by_text("The video was cancelled.").wait_for()
    decided = await film(house.house, tenant(house, site), title="Decided")
    await phone.goto(f"/videos/{decided.id}")
    await phone.get_by_role("button", name="Reject").click()
    await phone.get_by_label("Note").fill("Too short.")
    await phone.get_by_role("dialog").get_by_role("button", name="Reject").click()
    await phone.get_by_text("rejected it: “Too short.”").wait_for()
    await fine(phone)
    await picture(phone, "video-rejected")
    await phone.get_by_role("button", name="Undo").click()
    await phone.get_by_role("button", name="Approve").wait_for()
    viewer = await open_page(browser, await another(house, "Vi Ewer", "viewer"))
    await viewer.goto(f"/videos/{decided.id}")
    await viewer.get_by_text("Watch it, then decide.").wait_for()
    await expect(viewer.locator("main").get_by_role("button")).to_have_count(0)
    await viewer.goto("/sites/heap-soil/studio")
    await viewer.get_by_role("link", name="Decided").wait_for()
    await expect(viewer.locator("#wish")).to_have_count(0)
    await viewer.context.close()


@pytest.mark.prove
async def test_a_photo_of_ones_own_is_put_into_a_scene_and_nothing_that_is_none(
    house: Desk, page: Any, phone: Any, tmp_path: Path
) -> None:
    site, _ = await with_topic(house)
    made = await film(house.house, tenant(house, site))
    (tmp_path / "heap.jpg").write_bytes(photo())
    (tmp_path / "words.jpg").write_text("no photo")
    for one, scene in ((page, 1), (phone, 2)):
        await one.goto(f"/videos/{made.id}")
        await one.get_by_role("button", name=f"Another picture for scene {scene}").click()
        await one.get_by_label("Photo or clip").wait_for()
        await fine(one)
        await one.get_by_label("Photo or clip").set_input_files(tmp_path / "words.jpg")
        await one.get_by_role("button", name="Show it").click()
        await one.get_by_text("This cannot be used").wait_for()
        await picture(one, "video-own-photo")
        await one.get_by_label("Photo or clip").set_input_files(tmp_path / "heap.jpg")
        await one.get_by_role("button", name="Show it").click()
        await one.get_by_text(f"Scene {scene} shows what you gave.").wait_for()
        await one.locator(f"#scene-{scene}", has_text="A photo that was given by a person").wait_for()
        await house.house.desk.videos.steering.cancel(house.workspace, made.id)
        await change(house.house, tenant(house, site), Video, made.id, status="review")


async def moved_during_the_render(page: Any) -> set[int]:
    """How far the bar was, each time that it was looked at, while the step was the render."""
    found = set[int]()
    while True:
        step, value = await page.evaluate(BAR)
        if step != "Render":
            return {one for one in found if 60 < one < 95}
        found.add(int(value))
        await asyncio.sleep(0.05)


async def parts(page: Any) -> tuple[list[str], list[str]]:
    """The addresses of what is heard and of what is seen in each scene, which name the content."""
    heard = await page.locator(".scene audio").evaluate_all("all => all.map(one => one.getAttribute('src'))")
    seen = await page.locator(".scene img").evaluate_all("all => all.map(one => one.getAttribute('src'))")
    return heard, seen


async def _first_topic(page: Any) -> str:
    return str(await page.locator("#field-topic_id option").first.get_attribute("value"))
