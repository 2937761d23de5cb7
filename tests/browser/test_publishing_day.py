"""A publishing day in a browser: connected, approved, planned, moved, out once; held ones decided on."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from browser.browser_house import NARROW, calm, open_page, picture, quiet
from browser.publishing_street import Day, day
from browser.review_gate import caller, pieces, site_with_source
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.publishing import Wish
from nightdesk.desk.review.inputs import Decided
from nightdesk.rehearsal.wordpress import PASSWORD
from nightdesk.rehearsing.example import example_sites
from nightdesk.rehearsing.plan import Plan
from nightdesk.store.tables.publishing import Account, Publication

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY, LOOKS = 1, 8
"""A day with another one of its week after it; more looks than a platform is asked for a piece."""


@pytest_asyncio.fixture(loop_scope="session")
async def night(begun: tuple[Any, str], tmp_path: Path) -> AsyncIterator[Day]:
    async with day(begun, tmp_path, "publishing_day") as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def screen(browser: Browser, night: Day) -> AsyncIterator[Page]:
    page = await open_page(browser, night.desk)
    yield page
    await page.context.close()


async def connected(page: Any, platform: str, name: str, **values: str) -> None:
    """By the person at the Accounts page, and linked to the one site there is."""
    await page.goto("/accounts/new")
    await page.get_by_role("link", name=f"Connect {platform}").click()
    await page.get_by_label("What you call it").fill(name)
    for label, value in values.items():
        await page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    await page.get_by_role("button", name="Connect and look").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await page.get_by_label("Link a site").select_option("Heap & Soil")
    await page.get_by_role("button", name="Link", exact=True).click()
    await expect(page.locator(".account-link")).to_contain_text("Heap & Soil")


async def approved(page: Any, number: int) -> Any:
    """At the gate; the part of the piece's page from which it goes out."""
    await page.goto(f"/review/{number}")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("was approved.").wait_for()
    await page.goto(f"/review/{number}")
    return page.locator("#publishing")


async def dragged(page: Any, what: Any, to: Any) -> None:
    """By the mouse, button down, over and up."""
    start, end = await what.bounding_box(), await to.bounding_box()
    await page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 20, steps=8)
    await page.mouse.up()


def tuesday(now: datetime) -> datetime:
    """Nine in the morning of the next one."""
    there = now.astimezone(BERLIN) + timedelta(days=1)
    there += timedelta(days=(TUESDAY - there.weekday()) % 7)
    return there.replace(hour=9, minute=0, second=0, microsecond=0)


async def test_from_the_accounts_over_the_calendar_to_a_post_that_is_there_once(
    night: Day, screen: Any, browser: Browser
) -> None:
    page, press = screen, night.street.platforms["wordpress"]
    site, document = await site_with_source(night.desk)
    number = (await pieces(night.desk, ["worms"], site, document))[0]
    await connected(
        page,
        "WordPress",
        "Heap blog",
        **{"Address of the site": press.address, "User name": "editor", "Application password": PASSWORD},
    )
    await connected(page, "Folder", "Heap folder", **{"Name of the folder": "heap"})
    part = await approved(page, number)
    at = tuesday(night.clock.now())
    await part.get_by_label("When it goes out").fill(f"{at:%Y-%m-%dT%H:%M}")
    await part.get_by_role("button", name="Publish").click()
    await expect(part.locator(".publishing-line")).to_have_count(2)
    await page.goto(f"/calendar?day={at:%Y-%m-%d}")
    blog = page.locator(".slot", has_text="Heap blog")
    wednesday = at + timedelta(days=1)
    await dragged(page, blog, page.locator(f"[data-drop-day='{wednesday:%Y-%m-%d}']"))
    await expect(page.locator(f"[data-drop-day='{wednesday:%Y-%m-%d}'] .slot")).to_contain_text("09:00")
    await blog.get_by_role("button", name="Move").click()
    wanted = wednesday.replace(hour=14, minute=30)
    await page.locator("#sheet").get_by_label("When it goes out").fill(f"{wanted:%Y-%m-%dT%H:%M}")
    await page.get_by_role("button", name="Plan it for then").click()
    await expect(blog).to_contain_text("14:30")
    await picture(page, "day-planned")
    await night.comes(at)
    await expect(page.locator(".slot", has_text="Heap folder")).to_contain_text("out")
    assert night.posts("wordpress") == []
    await night.comes(wednesday)
    assert night.posts("wordpress") == []
    await night.comes(wanted)
    await expect(blog).to_contain_text("out")
    await night.next_comes()
    (post,) = night.posts("wordpress")
    assert post.title == "All about worms"
    await picture(page, "day-out")
    phone = await open_page(browser, night.desk, size=NARROW)
    await phone.goto("/calendar")
    before = phone.locator(f"[data-drop-day='{at:%Y-%m-%d}']")
    await expect(before.get_by_role("link", name="1 out")).to_be_visible()
    await expect(before.locator(".slot")).to_be_hidden()
    await expect(phone.locator(".slot:visible")).to_contain_text("14:30")
    await picture(phone, "day-phone")
    await calm(phone)
    await phone.context.close()
    await blog.get_by_role("link", name="All about worms").click()
    await expect(page.get_by_role("link", name=post.url)).to_be_visible()
    await picture(page, "day-live")
    await page.get_by_role("link", name="The piece").click()
    there = page.locator(".publishing-line", has_text="Heap blog")
    await expect(there.get_by_role("link", name="see it there")).to_have_attribute("href", post.url)
    await calm(page)


