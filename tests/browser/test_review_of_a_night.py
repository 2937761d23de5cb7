"""What a night of the offline line made, read in the morning: real articles at the gate, on both screens."""

import asyncio
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, fine, picture

INPUT = files("nightdesk") / "demo" / "input"
CITED = ("01", "04", "06")
"""Documents of the demo that its site cites here."""


@pytest.mark.prove
async def test_the_articles_of_a_night_are_read_with_their_sources_in_the_margin(
    house: Desk, page: Any, phone: Any
) -> None:
    desk, workspace = house.house.desk, house.workspace
    facts = tomllib.loads((INPUT / "site.toml").read_text("utf-8"))
    site = await desk.sites.create(workspace, facts.pop("name"), slug=facts.pop("slug"), **facts)
    keywords = "\n".join((INPUT / "keywords.csv").read_text("utf-8").splitlines()[:40])
    await desk.planner.keywords.import_file(workspace, site.id, "keywords.csv", keywords.encode())
    for document in (INPUT / "documents").iterdir():
        if document.name.startswith(CITED):
            await desk.sources.add_file(workspace, site.id, document.name, document.read_bytes())
    wishes = {"ideas_per_cluster": 1, "most": {"2": 2}}
    run = await desk.runs.run_now(workspace, site.id, "article", wishes)
    async with house.working(), asyncio.timeout(90):
        while (await desk.runs.get(workspace, run.id)).status != "completed":
            await asyncio.sleep(0.1)
    for one in (page, phone):
        await one.goto("/review")
        await one.locator(".queue-row").nth(1).wait_for()
        await picture(one, "review-night")
        await one.locator(".queue-title").first.click()
        await one.get_by_role("heading", name="Checks").wait_for()
        await expect(one.locator(".article .citation").nth(2)).to_be_visible()
        await expect(one.locator(".article figure")).to_have_count(3)
        await expect(one.get_by_text("compiled offline", exact=True).first).to_be_visible()
        await expect(one.get_by_role("row", name="Writing")).to_have_count(1)
        await fine(one)
        await picture(one, "review-article")
    await expect(page.get_by_text("says so word for word").first).to_be_visible()
