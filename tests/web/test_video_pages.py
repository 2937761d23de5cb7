"""The pages of videos as requests: files in parts, what belongs to others, and what is refused."""

import re
from typing import Any

import pytest

from api.api_house import Tenant
from desk.test_own_footage import photo
from desk.video_rows import MP4, film, scenes
from nightdesk.desk.videos import VideoWish
from nightdesk.lines.video.origins import GIVEN
from nightdesk.store import ledger


@pytest.fixture
async def here(house: Any, owner: Any) -> Tenant:
    """The owner's workspace with a site of its own."""
    sites = await house.desk.sites.listed(owner.workspace)
    named = {site.name: site.id for site in sites}
    if "Reels" not in named:
        named["Reels"] = (await house.desk.sites.create(owner.workspace, "Reels")).id
    return Tenant(owner.workspace, named["Reels"], "", owner.client)


@pytest.fixture
async def theirs(house: Any) -> int:
    """A video of another workspace."""
    workspace = await house.desk.founding.found("Another desk of videos", 100)
    site = await house.desk.sites.create(workspace, "Theirs")
    return (await film(house, Tenant(workspace, site.id, "", None))).id  # type: ignore[arg-type]


async def test_a_video_is_sent_in_the_parts_that_a_player_asks_for(house: Any, here: Tenant) -> None:
    made = await film(house, here)
    at = f"/videos/{made.id}/files/video"
    whole = await here.client.get(at, headers={"Accept-Encoding": "gzip"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, MP4, "video/mp4")
    assert (whole.headers["accept-ranges"], whole.headers["content-length"]) == ("bytes", str(len(MP4)))
    part = await here.client.get(at, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, MP4[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(MP4)}"
    beyond = await here.client.get(at, headers={"Range": f"bytes={len(MP4)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(MP4)}")
    same = await here.client.get(at, headers={"If-None-Match": whole.headers["etag"]})
    assert same.status_code == 304
    saved = await here.client.get(f"{at}?download")
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_the_parts_of_scenes_are_to_be_had_and_nothing_else_is(house: Any, here: Tenant) -> None:
    made = await film(house, here)
    at = f"/videos/{made.id}"
    for path, kind in (("scenes/2/files/sound", "audio/wav"), ("scenes/1/files/picture", "image/png")):
        answer = await here.client.get(f"{at}/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    for path in ("scenes/9/files/sound", "scenes/1/files/video", "files/sound", "files/passwords"):
        assert (await here.client.get(f"{at}/{path}")).status_code == 404, path


async def test_a_video_of_another_workspace_is_as_if_there_were_none(theirs: int, here: Tenant) -> None:
    for number in (theirs, 2**63 - 1, 2**70):
        for path in ("", "/files/video", "/scenes/1/files/sound", "/scenes/1/edit", "/change", "/note"):
            answer = await here.client.get(f"/videos/{number}{path}")
            assert answer.status_code == 404, f"{number}{path}"
        for path in ("/cancel", "/retry", "/delete", "/reopen"):
            assert (await here.client.post(f"/videos/{number}{path}")).status_code == 404, path


async def test_what_was_read_at_another_revision_overwrites_nothing(house: Any, here: Tenant) -> None:
    made = await film(house, here)
    at, seen = f"/videos/{made.id}", {"revision": "7"}
    for path in ("/scenes/1/remove", "/scenes/1/sound", "/scenes/1/picture", "/thumbnails", "/rewrite"):
        answer = await here.client.post(f"{at}{path}", data=seen)
        assert answer.status_code == 409, path
        assert "was changed meanwhile" in answer.text, path
    assert (await here.client.post(f"{at}/scenes/1/sound")).status_code == 422
    assert (await here.client.post(f"{at}/decide", data=seen | {"decision": "approve"})).status_code == 409
    video = (await house.desk.videos.shelf.show(here.workspace, made.id)).video
    assert (video.status, video.revision) == ("review", 1)


async def test_the_studio_reckons_refuses_by_the_field_and_asks_for_variants(
    house: Any, here: Tenant
) -> None:
    at = "/sites/reels/studio"
    form = {"about": "script", "custom_script": "One.\n\nTwo.", "seconds": "20", "count": "3"}
    cost = await here.client.post(f"{at}/cost", data=form, headers={"HX-Request": "true"})
    reckoned = await house.desk.videos.reckoning.reckon(
        here.workspace, here.site, VideoWish(custom_script="One.\n\nTwo.", seconds=20, count=3)
    )
    assert (reckoned.each, reckoned.credits) == (2 + 2 + 2, 18)
    assert "<strong>18</strong> credits" in cost.text
    for wrong, field in (
        ({"custom_script": " "}, "custom_script"),
        ({"about": "typed"}, "topic"),
        ({"seconds": "ten"}, "seconds"),
        ({"count": "6"}, "count"),
        ({"about": "topic", "topic_id": "x"}, "topic_id"),
    ):
        answer = await here.client.post(at, data=form | wrong, headers={"HX-Request": "true"})
        assert (answer.status_code, f'data-field="{field}"' in answer.text) == (422, True), field
    done = await here.client.post(at, data=form, headers={"HX-Request": "true"})
    assert done.headers["hx-redirect"] == f"{at}?ordered=3"
    assert (await here.client.get(at)).text.count('class="reel-line"') >= 3
    last = max(one.video.id for one in await house.desk.videos.shelf.today(here.workspace, here.site))
    assert f'href="/videos/{last - 2}"' in (await here.client.get(f"/videos/{last}")).text


async def test_the_studio_offers_who_is_set_up_to_film_it_and_reckons_by_whom_is_chosen(
    house: Any, here: Tenant
) -> None:
    at, choices = "/sites/reels/studio", house.desk.choices
    form = {"about": "script", "custom_script": "One.\n\nTwo.", "seconds": "20"}
    plain = (await here.client.get(at)).text
    assert "As the site has it: A camera over pictures" in plain
    assert 'value="comfyui' not in plain
    await choices.choose(here.workspace, "clips", "comfyui:ltx-2-text")
    await choices.choose(here.workspace, "clips", "motion", here.site)
    try:
        offered = (await here.client.get(at)).text
        assert '<option value="comfyui:ltx-2-text">ComfyUI, workflow ltx-2-text, 2 credits a clip' in offered
        assert 'value="stock:pexels"' not in offered
        costs = [
            (await here.client.post(f"{at}/cost", data=form | {"clips": name})).text
            for name in ("", "comfyui:ltx-2-text")
        ]
        assert ["<strong>6</strong> credits" in costs[0], "<strong>10</strong> credits" in costs[1]] == [
            True
        ] * 2
        headers = {"HX-Request": "true"}
        done = await here.client.post(at, data=form | {"clips": "comfyui:ltx-2-text"}, headers=headers)
        page = await here.client.get(done.headers["hx-redirect"])
        assert "<dt>Who films it</dt><dd>ComfyUI, workflow ltx-2-text</dd>" in page.text
        number = int(done.headers["hx-redirect"].rpartition("/")[2])
        await house.desk.videos.steering.cancel(here.workspace, number)
    finally:
        for site in (here.site, None):
            await choices.choose(here.workspace, "clips", "", site)


async def test_an_order_that_cannot_be_paid_says_so_and_leads_to_the_credits(
    house: Any, here: Tenant
) -> None:
    async with house.store.workspace(here.workspace) as session:
        left = (await ledger.balances(session, here.workspace)).wallet
        await ledger.hold(session, here.workspace, "for something else", left - 3, None, None)
    at, wish = "/sites/reels/studio", {"about": "typed", "topic": "Compost in winter"}
    before = len(await house.desk.videos.shelf.today(here.workspace))
    try:
        reckoned = await here.client.post(f"{at}/cost", data=wish)
        assert ("It needs 21" in reckoned.text, 'href="/credits"' in reckoned.text) == (True, True)
        for headers in ({}, {"HX-Request": "true"}):
            refused = await here.client.post(at, data=wish, headers=headers)
            assert (refused.status_code, "21 credits are needed" in refused.text) == (402, True)
            assert 'href="/credits"' in refused.text
        assert len(await house.desk.videos.shelf.today(here.workspace)) == before
    finally:
        async with house.store.workspace(here.workspace) as session:
            await ledger.settle(session, here.workspace, "for something else", left - 3, 0, None, None)


async def test_a_photo_of_ones_own_is_given_to_a_scene_in_its_dialog(house: Any, here: Tenant) -> None:
    made = await film(house, here)
    at = f"/videos/{made.id}/scenes/1"
    assert 'name="file"' in (await here.client.get(f"{at}/picture")).text
    sent = {"file": ("heap.jpg", photo(), "image/jpeg")}
    done = await here.client.post(f"{at}/own", data={"revision": "1"}, files=sent)
    assert (done.status_code, "Scene 1 shows what you gave" in done.text) == (200, True)
    assert (await scenes(house, here, made.id))[0].label == GIVEN
    none = await here.client.post(f"{at}/own", data={"revision": "2"})
    assert (none.status_code, "Choose a photo or a clip." in none.text) == (422, True)


async def test_the_second_voice_that_is_listened_to_is_another_where_none_is_chosen(here: Tenant) -> None:
    asked = [{"which": which, "voice": "", "second_voice": ""} for which in ("voice", "second_voice")]
    asked.append({"which": "voice", "voice": "en+f2"})
    answers = [await here.client.post("/sites/reels/studio/voice", data=one) for one in asked]
    first, second, chosen = [re.findall(r"sounds/(\w{64})", one.text) for one in answers]
    assert len(first) == len(second) == 1
    assert first != second == chosen