@pytest.mark.prove
async def test_two_that_are_held_are_looked_for_and_decided_on(night: Day, screen: Any) -> None:
    page, x = screen, night.street.platforms["x"]
    site, document = await site_with_source(night.desk)
    numbers = await pieces(night.desk, ["worms", "leaves"], site, document)
    accounts, by = night.desk.house.desk.accounts, await caller(night.desk)
    account = await accounts.connect(by, NewAccount("x", "Heap posts", night.street.values("x")))
    await accounts.link(by, account.id, site.id)
    x.faults.strike("busy", at=r"GET /2/users/\d+/tweets", times=99)
    for number, fault in zip(numbers, ("taken_then_reset", "reset_after_sending"), strict=True):
        x.faults.strike(fault, at="POST /2/tweets")
        part = await approved(page, number)
        await part.get_by_role("button", name="Publish").click()
        await expect(part.locator(".publishing-line")).to_contain_text("Heap posts")
        await night.comes(night.clock.now())
        await expect(part.locator(".publishing-line")).to_contain_text("unclear")
        await expect(part.locator(".publishing-line")).to_contain_text("broke the connection off")
    await night.next_comes(2 * LOOKS)
    assert [one.text.splitlines()[0] for one in night.posts("x")] == ["All about worms"]
    await page.goto("/calendar")
    await expect(page.locator("#sidebar [data-tally-of=held] .tally")).to_contain_text("2")
    await picture(page, "day-held")
    await page.get_by_role("link", name="All about worms is held").click()
    await expect(page.locator(".evidence")).to_contain_text("cannot be known")
    await page.get_by_label("Its address").fill("https://x.test/desk/status/1")
    await page.get_by_role("button", name="It is live").click()
    await expect(page.locator("#confirm-says")).to_contain_text("cannot be taken back")
    await page.locator("#confirm-yes").click()
    await expect(page.get_by_role("link", name="https://x.test/desk/status/1")).to_be_visible()
    x.faults.clear()
    await page.goto("/calendar")
    await page.get_by_role("link", name="All about leaves is held").click()
    await page.get_by_role("button", name="It is not: send again").click()
    await page.locator("#confirm-yes").click()
    await expect(page.locator("#publication")).to_contain_text("It waits for its time")
    await night.next_comes(LOOKS)
    posts = night.posts("x")
    assert sorted(one.text.splitlines()[0] for one in posts) == ["All about leaves", "All about worms"]
    await expect(page.locator("#publication")).to_contain_text("It is out")
    await expect(page.locator("#sidebar [data-tally-of=held] .tally")).to_be_hidden()
    await picture(page, "day-decided")
    quiet(page)


