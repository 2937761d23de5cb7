"""The settings in a browser: models chosen and tried, a site changed, its brand seen, its prompts tried."""

from typing import Any

from browser.browser_house import Desk, fine, picture, quiet

KEY = "sk-canary-0123456789-WXYZ"


async def test_models_are_tried_chosen_and_taken_back(house: Desk, page: Any) -> None:
    await page.goto("/settings")
    writing = page.get_by_role("region", name="Writing", exact=True)
    await writing.get_by_text("Offline").first.wait_for()
    await fine(page)
    await picture(page, "settings-models")
    await writing.get_by_role("button", name="Try it").click()
    await writing.get_by_text("It works").wait_for()
    assert await writing.get_by_text("free").is_visible()
    pictures = page.get_by_role("region", name="Pictures")
    await pictures.get_by_role("button", name="Try it").click()
    await pictures.get_by_role("img", name="The picture that came of the trial").wait_for()
    await fine(page)
    await picture(page, "settings-models-tried")

    await writing.get_by_role("button", name="Change").click()
    await writing.get_by_label("Provider").select_option("openai")
    await writing.get_by_role("button", name="Keep").click()
    await writing.get_by_text("Say which model").wait_for()
    await writing.get_by_label("Model").fill("gpt-5-mini")
    await writing.get_by_text("for a million tokens").wait_for()
    await writing.get_by_role("button", name="Try this first").click()
    await writing.get_by_text("It does not work yet").wait_for()
    assert await writing.get_by_text("needs a key").is_visible()
    await writing.get_by_label("Key").fill(KEY)
    await writing.get_by_role("button", name="Keep").click()
    await writing.get_by_text("OpenAI, gpt-5-mini").wait_for()
    assert await writing.get_by_text("key …WXYZ").is_visible()
    assert KEY not in await page.content()
    quiet(page, but=("status of 422",))

    await writing.get_by_role("button", name="Change").click()
    await writing.get_by_role("button", name="Forget the key").click()
    await page.get_by_role("button", name="Forget it").click()
    await writing.get_by_text("key …WXYZ").wait_for(state="detached")
    await writing.get_by_role("button", name="Change").click()
    await picture(page, "settings-models-change")
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
