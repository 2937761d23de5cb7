"""Where videos show up: the line of a site that makes them, the library, the gate, settings and Tonight."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add, park
from browser.browser_house import Desk, calm, fine, picture
from browser.review_gate import pieces, raster, tenant
from desk.video_rows import Film, film
from media.film import clip
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.video.usual import usual
from nightdesk.store.tables.videos import Video

FOUND = {
    "grounding": {"score": 92, "findings": [{"severity": "warning", "message": "A figure is missing."}]},
    "video": {"status": "ok", "checks": [{"name": "loudness", "status": "ok", "message": "-14 LUFS."}]},
}
SCRIPT = {"hook": "A heap is warm inside.", "description": "All about heaps.", "hashtags": ["compost"]}
MARKS = {"source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"}


async def site_of(house: Desk, name: str = "Heap & Soil") -> Tenant:
    """A site of the house, as the rows of tests are written to it."""
    facts = {"subject": "Home composting", "timezone": "Europe/Berlin"}
    return tenant(house, await house.house.desk.sites.create(house.workspace, name, **facts))


async def finished(house: Desk, whose: Tenant, title: str, colour: str, **facts: Any) -> Film:
    """A video with a thumbnail that can be looked at."""
    upright = facts.get("shape", "9:16") == "9:16"
    picture = raster(colour, (360, 640) if upright else (640, 360))
    ref = await house.house.files.put(house.workspace, picture, "image/png")
    async with house.house.store.workspace(house.workspace) as session:
        await keep_assets(session, house.workspace, [ref])
    shown = [{"variant": "frame", "asset": ref.sha256, "mime": "image/png", "chosen": True}]
    known = {"thumbnails": shown, "cover": ref.sha256, "checks": FOUND, "script": SCRIPT, "marks": MARKS}
    return await film(house.house, whose, **{**known, "title": title, "label": "compiled offline", **facts})


async def test_the_library_teaches_finds_and_shows_finished_videos(
    house: Desk, page: Any, phone: Any, tmp_path: Path
) -> None:
    whose = await site_of(house)
    await page.goto("/library")
    await expect(page.get_by_role("link", name="Make the first video")).to_be_visible()
    await calm(page)
    other = await site_of(house, "Worm Weekly")
    file = await house.house.files.put(
        house.workspace, clip(tmp_path / "film.mp4", 4, "270x480").read_bytes(), "video/mp4"
    )
    first = await finished(house, whose, "How to compost in winter", "#7a9e5a", file=file.sha256)
    await finished(house, other, "Red worms at work", "#b5533c", status="approved", shape="16:9")
    await film(house.house, whose, title="Still on its way", status="captioned", file=None)
    for one in (page, phone):
        await one.goto("/library")
        await expect(one.locator(".film-title")).to_have_text(
            ["Red worms at work", "How to compost in winter"]
        )
        await expect(one.locator(".film").last).to_contain_text("12 s")
        await (fine if one is page else calm)(one)
        await picture(one, "library")
    await page.get_by_label("State").select_option("Approved")
    await expect(page.locator(".film-title")).to_have_text(["Red worms at work"])
    await page.get_by_label("State").select_option("Any state")
    await page.get_by_label("Site", exact=True).select_option("heap-soil")
    await expect(page.locator(".film-title")).to_have_text(["How to compost in winter"])
    await page.get_by_role("searchbox", name="Find by title or topic").fill("nothing of the kind")
    await expect(page.get_by_text("No video is like that")).to_be_visible()
    for one in (page, phone):
        await one.goto(f"/library/{first.id}")
        await expect(one.locator("#verdicts li", has_text="YouTube").first).to_be_visible()
        await expect(one.get_by_text("Made by programs, without a model.")).to_be_visible()
        await expect(one.get_by_role("link", name="SRT")).to_be_visible()
        await (fine if one is page else calm)(one)
        await picture(one, "library-video")
    await page.get_by_role("button", name="Make a file for").first.click()
    await expect(page.get_by_role("link", name="Download it")).to_be_visible()
    await picture(page, "library-verdicts")
    await calm(page)


@pytest.mark.prove
async def test_videos_at_the_gate_are_decided_on_beside_articles(house: Desk, page: Any, phone: Any) -> None:
    await pieces(house, ["leaf mould"])
    site = await house.house.desk.sites.get(house.workspace, "heap-soil")
    whose = tenant(house, site)
    first = await finished(house, whose, "How to compost in winter", "#7a9e5a")
    failed = await add(house.house, whose, Video, topic="Worms", status="pending")
    await park(house.house, whose, Video, failed)
    await page.goto("/")
    await expect(page.locator("#tonight")).to_contain_text("1 video among them")
    await expect(page.locator("#tonight")).to_contain_text("1 video")
    await expect(page.locator("#tonight")).to_contain_text("It was refused.")
    await picture(page, "tonight-videos")
    await expect(page.locator("[data-tally-of=review]").first).to_contain_text("2")
    for one in (page, phone):
        await one.goto("/review")
        await expect(one.locator(".queue-title")).to_have_text(
            ["How to compost in winter", "All about leaf mould"]
        )
        await (fine if one is page else calm)(one)
        await picture(one, "review-videos")
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(page.get_by_text("1 video was approved.")).to_be_visible()
    await expect(page.locator(".queue-title")).to_have_text(["All about leaf mould"])
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".queue-title")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("k")
    await page.keyboard.press("x")
    await page.keyboard.press("b")
    await page.get_by_label("A note for whoever takes it up next").fill("Shorter.")
    await page.locator("#note").get_by_role("button", name="Send back").click()
    await expect(page.get_by_text("2 pieces were sent back.")).to_be_visible()
    shown = await house.house.desk.videos.shelf.show(house.workspace, first.id)
    assert (shown.video.status, shown.video.checks["review"]["note"]) == ("sent_back", "Shorter.")
    await calm(page)


async def test_what_videos_are_like_is_checked_as_it_is_typed_and_kept(
    house: Desk, page: Any, phone: Any
) -> None:
    await site_of(house)
    for one in (page, phone):
        await one.goto("/sites/heap-soil/settings/videos")
        await fine(one)
        await picture(one, "settings-videos")
    await page.get_by_label("Width in %").fill("80")
    await page.get_by_label("How words are said").fill("Bokashi is said otherwise")
    await expect(page.get_by_text("From 5% to 50%.")).to_be_visible()
    await expect(page.get_by_text("Line 1 is to be like: word = how it is said.")).to_be_visible()
    await page.get_by_label("Width in %").fill("15")
    await page.get_by_label("How words are said").fill("Bokashi = boh-kah-shee")
    await expect(page.get_by_text("From 5% to 50%.")).to_be_hidden()
    await page.get_by_label("Length in seconds").fill("45")
    await page.get_by_label("Captions").select_option("none")
    await page.get_by_label("Corner").select_option("Bottom right")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_text("What videos are like is kept.")).to_be_visible()
    site = await house.house.desk.sites.get(house.workspace, "heap-soil")
    assert site.video == {
        "duration": 45,
        "captions": "none",
        "watermark": {"corner": "bottom-right", "share": 0.15},
        "lexicon": {"Bokashi": "boh-kah-shee"},
    }
    assert usual(site) == {"target": 45, "shape": "9:16", "captions": ""}
    await calm(page)


@pytest.mark.prove
async def test_the_line_of_videos_is_shown_and_run_beside_that_of_articles(
    house: Desk, page: Any, phone: Any
) -> None:
    whose = await site_of(house)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
        await one.get_by_role("link", name="Videos", exact=True).click()
        await expect(one.get_by_role("link", name="Make a video")).to_be_visible()
        await picture(one, "line-video-empty")
    await add(house.house, whose, Video, topic="What a heap does in winter")
    for one in (page, phone):
        await one.reload()
        await expect(one.locator(".stage", has_text="Topics → Scripts").locator("strong")).to_have_text("1")
        await (fine if one is page else calm)(one)
        await picture(one, "line-video")
    await page.get_by_role("button", name="Run now").click()
    await expect(page.get_by_role("heading", name="Run the video line of Heap & Soil now?")).to_be_visible()
    await page.get_by_role("button", name="Start the run").click()
    await expect(page.locator("#hold_title")).to_contain_text("Stage 2")
    await page.get_by_role("button", name="Cancel now").click()
    await page.get_by_role("button", name="Cancel at once").click()
    await expect(page.get_by_text("Nobody holds this line")).to_be_visible()
    await expect(page.locator("#history")).to_contain_text("cancelled")
    await expect(page.locator(".log-line", has_text="A manual run begins")).to_be_visible()
    await page.get_by_label("Which lines").select_option("Warnings and errors")
    await expect(page.locator(".log-line", has_text="A manual run begins")).to_have_count(0)
    await expect(page.locator("#log_title")).to_contain_text("of the run of")
    await page.get_by_role("button", name="Schedule and batches").click()
    await expect(page.get_by_label("Topics → Scripts")).to_have_value("1")
    (run,) = await house.house.desk.runs.history(house.workspace, whose.site, "video")
    assert run.status == "cancelled"