@pytest.mark.prove
async def test_what_an_account_needs_is_said_wherever_its_pieces_wait(night: Day, screen: Any) -> None:
    page, desk, by = screen, night.desk.house.desk, await caller(night.desk)
    site, document = await site_with_source(night.desk)
    number = (await pieces(night.desk, ["worms"], site, document))[0]
    await desk.review.decisions.decide(night.desk.workspace, number, "approve", Decided(), by)
    at = tuesday(night.clock.now())
    made = {}
    for name, values in (("folder", {"folder": "heap"}), ("instagram", night.street.values("instagram"))):
        made[name] = (await desk.accounts.connect(by, NewAccount(name, f"Heap {name}", values))).id
        await desk.accounts.link(by, made[name], site.id)
    wish = Wish(content_id=number, accounts=[made["folder"]], at=at)
    row = (await desk.publishing.publish(by, wish))[0].id
    async with night.desk.house.store.workspace(night.desk.workspace) as session:
        await session.execute(update(Account).values(status="expired", says="It may not be written to."))
    await page.goto(f"/calendar?day={at:%Y-%m-%d}")
    await expect(page.locator(".slot")).to_contain_text("Waits: its account needs you.")
    await page.goto("/publications")
    await expect(page.locator(".row-line")).to_contain_text("Waits: its account needs you.")
    await page.goto(f"/publications/{row}")
    await expect(page.locator(".publication-waits")).to_contain_text("It may not be written to.")
    await expect(page.locator("#publication")).not_to_contain_text("goes out by itself")
    await page.goto(f"/accounts/{made['instagram']}")
    await expect(page.get_by_label("Access token")).to_be_visible()
    await calm(page)


@pytest.mark.prove
async def test_nights_pass_with_auto_mode_on_and_what_is_approved_goes_out_once(
    night: Day, screen: Any
) -> None:
    page, desk = screen, night.desk.house.desk
    plan = Plan(days=3, sites=1, posts=1)
    site = (await example_sites(night.desk.house, night.desk.workspace, plan))[0]
    by = await caller(night.desk)
    for name in ("wordpress", "folder"):
        values = {"folder": "example"} if name == "folder" else night.street.values(name)
        account = await desk.accounts.connect(by, NewAccount(name, f"Example {name}", values))
        await desk.accounts.link(by, account.id, site.id)
    await page.goto(f"/sites/{site.slug}/auto")
    await page.get_by_role("button", name="Switch it on").click()
    await page.get_by_text(f"Auto mode of {site.name} is on").first.wait_for()
    await page.goto("/calendar")
    await expect(page.locator(".slot-lacks").first).to_contain_text("lacks 1 article")
    await picture(page, "night-before")
    await night.passes()
    assert night.posts("wordpress") == []
    await page.goto("/review")
    waiting = await page.locator(".queue-title").count()
    assert waiting
    await picture(page, "night-review")
    for _ in range(waiting):
        await page.goto("/review")
        await page.locator(".queue-title").first.click()
        await page.get_by_role("button", name="Approve").click()
        await page.get_by_text("was approved.").wait_for()
    await night.passes(2)
    live = [one for one in await rows(night) if one.state == "live"]
    assert len(live) >= 2 * len({one.account_id for one in live}) == 4
    assert len({(one.content_id, one.account_id) for one in live}) == len(live)
    marks = [one.key.hex for one in live if one.url.startswith("http")]
    texts = [post.text for post in night.posts("wordpress")]
    assert [sum(mark in text for text in texts) for mark in marks] == [1] * len(marks)
    assert len(texts) == len(marks) == len(await folders(night))
    await page.goto("/publications?state=live")
    await expect(page.locator(".row-line")).to_have_count(len(live))
    await picture(page, "night-out")
    await page.goto("/calendar")
    await picture(page, "night-after")
    await calm(page)


async def rows(night: Day) -> list[Publication]:
    """Every publication of the desk."""
    async with night.desk.house.store.workspace(night.desk.workspace) as session:
        return list(await session.scalars(select(Publication)))


async def folders(night: Day) -> list[Path]:
    """Every piece that the folder account wrote."""
    root = night.desk.house.settings.data_dir / "published"
    return [one.parent for one in root.rglob("piece.json") if ".incoming" not in one.parts]
