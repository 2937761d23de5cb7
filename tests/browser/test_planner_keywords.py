"""Keywords in a browser: narrowed, sorted, paged, changed many at a time, and put back."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, calm, fine, picture
from browser.planner_house import site_in
from nightdesk.store.tables.planner import Cluster, Keyword


def phrases(page: Any) -> Any:
    return page.locator(".keyword-phrase")


async def test_a_new_planner_says_what_it_is_for_and_takes_keywords_by_hand(
    house: Desk, page: Any, phone: Any
) -> None:
    site = await site_in(house)
    await page.goto("/planner")
    await page.get_by_role("heading", name="No keywords yet").wait_for()
    await expect(page).to_have_url(f"{house.address}{site.at}/keywords")
    await fine(page)
    await page.get_by_role("button", name="Add a few by hand").click()
    await page.get_by_label("Keywords", exact=True).fill("heat pump\nHeat  Pump\n\nboiler service\n@@@")
    await fine(page)
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_text("2 keywords are added.").wait_for()
    await expect(page.get_by_text("“@@@” was not taken")).to_be_visible()
    await expect(phrases(page)).to_have_count(2)
    for phrase in ("boiler service", "heat pump"):
        await expect(phrases(page).get_by_text(phrase, exact=True)).to_be_visible()
    await expect(page.locator(".tab-link[aria-current] .tab-count")).to_have_text("2")
    assert await site.count(Keyword) == 2
    await phone.goto(f"{site.at}/keywords")
    await fine(phone)
    await picture(phone, "planner-keywords-two")


@pytest.mark.prove
async def test_thousands_are_paged_narrowed_and_sorted(house: Desk, page: Any, phone: Any) -> None:
    site = await site_in(house)
    await site.keywords(1200)
    await site.cluster("boilers", "boiler service", "gas boiler")
    await page.goto(f"{site.at}/keywords")
    await expect(phrases(page).first).to_have_text("heat pump 0001")
    await page.get_by_role("link", name="Next").click()
    await page.get_by_text("heat pump 0051").wait_for()
    await page.get_by_role("link", name="First").click()
    await page.get_by_text("heat pump 0001").wait_for()

    await page.get_by_label("Search keywords").type("boiler")
    await page.get_by_text("Narrowed").wait_for()
    await expect(page).to_have_url(re.compile(r"search=boiler\b"))
    await expect(phrases(page)).to_have_count(2)
    for phrase in ("boiler service", "gas boiler"):
        await expect(page.get_by_text(phrase)).to_be_visible()
    await page.get_by_label("Search keywords").fill("")
    await page.get_by_text("heat pump 0001").wait_for()
    await page.get_by_role("link", name="Keyword", exact=True).click()
    await expect(phrases(page).first).to_have_text("boiler service")
    await page.get_by_label("State").select_option("In a cluster")
    await expect(phrases(page)).to_have_text(["boiler service", "gas boiler"])
    await page.go_back()
    await page.get_by_text("heat pump 0001").wait_for()
    await page.goto(f"{site.at}/keywords?from=11000&difficulty=x&intent=commercial&state=nonsense")
    await expect(page.get_by_label("Intent")).to_be_visible()
    await expect(phrases(page)).to_have_text([f"heat pump {n:04}" for n in range(1, 102, 4)])
    await fine(page)
    await picture(page, "planner-keywords-narrowed")
    await phone.goto(f"{site.at}/keywords")
    await fine(phone)
    await picture(phone, "planner-keywords")


@pytest.mark.prove
async def test_those_that_are_ticked_are_changed_and_put_back_by_keyboard(house: Desk, page: Any) -> None:
    site = await site_in(house)
    await site.keywords(60)
    await page.goto(f"{site.at}/keywords")
    await page.get_by_label("Choose heat pump 0001").focus()
    for key in ("Space", "ArrowDown", "Space", "ArrowDown", "Space"):
        await page.keyboard.press(key)
    await page.get_by_text("3 chosen").wait_for()
    await fine(page)
    await picture(page, "planner-keywords-chosen")
    await page.get_by_role("button", name="Delete").focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("3 keywords are deleted.").wait_for()
    assert await site.count(Keyword) == 57
    await expect(phrases(page).first).to_have_text("heat pump 0004")
    await page.get_by_role("button", name="Undo").focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("It is as it was before.").wait_for()
    await page.get_by_text("heat pump 0001").wait_for()
    assert await site.count(Keyword) == 60

    await page.get_by_label("Choose heat pump 0002").check()
    await page.get_by_role("button", name="Disable").click()
    await page.get_by_text("1 keyword is disabled").wait_for()
    await expect(page.get_by_text("disabled", exact=True)).to_have_count(1)
    await page.get_by_label("Choose heat pump 0001").check()
    await page.get_by_role("button", name="Move").click()
    await page.get_by_label("Cluster", exact=True).last.fill("Heat pumps")
    await page.keyboard.press("Enter")
    await page.get_by_text("1 keyword is now in the new cluster “Heat pumps”.").wait_for()
    (made,) = await site.rows(Cluster)
    assert (made.name, made.volume) == ("Heat pumps", 600)
    await page.get_by_role("button", name="Undo").last.click()
    await page.get_by_text("heat pump 0001").locator("xpath=../..").get_by_text("new").wait_for()
    assert await site.count(Cluster) == 0


async def test_all_that_match_are_changed_only_after_their_number_was_told(house: Desk, page: Any) -> None:
    site = await site_in(house)
    await site.keywords(130)
    await site.keywords(20, "boiler")
    await page.goto(f"{site.at}/keywords?search=heat")
    await page.get_by_label("Choose all on this page").check()
    await page.get_by_text("50 chosen").wait_for()
    await page.get_by_role("button", name="Choose all that match").click()
    await page.get_by_text("All 130 that match").wait_for()
    await site.keywords(1, "heat that came meanwhile")
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_text("Delete: all 130 rows that match").wait_for()
    await calm(page)
    await page.get_by_role("button", name="Delete 130").click()
    await page.get_by_text("More keywords match by now than the 130 you were told of").wait_for()
    assert await site.count(Keyword) == 151
    await page.reload()
    await page.get_by_label("Choose all on this page").check()
    await page.get_by_role("button", name="Choose all that match").click()
    await page.get_by_text("All 131 that match").wait_for()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete 131").click()
    await page.get_by_text("131 keywords are deleted.").wait_for()
    assert await site.count(Keyword) == 20
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("It is as it was before.").wait_for()
    assert await site.count(Keyword) == 151


async def test_what_was_set_aside_tells_why_and_is_tried_again(house: Desk, page: Any) -> None:
    site = await site_in(house)
    await site.keywords(3)
    await site.sql(
        "update keywords set parked_at = now(), error = 'The model gave no name.' where volume > 10"
    )
    await page.goto(f"{site.at}/keywords")
    await page.get_by_role("link", name="See why").click()
    await expect(page.get_by_text("The model gave no name.")).to_have_count(2)
    await fine(page)
    await page.get_by_role("button", name="Try all again").click()
    await page.get_by_text("2 keywords are tried again by the next run.").wait_for()
    assert await site.count(Keyword, Keyword.state == "new") == 3
