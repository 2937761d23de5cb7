"""The board in a browser: ideas chosen, changed, queued and dropped, by mouse and by keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture, quiet
from browser.planner_house import Site, site_in
from nightdesk.store.tables.planner import Cluster, Idea, Task

TITLES = ("What a heat pump costs to run", "How loud a heat pump is", "Heat pump or gas boiler")


async def planned(house: Desk) -> Site:
    """Three ideas, a queued task, one being written, and one of each kind that failed."""
    site = await site_in(house)
    of = await site.cluster("Heat pumps", "heat pump", "heat pump cost", status="mapped")
    for title in TITLES:
        await site.idea(of, title)
    await site.task(of, "How a heat pump works")
    writing = await site.task(of, "A year with a heat pump")
    failed = await site.task(of, "Heat pumps in old houses")
    idea = await site.idea(of, "An idea that failed")
    empty = await site.cluster("Boilers", "boiler")
    await site.sql("update tasks set batch_id = 1 where id = :id", id=writing)
    park = (
        "update {} set parked_at = now(), error = 'The provider refused: no quota.', tries = 5 where id = :id"
    )
    for table, number in (("tasks", failed), ("ideas", idea), ("clusters", empty)):
        await site.sql(park.format(table), id=number)
    return site


def lane(page: Any, name: str) -> Any:
    return page.locator(f'[data-lane="{name}"]')


def titles(page: Any, name: str) -> Any:
    return expect(lane(page, name).locator("h3"))


@pytest.mark.prove
async def test_ideas_are_moved_by_mouse_and_put_back(house: Desk, page: Any, phone: Any) -> None:
    site = await site_in(house, "Empty Rooms")
    await page.goto(f"{site.at}/board")
    await page.get_by_role("heading", name="No ideas yet").wait_for()
    await fine(page)
    site = await planned(house)
    await page.goto(f"{site.at}/board")
    await titles(page, "ideas").to_have_text(TITLES)
    await titles(page, "writing").to_have_text(["A year with a heat pump"])
    await titles(page, "failed").to_have_count(3)
    await fine(page)
    card = lane(page, "ideas").locator(".board-card").first
    await card.drag_to(lane(page, "queued"), target_position={"x": 40, "y": 150})
    await page.get_by_text(f"“{TITLES[0]}” is queued").wait_for()
    await titles(page, "queued").to_have_text(["How a heat pump works", TITLES[0]])
    assert await site.count(Task) == 4
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("It is as it was before.").wait_for()
    await lane(page, "ideas").get_by_text(TITLES[0]).wait_for()
    assert await site.count(Task) == 3
    await page.get_by_role("button", name=f"What can be done with {TITLES[1]}").click()
    await page.get_by_role("menuitem", name="Keep for later").click()
    await lane(page, "aside").get_by_text(TITLES[1]).wait_for()
    await page.get_by_role("button", name="Try all again").click()
    await page.get_by_text("3 cards are tried again by the next run.").wait_for()
    assert await site.count(Idea, Idea.state == "failed") == 0
    assert await site.count(Cluster, Cluster.state == "new") == 1
    await page.goto(f"{site.at}/board")
    await calm(page)
    await phone.goto(f"{site.at}/board")
    await fine(phone)
    await picture(phone, "planner-board")


async def test_ideas_are_moved_and_changed_by_keyboard_alone(house: Desk, page: Any) -> None:
    site = await planned(house)
    await page.goto(f"{site.at}/board")
    await page.get_by_role("article", name=TITLES[0]).focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("]")
    await page.get_by_text(f"“{TITLES[1]}” is queued").wait_for()
    await titles(page, "ideas").to_have_text([TITLES[0], TITLES[2]])
    # The card that moved up into its place has the focus now.
    await expect(page.get_by_role("article", name=TITLES[2])).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("article", name="How a heat pump works")).to_be_focused()
    await page.keyboard.press("[")
    await page.get_by_text("“How a heat pump works” is an idea again.").wait_for()
    await page.get_by_role("article", name=TITLES[0]).focus()
    await page.keyboard.press("Delete")
    await page.get_by_text(f"“{TITLES[0]}” is dropped.").wait_for()
    assert await site.count(Idea, Idea.title == TITLES[0]) == 0

    await page.get_by_role("article", name=TITLES[2]).focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Title").wait_for()
    await fine(page)
    await page.get_by_label("Title").fill("Heat pump or boiler: what pays in an old house")
    await page.get_by_label("Keywords").fill("heat pump\nboiler")
    await page.get_by_label("Outline").fill("What each costs\n- to buy\n- to run\nWhat suits an old house")
    await page.get_by_label("Structure").select_option("Comparison")
    await page.get_by_label("Title").press("Enter")
    await page.get_by_text("is as you wrote it.").wait_for()
    (idea,) = await site.rows(Idea, Idea.title.like("Heat pump or boiler%"))
    assert (idea.structure, idea.keywords) == ("comparison", ["heat pump", "boiler"])
    assert idea.outline == [
        {"heading": "What each costs", "points": ["to buy", "to run"]},
        {"heading": "What suits an old house", "points": []},
    ]
    await calm(page)
    await picture(page, "planner-board")


async def test_what_cannot_be_kept_is_said_at_its_field(house: Desk, page: Any) -> None:
    site = await planned(house)
    await page.goto(f"{site.at}/board")
    await page.get_by_role("article", name="How a heat pump works").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Title").fill("short")
    await page.get_by_label("Title").press("Enter")
    await page.get_by_text("A title has 8 to 160 characters.").wait_for()
    await page.get_by_label("Title").fill("How a heat pump works in winter")
    await page.get_by_label("Words", exact=True).fill("90")
    await page.get_by_label("Title").press("Enter")
    await page.get_by_text("300 to 5,000 words can be asked for.").wait_for()
    await page.get_by_label("Words", exact=True).fill("1200")
    await page.get_by_label("Title").press("Enter")
    await page.get_by_text("is as you wrote it.").wait_for()
    (task,) = await site.rows(Task, Task.state == "queued")
    assert (task.title, task.words) == ("How a heat pump works in winter", 1200)
    assert task.brief["title"] == task.title
    quiet(page, but=("status of 422",))


async def test_a_long_column_shows_more(house: Desk, page: Any) -> None:
    site = await site_in(house)
    of = await site.cluster("Heat pumps", "heat pump", status="mapped")
    for n in range(45):
        await site.idea(of, f"Idea number {n:02}")
    await page.goto(f"{site.at}/board")
    await expect(page.locator("#lane_ideas .tab-count")).to_have_text("45")
    for shown in (40, 45):
        await page.get_by_role("button", name="Show more").click()
        await page.get_by_text(f"Idea number {shown - 1}").wait_for()
    await titles(page, "ideas").to_have_text([f"Idea number {n:02}" for n in range(45)])
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)
