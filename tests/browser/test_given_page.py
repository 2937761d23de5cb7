"""A site is given music and an intro for its videos: seen, tuned, removed and put back."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from browser.browser_house import Desk, fine, fits, picture, quiet
from media.made_up_certificate import certificate
from nightdesk.media.ffmpeg import Ffmpeg


def song(folder: Path) -> str:
    target = folder / "night.mp3"
    made = ["-f", "lavfi", "-i", "sine=f=440:r=44100:d=6", "-b:a", "64k", str(target)]
    subprocess.run([Ffmpeg().program, "-v", "error", *made], check=True)
    return str(target)


@pytest.mark.prove
async def test_music_and_an_intro_are_given_tuned_removed_and_put_back(
    house: Desk, page: Any, phone: Any, tmp_path: Path
) -> None:
    desk, workspace = house.house.desk, house.workspace
    site = await desk.sites.create(workspace, "Heap & Soil", subject="Home composting")

    async def now() -> dict[str, Any]:
        return (await desk.sites.get(workspace, site.id)).video_files

    await page.goto("/sites/heap-soil/settings/videos")
    await page.get_by_label("A file as the music").set_input_files(song(tmp_path))
    await expect(page.get_by_label("The music", exact=True)).to_be_visible()
    card = page.locator("#given-music")
    await card.get_by_label("Loudness in % of the voice").fill("30")
    await card.get_by_label("Where it comes from").fill("Night songs, CC BY 4.0")
    await card.get_by_role("button", name="Keep").click()
    await page.get_by_text("Music: kept.").wait_for()
    music = (await now())["music"]
    assert (music["volume"], music["source"], music["seconds"]) == (0.3, "Night songs, CC BY 4.0", 6.0)

    out = BytesIO()
    Image.new("RGB", (400, 300), "darkgreen").save(out, "PNG")
    sent = {"name": "../../intro.png", "mimeType": "image/png", "buffer": out.getvalue()}
    await page.get_by_label("A file as the intro").set_input_files(sent)
    await expect(page.get_by_label("The intro", exact=True)).to_be_visible()
    await fine(page)
    await picture(page, "given-videos")
    await phone.goto("/sites/heap-soil/settings/videos")
    await fits(phone)
    await picture(phone, "given-videos-phone")
    quiet(phone)

    await page.locator("#given-intro").get_by_role("button", name="Remove").click()
    await page.get_by_text("Intro removed.").wait_for()
    assert "intro" not in await now()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_label("The intro", exact=True)).to_be_visible()
    assert (await now())["intro"]["frames"] == 96

    page_of = {"name": "intro.mp4", "mimeType": "video/mp4", "buffer": b"<html><script>1</script>"}
    await page.get_by_label("A file as the outro").set_input_files(page_of)
    await page.get_by_text("the file is a web page").first.wait_for()
    assert "outro" not in await now()


async def test_a_certificate_is_given_seen_without_its_key_and_forgotten(
    house: Desk, page: Any, phone: Any
) -> None:
    chain, key = certificate()
    await page.goto("/settings/signing")
    await page.locator("#signing-chain-file").set_input_files(
        {"name": "chain.pem", "mimeType": "application/x-pem-file", "buffer": chain}
    )
    await page.get_by_label("Private key, without a password").fill(key.decode())
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("videos are signed for A made-up signer").wait_for()
    assert key.decode().splitlines()[1] not in await page.content()
    await fine(page)
    await picture(page, "signing")
    await phone.goto("/settings/signing")
    await fits(phone)
    await picture(phone, "signing-phone")
    await page.get_by_role("button", name="Forget both").click()
    await page.get_by_role("dialog").get_by_role("button", name="Forget both").click()
    await expect(page.get_by_text("No certificate so far.")).to_be_visible()
    await page.get_by_label("Certificates, the signer’s first").fill("nothing")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("there is no certificate in it").first.wait_for()
