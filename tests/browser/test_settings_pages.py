"""The settings in a browser: models chosen and tried, a site changed, its brand seen, its prompts tried."""

from typing import Any

import pytest
from playwright.async_api import expect

from api.api_house import Tenant
from api.rows import add_chain
from browser.browser_house import Desk, accessible, calm, fine, fits, picture, quiet

KEY = "sk-canary-0123456789-WXYZ"


async def test_models_are_tried_chosen_and_taken_back(house: Desk, page: Any) -> None:
    await page.goto("/settings")
    writing = page.get_by_role("region", name="Writing", exact=True)
    await writing.get_by_text("Offline").first.wait_for()
    await calm(page)
    await writing.get_by_role("button", name="Try it").click()
    await writing.get_by_text("It works").wait_for()
    await expect(writing.get_by_text("free")).to_be_visible()
    pictures = page.get_by_role("region", name="Pictures", exact=True)
    await pictures.get_by_role("button", name="Try it").click()
    await pictures.get_by_role("img", name="The picture that came of the trial").wait_for()
    await fine(page)

    await writing.get_by_role("button", name="Change").click()
    await writing.get_by_label("Provider").select_option("openai")
    await writing.get_by_role("button", name="Keep").click()
    await writing.get_by_text("Say which model").wait_for()
    await writing.get_by_label("Model").fill("gpt-5-mini")
    await writing.get_by_text("for a million tokens").wait_for()
    await writing.get_by_role("button", name="Try this first").click()
    await writing.get_by_text("It does not work yet").wait_for()
    await expect(writing.get_by_text("needs a key")).to_be_visible()
    await writing.get_by_label("Key").fill(KEY)
    await writing.get_by_role("button", name="Keep").click()
    await writing.get_by_text("OpenAI, gpt-5-mini").wait_for()
    await expect(writing.get_by_text("key …WXYZ")).to_be_visible()
    assert KEY not in await page.content()
    quiet(page, but=("status of 422",))

    await writing.get_by_role("button", name="Change").click()
    await writing.get_by_role("button", name="Forget the key").click()
    await page.get_by_role("button", name="Forget it").click()
    await writing.get_by_text("key …WXYZ").wait_for(state="detached")
    await pictures.get_by_role("button", name="Try it").click()
    await pictures.get_by_role("img", name="The picture that came of the trial").wait_for()
    await writing.get_by_role("button", name="Change").click()
    await picture(page, "settings-models")
    (text, *_) = await house.house.desk.choices.shown(house.workspace)
    assert (text.chosen, text.key) == ("openai:gpt-5-mini", None)


async def test_a_site_may_choose_for_itself(house: Desk, phone: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil")
    await phone.goto("/settings/models")
    await phone.get_by_role("button", name="All sites").click()
    await phone.get_by_role("menuitemradio", name="Heap & Soil").click()
    comparing = phone.get_by_role("region", name="Comparing phrases")
    await comparing.get_by_role("button", name="Change").click()
    await comparing.get_by_label("Provider").select_option("ollama")
    await comparing.get_by_label("Model").fill("nomic-embed-text")
    await comparing.get_by_role("button", name="Keep").click()
    await comparing.get_by_text("chosen for this site").wait_for()
    await fine(phone)
    await picture(phone, "settings-models-site")
    of_site = {one.kind: one.chosen for one in await desk.choices.shown(workspace, site.id)}
    of_all = {one.kind: one.chosen for one in await desk.choices.shown(workspace)}
    assert (of_site["embeddings"], of_all["embeddings"]) == ("ollama:nomic-embed-text", "lexical")


async def test_a_site_is_changed_and_what_is_wrong_is_told_beside_it(house: Desk, page: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    await page.goto("/settings/site")
    await page.get_by_text("No site yet").wait_for()
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Compost")
    await page.goto("/settings/site?site=heap-soil")
    await expect(page.get_by_label("Subject")).to_have_value("Compost")
    await fine(page)
    await picture(page, "settings-site")
    await page.get_by_label("Name").fill(" ")
    await page.get_by_role("button", name="Keep").click()
    await page.locator(".is-wrong", has_text="1 to 120 characters").wait_for()
    await page.get_by_label("Name").fill("Heap and Soil")
    await page.get_by_label("Time zone").select_option("America/New_York")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("planned anew by the new clock").wait_for()
    changed = await desk.sites.get(workspace, site.id)
    assert (changed.name, changed.timezone, changed.slug) == (
        "Heap and Soil",
        "America/New_York",
        "heap-soil",
    )
    quiet(page, but=("status of 422",))


@pytest.mark.prove
async def test_colours_are_seen_on_cards_before_they_are_kept(house: Desk, page: Any, phone: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Home composting and garden soil")
    for one in (page, phone):
        await one.goto("/settings/brand")
        await one.get_by_text("It reads well.").wait_for()
        await expect(one.locator(".sample img").first).to_have_js_property("naturalWidth", 960)
        await fine(one)
    await picture(phone, "settings-brand")
    first = page.locator(".sample img").first
    before = str(await first.get_attribute("src"))
    await page.get_by_label("Text").fill("#e8eee0")
    await page.get_by_text("That is hard to read").wait_for()
    await expect(first).not_to_have_attribute("src", before)
    assert (await desk.sites.get(workspace, site.id)).brand == {}
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("The look of Heap & Soil is kept").wait_for()
    assert (await desk.sites.get(workspace, site.id)).brand["text"] == "#e8eee0"
    await page.get_by_role("button", name="Show the usual ones").click()
    await page.get_by_text("It reads well.").wait_for()
    await calm(page)
    await picture(page, "settings-brand")


@pytest.mark.prove
async def test_a_prompt_is_tried_kept_and_put_back(house: Desk, page: Any, phone: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Heating")
    await page.goto("/settings/prompts")
    planning = page.get_by_role("region", name="Planning pieces")
    await planning.get_by_role("button", name="Try it").click()
    await page.get_by_text("no cluster to try this on").wait_for()
    await add_chain(house.house, Tenant(workspace, site.id, "", None))
    await planning.get_by_role("button", name="Try it").click()
    await planning.get_by_text("It planned 2 pieces.").wait_for()
    await planning.get_by_role("textbox").fill("Plan as a gardener would.")
    await planning.get_by_role("button", name="Keep").click()
    await planning.get_by_text("Your own").wait_for()
    for one in (page, phone):
        await one.goto("/settings/prompts?site=heap-soil")
        await one.get_by_text("Your own").wait_for()
        writing = one.get_by_role("region", name="Writing", exact=True)
        await writing.get_by_role("button", name="Try it").click()
        await one.get_by_text("It wrote").wait_for()
        await fits(one)
        await accessible(one)
        await picture(one, "settings-prompts")
    await planning.get_by_role("button", name="Put the shipped text back").click()
    await page.get_by_role("button", name="Put it back").click()
    await planning.get_by_text("As shipped").wait_for()
    assert (await desk.sites.get(workspace, site.id)).prompts == {}
    quiet(page, but=("status of 409",))
