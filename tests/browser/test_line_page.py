"""The Line page in a browser: what it teaches when empty, its dialogs, and a run steered by mouse."""

from typing import Any

from browser.browser_house import Desk, fine, picture
from nightdesk.desk.rows import Site

KEYWORDS = """Keyword,Volume
how to start a compost pile,900
start a compost pile at home,700
best compost bin,800
compost bin for a small garden,300
what can you compost,1200
can you compost citrus peel,500
bokashi vs compost,250
compost smells bad,400
worm bin temperature,200
soil test at home,600
"""
TEXT = """# Starting a compost pile

A compost pile needs browns, greens, air and water. Mix about three parts of browns with one part of greens.
Keep the pile as moist as a wrung-out sponge. Turn the pile every one to two weeks so that air gets in.
A pile of 1 cubic metre heats to 60 degrees within a week. In 2023 a test of 12 piles found that turned piles
were ready after 90 days, and piles that nobody turned after 240 days.

## What can go in

Fruit, vegetable peel, coffee grounds and leaves can be composted. Citrus peel can go in when it is cut small.
Meat, fat and dairy products draw animals and should stay out.
"""


async def fed(desk: Desk, *, keywords: str = KEYWORDS, name: str = "Heap & Soil", **config: Any) -> Site:
    """A site with keywords, a document to cite, and credits."""
    house = desk.house
    facts = {"subject": "Home composting", "timezone": "Europe/Berlin"}
    site = await house.desk.sites.create(desk.workspace, name, **facts)
    await house.desk.planner.keywords.import_file(desk.workspace, site.id, "k.csv", keywords.encode())
    await house.desk.sources.add_file(desk.workspace, site.id, "pile.md", TEXT.encode())
    if config:
        await house.desk.automation.change(desk.workspace, site.id, "article", config)
    return site


async def test_a_line_without_anything_says_what_to_give_it(house: Desk, page: Any, phone: Any) -> None:
    await house.house.desk.sites.create(house.workspace, "Empty Acres")
    for one in (page, phone):
        await one.goto("/sites/empty-acres")
        await one.get_by_text("This line has nothing to work on yet").wait_for()
        assert await one.get_by_role("link", name="Import keywords").is_visible()
        assert await one.get_by_role("link", name="Add documents").is_visible()
        assert await one.get_by_text("Nobody holds this line").is_visible()
        await fine(one)
        await picture(one, "line-empty")


async def test_a_fed_line_shows_what_waits(house: Desk, page: Any, phone: Any) -> None:
    await fed(house)
    for one in (page, phone):
        await one.goto("/sites/heap-soil")
        await one.locator(".stage", has_text="Keywords → Clusters").get_by_text("10").wait_for()
        await fine(one)
        await picture(one, "line-fed")
        await one.get_by_role("button", name="Run now").click()
        await one.get_by_role("heading", name="Run Heap & Soil now?").wait_for()
        await fine(one)
        await picture(one, "line-run-now")
        await one.get_by_role("button", name="Not now").click()
        await one.get_by_role("button", name="Schedule and batches").click()
        await one.get_by_role("heading", name="Schedule and batches").wait_for()
        await fine(one)
        await picture(one, "line-settings")
