"""A site is made, tuned section by section, taken elsewhere as a file and brought back."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from browser.browser_house import Desk, fine, fits, picture, quiet

SECTIONS = ("Prompts", "Brand", "Videos", "Models", "Destinations", "Export and import")
SHOWN_ELSEWHERE = ("Prompts", "Models")
"""What these hold is looked at where it is for all sites."""


def emblem() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (300, 200), (20, 120, 60, 255)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.prove
async def test_every_section_of_a_site_is_there_and_fine(house: Desk, page: Any, phone: Any) -> None:
    await house.house.desk.sites.create(
        house.workspace, "Heap & Soil", subject="Home composting", platforms=["youtube"], hours=[7, 15]
    )
    await page.goto("/settings/site?site=heap-soil")
    await page.wait_for_url("**/sites/heap-soil/settings")
    await picture(page, "tuning-about")
    for name in SECTIONS:
        await page.get_by_role("link", name=name, exact=True).click()
        await page.locator(f'.tuning-list [aria-current="page"]:has-text("{name}")').wait_for()
        await (fits if name in SHOWN_ELSEWHERE else fine)(page)
        await picture(page, f"tuning-{name.split()[0].lower()}")
    for path in ("", "/brand", "/videos", "/destinations", "/portable"):
        await phone.goto(f"/sites/heap-soil/settings{path}")
        await fits(phone)
        await picture(phone, f"tuning{path.replace('/', '-')}")
    quiet(phone)


@pytest.mark.prove
async def test_a_site_is_tuned_and_what_was_lost_comes_back(house: Desk, page: Any) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Home composting", voice="Plain.")

    async def now() -> Any:
        return await desk.sites.get(workspace, site.id)

    await page.goto("/sites/heap-soil/settings")
    await page.get_by_label("Style").fill("Short paragraphs.")
    await page.get_by_label("Voice").fill("")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Heap & Soil is changed").wait_for()
    assert ((await now()).voice, (await now()).style) == ("", "Short paragraphs.")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_label("Voice")).to_have_value("Plain.")

    await page.get_by_role("link", name="Destinations").click()
    await page.get_by_text("YouTube", exact=True).click()
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Where pieces go is kept").wait_for()
    await page.get_by_role("link", name="Videos").click()
    await page.get_by_label("Length in seconds").fill("5")
    await page.evaluate("document.querySelector('form.form-card').noValidate = true")
    await page.get_by_role("button", name="Keep").click()
    await page.locator(".is-wrong", has_text="10 to 900").wait_for()
    await page.get_by_label("Length in seconds").fill("45")
    await page.get_by_role("radio", name="9:16").check()
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("What videos are like is kept").wait_for()
    kept = await now()
    assert (kept.platforms, kept.video) == (["youtube"], {"duration": 45, "format": "9:16"})
    await page.locator(".tuning-list").get_by_role("link", name="Brand").click()
    await page.locator("#field-logo").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": emblem()}
    )
    await page.get_by_role("img", name="The logo of Heap & Soil").wait_for()
    await page.get_by_role("radio", name="With serifs Source").check()
    await page.locator("#brand").get_by_role("button", name="Keep").click()
    await page.get_by_text("The look of Heap & Soil is kept").wait_for()
    assert (await now()).brand["typeface"] == "serif"
    assert len((await now()).brand["logo"]) == 64
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_text("has no logo any more").wait_for()
    assert "logo" not in (await now()).brand
    quiet(page, but=("status of 422",))


async def test_a_site_goes_elsewhere_as_a_file_and_comes_back_beside_itself(
    house: Desk, page: Any, phone: Any, tmp_path: Path
) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(
        workspace, "Heap & Soil", subject="Home composting", brand={"primary": "#2f5d3a", "accent": "#e63946"}
    )
    await desk.topics.add_many(workspace, site.id, ["Worms in winter", "Leaf mould"])
    await page.goto("/sites/heap-soil/settings/portable")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download heap-soil.json").click()
    file = tmp_path / "heap-soil.json"
    await (await downloading.value).save_as(file)
    document = json.loads(file.read_bytes())
    assert (document["kind"], len(document["topics"])) == ("nightdesk.site", 2)
    for one in (page, phone):
        await one.goto("/sites/new")
        await one.get_by_role("link", name="Import a site").click()
        await one.locator("#field-file").set_input_files(
            {"name": "a.json", "mimeType": "application/json", "buffer": b"{}"}
        )
        await one.locator(".is-wrong", has_text="no exported site").wait_for()
        await one.locator("#field-file").set_input_files(file)
        await one.get_by_role("heading", name="Heap & Soil").wait_for()
        await one.get_by_text("is taken here: this one becomes").wait_for()
        quiet(one, but=("status of 422",))
        await picture(one, "site-import")
    await page.get_by_role("button", name="Make this site").click()
    await page.wait_for_url("**/sites/heap-soil-2/settings")
    again = await desk.niches.portable.export(workspace, "heap-soil-2")
    assert again.model_dump(exclude={"slug"}) == {name: document[name] for name in document if name != "slug"}


async def test_a_subject_of_the_catalogue_brings_feeds_along(house: Desk, page: Any) -> None:
    subject = house.house.desk.niches.shelf.subjects()[0]
    await page.goto("/sites/new")
    options = page.locator("#subjects option")
    await expect(options.first).to_have_attribute("value", subject)
    await picture(page, "site-new-subjects")
    await page.get_by_label("Name").fill("Fed")
    await page.get_by_label("Subject").fill(subject)
    await page.get_by_role("button", name="Make the site").click()
    await page.wait_for_url("**/sites/fed")
    (site,) = await house.house.desk.sites.listed(house.workspace)
    assert (await house.house.desk.niches.shelf.get(house.workspace, site.id)).feeds > 0
