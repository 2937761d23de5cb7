"""Publishing in a browser: an account connected, a piece sent out at its time, and a held one decided on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from browser.browser_house import Desk, accessible, calm, fine, fits, picture, quiet
from browser.review_gate import caller, pieces, site_with_source
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.publishing import Wish
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.writer import Content

BERLIN = ZoneInfo("Europe/Berlin")
TOPS = "found => found.map((one) => Math.round(one.getBoundingClientRect().top))"


async def approved(house: Desk, name: str = "worms") -> tuple[Any, int]:
    """A site, and an article of it that may go out."""
    site, document = await site_with_source(house)
    number = (await pieces(house, [name], site, document))[0]
    async with house.house.store.workspace(house.workspace) as session:
        await session.execute(update(Content).where(Content.id == number).values(status="approved"))
    return site, number


async def folder(house: Desk, site: int, name: str = "Heap folder") -> int:
    """An account of the site."""
    accounts, by = house.house.desk.accounts, await caller(house)
    made = await accounts.connect(
        by, NewAccount("folder", name, {"folder": "heap"}, timezone="Europe/Berlin")
    )
    await accounts.link(by, made.id, site)
    return made.id


async def put(house: Desk, number: int, **facts: Any) -> None:
    """The publication as a sender would leave it."""
    async with house.house.store.workspace(house.workspace) as session:
        await session.execute(update(Publication).where(Publication.id == number).values(**facts))


async def refused(page: Any) -> None:
    """All that holds for a page on which a field was refused before."""
    await fits(page)
    await accessible(page)
    quiet(page, but=("422",))


def tomorrow(hour: int, days: int = 1) -> datetime:
    there = datetime.now(BERLIN) + timedelta(days=days)
    return there.replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.mark.prove
async def test_an_account_is_connected_linked_paused_and_removed(house: Desk, page: Any, phone: Any) -> None:
    await site_with_source(house)
    for one in (page, phone):
        await one.goto("/accounts")
        await expect(one.get_by_text("Nothing can go out yet")).to_be_visible()
        await (fine if one is page else calm)(one)
        await picture(one, "accounts-empty")
    await page.get_by_role("link", name="Connect the first account").click()
    tops = await page.locator(".cards > section").evaluate_all(TOPS)
    assert len(tops) == len(house.house.desk.accounts.kinds()) == 3 * len(set(tops))
    await page.get_by_role("link", name="Connect Folder").click()
    await fine(page)
    await page.get_by_label("What you call it").fill("Heap folder")
    await page.get_by_label("Name of the folder").fill("No Such Name")
    await page.get_by_role("button", name="Connect and look").click()
    await expect(page.locator("[data-says-of='values.folder']")).to_contain_text("does not look right")
    await picture(page, "account-connect")
    await page.get_by_label("Name of the folder").fill("heap")
    await page.get_by_role("button", name="Connect and look").click()
    await expect(page.get_by_role("heading", name="Heap folder")).to_be_visible()
    await page.get_by_label("Link a site").select_option("Heap & Soil")
    await page.get_by_label("What is usual there").fill("category: News")
    await page.get_by_role("button", name="Link", exact=True).click()
    await expect(page.locator(".account-link")).to_contain_text("category: News")
    await refused(page)
    await picture(page, "account")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("button", name="Let it go on")).to_be_visible()
    await phone.goto(page.url)
    buttons = phone.locator(".account-link :is(summary, button.btn-sm:visible)")
    name = await phone.locator(".account-link a").bounding_box()
    tops = await buttons.evaluate_all(TOPS)
    assert len(tops) == 2
    assert all(name["y"] <= top < name["y"] + name["height"] for top in tops), "they are on its line"
    await phone.goto("/accounts")
    await expect(phone.locator(".account-line")).to_contain_text("nothing goes out through it")
    await calm(phone)
    await picture(phone, "accounts")
    await page.get_by_role("button", name="Unlink Heap & Soil").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".account-link")).to_contain_text("category: News")
    await page.get_by_role("button", name="Remove").click()
    await page.locator("#confirm-yes").click()
    await expect(page.get_by_text("Nothing can go out yet")).to_be_visible()


@pytest.mark.prove
async def test_an_article_is_planned_moved_and_seen_to_go_out(house: Desk, page: Any, phone: Any) -> None:
    site, number = await approved(house)
    await folder(house, site.id)
    await page.goto(f"/review/{number}")
    part = page.locator("#publishing")
    at = tomorrow(9)
    await part.get_by_label("When it goes out").fill(f"{at:%Y-%m-%dT%H:%M}")
    await expect(part.get_by_label("At a time")).to_be_checked()
    await part.get_by_text("Different this time").click()
    await part.get_by_label("One a line").fill("category: News")
    await fine(page)
    await picture(page, "publish-article")
    await part.get_by_role("button", name="Publish").click()
    await expect(part.locator(".publishing-line")).to_contain_text("Heap folder")
    await page.goto(f"/calendar?day={at:%Y-%m-%d}")
    slot = page.locator(".slot")
    await expect(slot).to_contain_text("09:00")
    await slot.get_by_role("button", name="Move All about worms").click()
    await page.locator("#sheet").get_by_label("When it goes out").fill(f"{at:%Y-%m-%dT}14:30")
    await page.get_by_role("button", name="Plan it for then").click()
    await expect(slot).to_contain_text("14:30")
    await page.get_by_role("button", name="Undo").click()
    await expect(slot).to_contain_text("09:00")
    for one in (page, phone):
        await one.goto(f"/calendar?day={at:%Y-%m-%d}")
        await expect(one.locator(".slot")).to_contain_text("planned")
        await (fine if one is page else calm)(one)
        await picture(one, "calendar")
    await page.goto(f"/calendar?view=day&day={at:%Y-%m-%d}")
    await page.locator(".slot").focus()
    await page.keyboard.press("]")
    await expect(page.locator("[data-drop-hour='10'] .slot")).to_contain_text("10:00")
    await page.locator(".slot").drag_to(page.locator("[data-drop-hour='12']"))
    await expect(page.locator("[data-drop-hour='12'] .slot")).to_contain_text("12:00")
    await fine(page)
    await picture(page, "calendar-day")
    past = datetime.now(UTC) - timedelta(seconds=1)
    row = (await house.house.desk.publishing.calendar.next_out(house.workspace, 1))[0].publication
    assert row.options == {"category": "News"}
    await put(house, row.id, due_at=past)
    await house.house.outgoing.send_due()
    await expect(page.locator(".slot")).to_contain_text("out")
    await page.get_by_role("link", name="All about worms").click()
    await expect(page.locator(".told-line").last).to_contain_text("Out")
    await fine(page)
    await picture(page, "publication")


async def test_a_held_one_is_decided_on_both_ways(house: Desk, page: Any, phone: Any) -> None:
    site, number = await approved(house)
    account = await folder(house, site.id)
    desk, by = house.house.desk, await caller(house)
    wish = Wish(content_id=number, accounts=[account], at=tomorrow(9))
    row = (await desk.publishing.publish(by, wish))[0].id
    told = {"at": "2026-11-20T02:00:00+00:00", "code": "cannot_know", "found": "absent"}
    told["says"] = "The line broke after it was sent, and the platform shows nothing of it."
    held = {"state": "held", "code": "cannot_know", "error": told["says"], "evidence": [told]}
    await put(house, row, **held)
    await phone.goto("/")
    await expect(phone.get_by_role("link", name="Decide on All about worms")).to_be_visible()
    await calm(phone)
    await picture(phone, "tonight-held")
    await page.goto("/calendar")
    await expect(page.locator("#sidebar [data-tally-of=held] .tally")).to_contain_text("1")
    await page.get_by_role("link", name="is held: say whether").click()
    await expect(page.locator(".evidence")).to_contain_text("The line broke")
    await fine(page)
    await picture(page, "publication-held")
    await page.get_by_role("button", name="It is not: send again").click()
    await expect(page.locator("#confirm-says")).to_contain_text("it will be there twice")
    await page.locator("#confirm-yes").click()
    await expect(page.locator("#publication")).to_contain_text("It waits for its time")
    await put(house, row, **held)
    for one in (page, phone):
        await one.goto(f"/publications/{row}")
        await expect(one.get_by_role("button", name="It is live")).to_be_visible()
    await calm(phone)
    await picture(phone, "publication-held")
    await page.get_by_label("Its address").fill("nowhere")
    await page.get_by_role("button", name="It is live").click()
    await page.locator("#confirm-yes").click()
    await expect(page.locator("[data-says-of=url]")).to_contain_text("beginning with https://")
    await page.get_by_label("Its address").fill("https://heap.test/worms")
    await page.get_by_role("button", name="It is live").click()
    await page.locator("#confirm-yes").click()
    await expect(page.get_by_role("link", name="https://heap.test/worms")).to_be_visible()
    await house.house.outgoing.send_due()
    await expect(page.locator(".told-line").last).to_contain_text("by Ada Night")
    quiet(page, but=("422",))


async def test_what_needs_a_decision_is_seen_at_once_on_the_list(house: Desk, page: Any, phone: Any) -> None:
    site, document = await site_with_source(house)
    account = await folder(house, site.id)
    names = ["worms", "leaves", "bins", "moss"]
    numbers = await pieces(house, names, site, document)
    desk, rows = house.house.desk, []
    async with house.house.store.workspace(house.workspace) as session:
        await session.execute(update(Content).where(Content.id.in_(numbers)).values(status="approved"))
    for number in numbers:
        wish = Wish(content_id=number, accounts=[account], at=tomorrow(9))
        rows.append((await desk.publishing.publish(await caller(house), wish))[0].id)
    why = "It cannot be known whether it went out. The platform could not be asked."
    for row in rows[:2]:
        await put(house, row, state="held", code="cannot_know", error=why)
    await put(house, rows[2], state="ambiguous", code="unclear_sent", error="The platform did not answer.")
    for one in (page, phone):
        await one.goto("/publications")
        states = one.get_by_role("navigation", name="States")
        await expect(states.get_by_role("link")).to_have_text(
            ["All", "Held 2", "Unclear 1", "Planned 1", "Out", "Not taken"]
        )
        await (fine if one is page else calm)(one)
        await picture(one, "publications-to-decide")
        await one.get_by_role("link", name="2 are held").click()
        await expect(one.get_by_text("Nobody knows whether these are out.")).to_be_visible()
        await expect(one.locator(".rows .row-line")).to_have_count(2)
        await picture(one, "publications-held")
    await desk.publishing.confirm(await caller(house), rows[0], live=False)
    await expect(page.get_by_role("link", name="Held 1")).to_be_visible()
    await expect(page.locator(".rows .row-line")).to_have_count(1)
    await page.get_by_role("link", name="Unclear 1").click()
    await expect(page.locator(".rows .row-line")).to_contain_text("The platform did not answer.")
    await fine(page)


@pytest.mark.prove
async def test_one_that_was_not_taken_is_asked_about_until_it_is_published_again_or_left(
    house: Desk, page: Any, phone: Any
) -> None:
    site, number = await approved(house)
    account = await folder(house, site.id)
    wish = Wish(content_id=number, accounts=[account], at=tomorrow(9))
    row = (await house.house.desk.publishing.publish(await caller(house), wish))[0].id
    await put(house, row, state="rejected", error="There is no category News there.")
    for one in (phone, page):
        await one.goto("/")
        await expect(one.locator(".need")).to_contain_text("Heap folder did not take it")
        await expect(one.locator(".need")).to_contain_text("There is no category News there.")
        await (calm if one is phone else fine)(one)
        await picture(one, "tonight-refused")
    await page.get_by_role("link", name="Look at All about worms").click()
    await page.get_by_role("button", name="Publish again").wait_for()
    await fine(page)
    await picture(page, "publication-refused")
    await page.get_by_role("button", name="Publish again").click()
    await page.locator("#confirm-yes").click()
    await expect(page.locator("#publication")).to_contain_text("It waits for its time")
    await expect(phone.locator(".need")).to_be_hidden()
    await put(house, row, state="rejected", error="There is no category News there.")
    await page.reload()
    await page.get_by_role("button", name="Leave it").click()
    await page.locator("#confirm-yes").click()
    await expect(page.locator("#publication")).to_contain_text("cancelled")
    await page.goto("/")
    await expect(page.locator(".need")).to_be_hidden()


@pytest.mark.prove
async def test_the_stop_is_seen_on_every_page_of_publishing(house: Desk, page: Any, phone: Any) -> None:
    site, number = await approved(house)
    account = await folder(house, site.id)
    desk = house.house.desk
    await desk.niches.auto.toggle(house.workspace, site.id, True, 2)
    wish = Wish(content_id=number, accounts=[account], at=tomorrow(9))
    row = (await desk.publishing.publish(await caller(house), wish))[0].id
    await page.goto(f"/calendar?view=day&day={tomorrow(9):%Y-%m-%d}")
    await expect(page.get_by_text("lacks 1 article")).to_be_visible()
    await phone.goto("/publications")
    await expect(phone.locator(".row-line")).to_contain_text("All about worms")
    await page.get_by_role("button", name="Stop all publishing").click()
    await page.locator("#confirm-yes").click()
    await expect(page.get_by_text("All publishing is stopped")).to_be_visible()
    paths = (
        "/accounts",
        f"/accounts/{account}",
        "/publications",
        f"/publications/{row}",
        f"/review/{number}",
    )
    await expect(phone.get_by_text("All publishing is stopped")).to_be_visible()
    for path in paths:
        await page.goto(path)
        await expect(page.get_by_text("All publishing is stopped").first).to_be_visible()
        await (fine if path == "/publications" else calm)(page)
        await picture(page, f"stopped{path.rstrip('0123456789').rstrip('/').replace('/', '-')}")
    await page.goto("/calendar")
    await fine(page)
    await picture(page, "calendar-stopped")
    await page.get_by_role("button", name="Lift the stop").click()
    await page.locator("#confirm-yes").click()
    await expect(page.get_by_role("button", name="Stop all publishing")).to_be_visible()
