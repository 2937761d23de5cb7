"""Short videos reach an account once, whatever its platform does on the way: asked of each platform."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.endings import Ending
from nightdesk.publisher import Coming, Live
from nightdesk.rehearsal.serving import serving
from publishing.contract import FAULTS, ends_rightly, goes_out_once, oddly, trusting
from publishing.one_platform import Ground
from publishing.short_videos import settled, video
from publishing.video_accounts import OnInstagram, OnTikTok, VideoAccount

KINDS: list[type[VideoAccount]] = [OnInstagram, OnTikTok]
EACH = pytest.mark.parametrize("kind", KINDS)


@pytest_asyncio.fixture(loop_scope="session")
async def account(kind: type[VideoAccount]) -> AsyncIterator[VideoAccount]:
    async with serving(kind.fake()) as served:
        yield kind(served)


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(
    kind: type[VideoAccount], fault: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[VideoAccount]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    secure = fault == "bad_certificate"
    async with serving(kind.fake(), secure=secure) as served:
        if secure:
            trusting(served, monkeypatch, tmp_path)
        account = kind(served)
        account.hurry()
        yield account


@EACH
@pytest.mark.parametrize("fault", FAULTS)
async def test_publishing_under_a_fault_never_says_more_than_is_certain(faulty: VideoAccount, fault: str):
    await ends_rightly(faulty.stand(), fault)


@EACH
@pytest.mark.parametrize("fault", FAULTS)
async def test_it_ends_live_once_whatever_fault_strikes(ground: Ground, faulty: VideoAccount, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "commit")
    assert row.state == ("rejected" if fault == "forbidden" else "live"), row.error


@EACH
@pytest.mark.parametrize("fault", ["expired", "taken_then_silence"])
async def test_what_strikes_while_it_is_made_ready_only_delays_it(
    ground: Ground, faulty: VideoAccount, fault: str
):
    row = await goes_out_once(ground, faulty.stand(), fault, "prepare")
    assert row.state == "live", row.error


async def test_a_draft_too_is_only_delayed(ground: Ground):
    async with serving(OnTikTok.fake()) as served:
        row = await goes_out_once(
            ground, OnTikTok(served, config={"mode": "draft"}).stand(), "expired", "prepare"
        )
    assert row.state == "live", row.error


@EACH
async def test_an_answer_lost_at_any_request_leaves_one_post(account: VideoAccount):
    faults, tries, fault = account.served.platform.faults, 0, "taken_unseen"
    while True:
        piece = video(text=f"Number {tries}")
        account.lines.tokens.clear()
        faults.strike(fault, skip=tries)
        found = await account.out(piece)
        if not faults.struck:
            break
        faults.struck.clear()
        if not isinstance(found, Live):
            found = await settled(account.opened, piece, account.lines)
        assert isinstance(found, Live), found
        posts = account.served.platform.posts()
        assert len([one for one in posts if one.text.startswith(piece.text)]) == 1
        tries += 1
    assert tries >= 6


@EACH
@pytest.mark.parametrize(
    "odd",
    [
        [None],
        "text",
        {"data": [[]]},
        {"data": 7, "error": []},
        {"data": {}, "error": {"code": "ok"}},
        {"data": 7, "id": None, "status_code": []},
    ],
)
async def test_data_of_another_shape_is_an_ending_and_no_crash(kind: type[VideoAccount], odd: Any):
    platform = oddly(kind.fake, odd)
    async with serving(platform) as served:
        account = kind(served)
        account.hurry()
        for at in range(1, 8):
            platform.at = at
            assert isinstance(await account.out(video()), Live | Coming | Ending)
