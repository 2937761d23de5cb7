"""A voice that was tried in the settings can be listened to there."""

from typing import Any

from browser.browser_house import Desk, fine, picture

LOADED = """async () => {
  const sound = document.querySelector(".tried audio");
  const heard = (go, no) => { sound.onloadedmetadata = go; sound.onerror = no; };
  if (sound.readyState < 1) await new Promise(heard);
  return sound.duration;
}"""


async def test_a_voice_that_was_tried_is_listened_to(house: Desk, page: Any, phone: Any) -> None:
    for one in (page, phone):
        await one.goto("/settings/models")
        voices = one.get_by_role("region", name="Voices")
        await voices.get_by_role("button", name="Try it").click()
        await voices.get_by_label("The voice that was tried").wait_for()
        assert 1 < await one.evaluate(LOADED) < 6
        await fine(one)
        await picture(one, "settings-voices")
    rendering = page.get_by_role("region", name="Rendering")
    await rendering.get_by_role("button", name="Try it").click()
    await rendering.get_by_role("img", name="The picture that came of the trial").wait_for()
    await page.get_by_role("region", name="Moving pictures").get_by_role("button", name="Try it").click()
    await page.get_by_text("It moves the camera over the picture").wait_for()
    await picture(page, "settings-video-models")
