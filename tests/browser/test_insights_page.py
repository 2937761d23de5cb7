"""Insights in a browser: what the page teaches while it is empty, what it draws, and the growth rule."""

from datetime import datetime, timedelta
from typing import Any

from playwright.async_api import expect

from api.api_house import Tenant
from browser.browser_house import Desk, calm, fine, picture
from browser.review_gate import tenant
from insights.out_there import account, out

TITLES = (
    "Why does the compost heap smell?",
    "5 mistakes with compost heaps",
    "The compost heap in winter",
    "How earwigs raise their young",
    "Earwigs: friend or foe?",
    "A year of earwigs",
)


async def published(house: Desk, whose: Tenant, now: datetime) -> None:
    """Thirty videos and some articles; what was published in the evening reached more."""
    films = await account(house.house, whose)
    texts = await account(house.house, whose, "wordpress")
    for number in range(30):
        evening = number % 2 == 0
        at = (now - timedelta(days=29 - number)).replace(hour=19 if evening else 6, minute=0)
        most = (2400 if evening else 500) + 90 * (number % 7)
        views = {1: most // 20, 24: most // 2, 72: most} | ({168: most + 300} if number < 20 else {})
        views = {age: count for age, count in views.items() if at + timedelta(hours=age) < now}
        title = f"{TITLES[number % 6]} {number}" if number > 5 else TITLES[number]
        await out(house.house, whose, films, at, title=title, views=views, url=f"https://there.test/{number}")
    for number in range(3):
        await out(house.house, whose, texts, now - timedelta(days=3 + number), title=f"Worms {number}")


async def test_results_are_drawn_ranked_and_followed(house: Desk, page: Any, phone: Any) -> None:
    desk = house.house.desk
    site = await desk.sites.create(house.workspace, "Heap & Soil", timezone="Europe/Berlin")
    for one in (page, phone):
        await one.goto("/insights")
        await expect(one.get_by_text("Nothing to compare yet")).to_be_visible()
    await fine(page)
    await picture(page, "insights-empty")
    await published(house, tenant(house, site), desk.health.clock.now())
    await desk.sites.create(house.workspace, "A second site")
    for one in (page, phone):
        await one.goto("/insights")
        await expect(one.get_by_role("img", name="Views by day")).to_be_visible()
    await picture(page, "insights-all")
    for one in (page, phone):
        await one.get_by_label("Site", exact=True).get_by_role("link", name="Heap & Soil").click()
        await expect(one.get_by_role("heading", name="What Heap & Soil has learned")).to_be_visible()
        await (fine if one is page else calm)(one)
        await picture(one, "insights")
    hours = page.get_by_role("region", name="Hours")
    await expect(hours.locator("li").first).to_contain_text("YouTube, 20:00")
    await expect(page.locator("#top_title + .card tbody tr")).to_have_count(8)
    growth = page.locator("#growth")
    await expect(growth).to_contain_text("It is on by itself")
    await growth.get_by_role("button", name="Off").click()
    await expect(page.locator("#growth")).to_contain_text("It is off")
    await expect(page.locator("#growth").get_by_role("button", name="Off")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.get_by_role("button", name="Read again").click()
    await expect(page.get_by_text("33 publications are read again")).to_be_visible()


async def test_what_reached_nobody_is_not_what_reached_most(house: Desk, page: Any) -> None:
    site = await house.house.desk.sites.create(house.workspace, "Heap & Soil")
    now, whose = house.house.desk.health.clock.now(), tenant(house, site)
    films = await account(house.house, whose)
    await out(house.house, whose, films, now - timedelta(days=2), title="Seen by none", views={1: 0, 24: 0})
    await page.goto("/insights")
    await expect(page.get_by_text("No number above nought was read back yet.")).to_be_visible()
    await out(house.house, whose, films, now - timedelta(days=2), title="Seen by some", views={1: 3, 24: 9})
    await page.reload()
    await expect(page.locator("#top_title + .card tbody tr")).to_have_count(1)
    await calm(page)
