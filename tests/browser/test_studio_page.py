"""The studio in a browser: a video made by hand, watched on its way, played, changed and decided on."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import insert

import nightdesk.lines.video.sizes
from browser.browser_house import Desk, fine, picture
from nightdesk.desk.rows import Site
from nightdesk.store.tables.feeds import Topic

SCRIPT = "Worms eat leaves.\n\nFeed them little.\n\nCover it all."
PLAYED = """async (video) => {
  video.muted = true;
  await video.play();
  await new Promise((go, no) => {
    video.ontimeupdate = () => video.currentTime > 0.3 && go();
    video.onerror = no;
  });
  video.pause();
  return [video.readyState, video.videoWidth, video.textTracks.length];
}"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upright videos of a sixteenth of the pixels, so that nobody waits for them."""
    sizes: Mapping[str, Any] = nightdesk.lines.video.sizes.SIZES
    monkeypatch.setitem(sizes, "9:16", (270, 480))  # type: ignore[arg-type]


async def with_topic(desk: Desk, title: str = "Worms eat half their weight a day") -> tuple[Site, int]:
    """A site with a topic that nobody used."""
    site = await desk.house.desk.sites.create(desk.workspace, "Heap & Soil", subject="Home composting")
    async with desk.house.desk.videos.shelf.store.workspace(desk.workspace) as session:
        facts = {"workspace_id": desk.workspace, "site_id": site.id, "source": "list", "score": 40.0}
        query = insert(Topic).values(title=title, normal=title.lower(), **facts).returning(Topic.id)
        return site, int(await session.scalar(query) or 0)


async def test_a_video_is_made_by_hand_watched_played_changed_and_approved(
    house: Desk, page: Any, phone: Any
) -> None:
    await with_topic(house)
    await page.goto("/sites/heap-soil/topics")
    await page.get_by_role("link", name="Use for a video").click()
    await page.get_by_role("heading", name="No video yet").wait_for()
    await expect(page.get_by_role("combobox", name="Topic")).to_have_value(await _first_topic(page))
    await page.get_by_role("button", name="Listen to the voice").click()
    await page.get_by_label("The voice, read aloud").wait_for()
    await picture(page, "studio-topic")
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
    bar, seen = page.get_by_role("progressbar", name="How far the video is"), set[int]()
    async with house.working():
        await page.locator(".scene").nth(2).wait_for()
        await page.locator(".step.is-now", has_text="Render").wait_for(timeout=60_000)
        await picture(page, "video-on-its-way")
        while await page.locator(".step.is-now", has_text="Render").count():
            seen.add(int(await bar.get_attribute("value", timeout=5000) or 0))
        await page.get_by_role("button", name="Approve").wait_for(timeout=60_000)
        assert await page.locator("#player").evaluate(PLAYED) == [4, 270, 1]
        await fine(page)
        await picture(page, "video-done")
    assert seen


async def _first_topic(page: Any) -> str:
    return str(await page.locator("#field-topic_id option").first.get_attribute("value"))
