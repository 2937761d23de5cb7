"""A site's own photos and a clip are given, described, switched off, removed and put back."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from browser.browser_house import Desk, fine, fits, picture, quiet
from desk.test_given_to_sites import clip


def photo(colour: str, size: tuple[int, int]) -> bytes:
    out, drawn = BytesIO(), Image.new("RGB", size, "#dfe7ec")
    ImageDraw.Draw(drawn).ellipse((40, 60, size[0] - 40, size[1] + 80), fill=colour)
    drawn.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.prove
async def test_photos_and_a_clip_are_given_described_switched_off_removed_and_put_back(
    house: Desk, page: Any, phone: Any, tmp_path: Path
) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Home composting")
    at = "/sites/heap-soil/settings/videos"
    await page.goto(at)
    own, told = page.locator("#own"), page.locator("#own .own-shows")
    await expect(own.get_by_text("None so far")).to_be_visible()
    await own.scroll_into_view_if_needed()
    await picture(page, "own-footage-empty")

    async def given(name: str, mime: str, content: bytes, shows: str) -> None:
        sent = {"name": name, "mimeType": mime, "buffer": content}
        await own.get_by_label("A photo or clip").set_input_files(sent)
        await own.locator("#field-own_shows").fill(shows)
        await own.get_by_role("button", name="Add it").click()

    await given("heap.jpg", "image/jpeg", photo("#7a4a21", (640, 480)), "A compost heap in autumn")
    await expect(told.filter(has_text="A compost heap in autumn")).to_be_visible()
    await given("bin.jpg", "image/jpeg", photo("#2f5d3a", (300, 620)), "A worm bin <b>in</b> a kitchen")
    await expect(told.filter(has_text="A worm bin <b>in</b> a kitchen")).to_be_visible()
    await given("fork.mp4", "video/mp4", clip(tmp_path, 2), "compost")
    await expect(own.get_by_text("Its words are those of the whole site")).to_be_visible()

    heap, *_ = reversed(await desk.videos.own_shelf.listed(workspace, site.id))
    card = page.locator(f"#own-{heap.id}")
    await card.get_by_text("Change").click()
    await card.get_by_label("What is to be seen").fill("Steam over the heap in autumn")
    await card.get_by_label("Whose it is").fill("the photo club")
    await card.get_by_label("Scenes take it").uncheck()
    await fine(page)
    await page.locator("#own-title").scroll_into_view_if_needed()
    await picture(page, "own-footage")
    await card.get_by_role("button", name="Keep").click()
    await expect(card.get_by_text("Off: no scene takes it.")).to_be_visible()
    await expect(told.filter(has_text="Steam over the heap in autumn")).to_be_visible()

    await card.get_by_text("Change").click()
    await card.get_by_role("button", name="Remove").click()
    await expect(page.locator(f"#own-{heap.id}")).to_have_count(0)
    await page.get_by_role("button", name="Undo").last.click()
    await expect(card.get_by_text("the photo club")).to_be_visible()
    await phone.goto(at)
    await fits(phone)
    await phone.locator(".own-piece").last.scroll_into_view_if_needed()
    await picture(phone, "own-footage-phone")
    quiet(phone)
