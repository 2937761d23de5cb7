"""Videos reach a TikTok account once, flagged where machines made them, whatever TikTok does on the way."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.publisher import Live, Unclear
from nightdesk.publishers.tiktok.chunks import Chunks
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.tiktok import ACCOUNT, FakeTikTok, said
from publishing.short_videos import TEXT, reshaped, video
from publishing.video_accounts import OnTikTok


@pytest_asyncio.fixture(loop_scope="session")
async def account() -> AsyncIterator[OnTikTok]:
    platform = FakeTikTok()
    async with serving(platform) as served:
        yield OnTikTok(served)


@pytest.mark.parametrize("synthetic", [True, False])
async def test_what_machines_made_is_flagged_and_nothing_else_is(account: OnTikTok, synthetic: bool):
    piece = video(synthetic=synthetic, label="Made with AI." if synthetic else "")
    found = await account.out(piece)
    assert isinstance(found, Live), found
    (upload,) = account.platform.done
    assert upload.post is not None
    assert upload.post["is_aigc"] is synthetic
    assert upload.post["title"] == f"{TEXT} #Heating #Wärmepumpe #暖房"
    assert upload.post["disable_duet"] is True
    assert upload.post["disable_comment"] is False
    assert found == Live(upload.number, f"https://www.tiktok.com/@{ACCOUNT}/video/{upload.number}")
    assert bytes(upload.body) == b"".join([part async for part in piece.media[0].read(0, None)])
    assert account.lines.tokens[0]["publish"] == upload.id


async def test_a_draft_comes_into_the_inbox_and_its_person_is_told_of_text_and_label(account: OnTikTok):
    account.config["mode"] = "draft"
    found = await account.out(video())
    (upload,) = account.platform.done
    assert found == Live(upload.id, "")
    assert upload.post is None
    assert "AI-generated content" in account.lines.said[-1][1]


@pytest.mark.parametrize(
    ("size", "each", "count", "last"),
    [
        (3_145_728, 3_145_728, 1, (0, 3_145_728)),
        (16_000_000, 16_000_000, 1, (0, 16_000_000)),
        (31_999_999, 31_999_999, 1, (0, 31_999_999)),
        (50_000_123, 16_000_000, 3, (32_000_000, 50_000_123)),
        (256_000_000, 16_000_000, 16, (240_000_000, 256_000_000)),
        (4_294_967_296, 16_000_000, 268, (4_272_000_000, 4_294_967_296)),
    ],
)
def test_a_file_is_cut_as_tiktok_takes_it(size: int, each: int, count: int, last: tuple[int, int]):
    chunks = Chunks.of(size)
    assert (chunks.each, chunks.count) == (each, count)
    assert chunks.span(count - 1) == last
    assert FakeTikTok()._fits(size, chunks.each, chunks.count)
    assert all(chunks.span(n)[1] == chunks.span(n + 1)[0] for n in range(count - 1))


async def test_an_upload_that_broke_off_goes_on_where_it_was(account: OnTikTok):
    piece = video(size=5200)
    account.platform.faults.strike("taken_then_reset", at=OnTikTok.at, skip=2)
    assert isinstance(await account.out(piece), Later)
    found = await account.out(piece, account.lines.tokens[-1])
    assert isinstance(found, Live), found
    spans = [one.headers["content-range"] for one in account.platform.requests if one.method == "PUT"]
    assert [one.split()[1].split("-")[0] for one in spans] == ["0", "1000", "2000", "3000", "4000"]
    assert len(account.platform.uploads) == 1


async def test_an_upload_whose_hour_is_over_is_begun_anew(account: OnTikTok):
    account.clock = clock = SetClock(datetime.now(UTC))
    account.platform.clock = account.platform.logins.clock = clock
    account.kept.secrets["access_token"] = account.platform.logins.granted(ACCOUNT)
    piece = video()
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
    clock.move(3600)
    assert isinstance(await account.out(piece, token), Live)
    assert len(account.platform.uploads) == 2
    assert len(account.platform.posts()) == 1


async def test_an_address_that_takes_nothing_any_more_is_left_for_another(account: OnTikTok):
    piece = video()
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
    account.platform.shut = True
    assert isinstance(await account.out(piece, token), Later)
    account.platform.shut = False
    assert isinstance(await account.out(piece, account.lines.tokens[-1]), Live)
    assert len(account.platform.posts()) == 1


async def test_what_may_have_been_finished_is_not_begun_anew_within_the_hour(account: OnTikTok):
    piece = video()
    account.platform.faults.strike("reset_after_sending", at=OnTikTok.at, skip=2)
    assert isinstance(await account.out(piece), Unclear)
    account.platform.shut = True
    assert isinstance(await account.out(piece, account.lines.tokens[-1]), Unclear)
    assert len(account.platform.uploads) == 1
    token = {**account.lines.tokens[-1], "over": True}
    ending = await account.out(piece, token)
    assert isinstance(ending, Later)
    assert ending.seconds is not None
    assert ending.seconds > 3600


@pytest.mark.parametrize(
    ("code", "status", "ending"),
    [
        ("spam_risk_too_many_posts", 403, Later),
        ("spam_risk_too_many_pending_share", 403, Later),
        ("reached_active_user_cap", 403, Later),
        ("spam_risk_user_banned_from_posting", 403, Refused),
        ("spam_risk_text", 403, Refused),
        ("privacy_level_option_mismatch", 403, Refused),
        ("invalid_param", 400, Refused),
        ("unaudited_client_can_only_post_to_private_accounts", 403, NeedsPerson),
        ("scope_not_authorized", 401, NeedsPerson),
        ("internal_error", 200, Later),
    ],
)
async def test_what_each_error_means_where_an_upload_was_to_be_begun(
    code: str, status: int, ending: type[Ending]
):
    class Declining(FakeTikTok):
        async def answer(self, request: Request) -> Answer:
            if request.path.endswith("/video/init/"):
                return said({}, code, "In its own words.", status)
            return await super().answer(request)

    platform = Declining()
    async with serving(platform) as served:
        found = await OnTikTok(served).out(video())
    assert isinstance(found, ending), found
    assert "In its own words." in found.why


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("duration_check_failed", Refused),
        ("spam_risk_text", Refused),
        ("publish_cancelled", Refused),
        ("auth_removed", NeedsPerson),
        ("spam_risk_too_many_posts", Later),
        ("internal", Later),
    ],
)
async def test_what_each_reason_means_for_which_a_video_failed(
    account: OnTikTok, reason: str, ending: type[Ending]
):
    account.platform.failing, piece = reason, video()
    found = await account.out(piece)
    assert type(found) is ending, found
    assert reason in found.why
    assert account.platform.posts() == []
    account.platform.failing = ""
    again = await account.out(piece, account.lines.tokens[-1])
    assert isinstance(again, Live if ending is Later else ending)


@pytest.mark.parametrize("mode", ["direct", "draft"])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/video/",
        "http://127.0.0.1:1/video/",
        "http://169.254.169.254/",
        "/video/",
        "",
        7,
        None,
    ],
)
async def test_an_upload_that_is_led_elsewhere_is_not_begun(mode: str, url: Any):
    class Leading(FakeTikTok):
        async def answer(self, request: Request) -> Answer:
            if request.path.endswith("/video/init/"):
                return said({"publish_id": "v_pub_file~v2.1", "upload_url": url})
            return await super().answer(request)

    platform = Leading()
    async with serving(platform) as served:
        account = OnTikTok(served, config={"mode": mode})
        ending = await account.out(video())
    assert isinstance(ending, Later), ending
    assert "TikTok's answer" in ending.why
    assert not account.lines.tokens
    assert not [one for one in platform.requests if one.method == "PUT"]


async def test_the_app_and_the_account_say_what_may_be_posted(account: OnTikTok):
    account.platform.privacy = ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]
    async with aclosing(account.opened()) as publisher:
        standing = await publisher.look()
    assert standing.name == f"@{ACCOUNT}"
    assert "not as PUBLIC_TO_EVERYONE" in standing.warnings[0]
    ending = await account.out(video())
    assert isinstance(ending, Refused)
    assert "SELF_ONLY" in ending.why
    account.platform.most_seconds = 20
    ending = await account.out(video(options={"privacy": "SELF_ONLY"}))
    assert isinstance(ending, Refused)
    assert "20 s" in ending.why
    account.platform.most_seconds = 60
    found = await account.out(
        video(options={"privacy": "SELF_ONLY", "disable_comment": True, "cover_ms": 900})
    )
    assert isinstance(found, Live)
    assert found.url == f"https://www.tiktok.com/@{ACCOUNT}"
    (post,) = (one.post for one in account.platform.done)
    assert post is not None
    assert (post["disable_comment"], post["video_cover_timestamp_ms"]) == (True, 900)
    account.config["mode"] = "draft"
    async with aclosing(account.opened()) as publisher:
        assert (await publisher.look()).name == "Night press"


async def test_a_look_that_tiktok_declines_needs_a_person(account: OnTikTok):
    for fault in ("forbidden", "quota", "busy"):
        account.platform.faults.strike(fault)
        async with aclosing(account.opened()) as publisher:
            with pytest.raises(NeedsPerson if fault == "forbidden" else Later):
                await publisher.look()


async def test_no_secret_is_written_into_the_story(account: OnTikTok):
    await account.out(video())
    told = repr(account.lines.said)
    for secret in (*account.kept.secrets.values(), "upload_token"):
        assert secret not in told


def test_what_tiktok_takes_no_part_of_is_said_before_the_first_byte(account: OnTikTok):
    publisher = account.opened()
    assert publisher.faults(video()) == []
    assert publisher.faults(replace(video(), kind="article")) != []
    assert "2200" in " ".join(publisher.faults(video(text="🔥" * 1101)))
    assert publisher.faults(video(text="🔥" * 1080)) == []
    assert "600 s" in " ".join(publisher.faults(reshaped(video(), seconds=601.0)))
    assert "MB" in " ".join(publisher.faults(reshaped(video(), size=4_294_967_297)))
    assert "without the logo" in " ".join(publisher.faults(video(options={"watermark": True})))
    assert publisher.faults(video(options={"privacy": "everybody"})) != []
    assert publisher.faults(video(options={"brand_content": True, "privacy": "SELF_ONLY"})) != []
    assert publisher.faults(video(options={"cover_ms": "soon"})) != []
