"""What Instagram, X and TikTok count is read as they tell it, with what the account allows and pays for."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.api_house import Tenant
from insights.out_there import account, out
from insights.test_results_read import readings
from nightdesk.bootstrap import House
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Live, Login
from nightdesk.publishers import KINDS, Ground
from nightdesk.publishers.results import Measured, Measures
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.instagram import FakeInstagram
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.tiktok import ACCOUNT, COUNTS, FakeTikTok, said
from nightdesk.rehearsal.x import FakeX
from publishing.short_videos import Kept, video
from publishing.test_x import Account as Short
from publishing.video_accounts import OnInstagram, OnTikTok


async def measured(account: Any, *remote_ids: str) -> Any:
    async with aclosing(account.opened()) as publisher:
        assert isinstance(publisher, Measures)
        return await publisher.measure(remote_ids)


async def test_reels_tell_likes_and_with_one_right_more_their_views() -> None:
    platform = FakeInstagram()
    async with serving(platform) as served:
        account = OnInstagram(served)
        live = await account.out(video())
        assert isinstance(live, Live)
        platform.counts[live.remote_id] = {"views": 900, "likes": 7, "comments": 2, "shares": 1}
        assert await measured(account, live.remote_id, "18099") == {live.remote_id: Measured(900, 7, 2, 1)}
        platform.insights = False
        assert await measured(account, live.remote_id) == {live.remote_id: Measured(None, 7, 2, None)}
        platform.faults.strike("busy")
        with pytest.raises(Later):
            await measured(account, live.remote_id)
        platform.faults.strike("expired")
        with pytest.raises(NeedsPerson):
            await measured(account, live.remote_id)


async def test_posts_on_x_are_read_only_where_the_account_pays_for_it() -> None:
    platform = FakeX()
    async with serving(platform) as served:
        account = Short(served, platform)
        account.again()
        async with aclosing(account.opened()) as publisher:
            assert not isinstance(publisher, Measures)
        account.config["results"] = "yes"
        live = await account.out(video())
        assert isinstance(live, Live)
        platform.counts[live.remote_id] = {
            "impression_count": 5000,
            "like_count": 40,
            "reply_count": 3,
            "retweet_count": 2,
            "quote_count": 4,
        }
        assert await measured(account, live.remote_id, "77") == {live.remote_id: Measured(5000, 40, 3, 6)}
        platform.counts.clear()
        assert (await measured(account, live.remote_id))[live.remote_id].views is None
        assert await measured(account, "no-number") == {}
        platform.faults.strike("forbidden")
        with pytest.raises(Later):
            await measured(account, live.remote_id)


@pytest_asyncio.fixture(loop_scope="session")
async def clips() -> AsyncIterator[OnTikTok]:
    """An account at TikTok that lets its posts be read."""
    platform = FakeTikTok()
    async with serving(platform) as served:
        yield OnTikTok(served, config={"mode": "direct", "results": "yes"})


async def posted(clips: OnTikTok, **facts: Any) -> str:
    live = await clips.out(video(**facts))
    assert isinstance(live, Live), live
    return live.remote_id


def asked(clips: OnTikTok, path: str) -> list[Any]:
    return [one.json() for one in clips.platform.requests if one.path == path]


async def test_posts_on_tiktok_are_read_only_where_the_account_wants_that(clips: OnTikTok) -> None:
    clips.config["results"] = "no"
    async with aclosing(clips.opened()) as publisher:
        assert not isinstance(publisher, Measures)
    clips.config["results"] = "yes"
    number = await posted(clips)
    clips.platform.counts[number] = dict(zip(COUNTS, (80_000, 7_000, 210, 44), strict=True))
    told = await measured(clips, number, "7400000000000000000")
    assert told == {number: Measured(80_000, 7_000, 210, 44)}
    assert await measured(clips) == {}
    assert len(asked(clips, "/v2/video/query/")) == 1


async def test_what_tiktok_counts_is_in_the_sums_of_its_platform(
    house: House, alice: Tenant, clips: OnTikTok
) -> None:
    number, clock = await posted(clips), SystemClock()
    clips.platform.counts[number] = {"view_count": 640, "like_count": 31}
    before = clock.now() - timedelta(hours=2)
    await out(house, alice, await account(house, alice, "tiktok"), before, remote_id=number)
    await readings(house, alice, clock, clips.opened()).read_due()
    told = (await alice.client.get("/api/v1/analytics/by-platform")).json()["platforms"]["tiktok"]
    assert told == {"published": 1, "measured": 1, "views": 640, "likes": 31, "comments": 0, "shares": 0}


async def test_accounts_at_the_fake_tiktok_of_a_rehearsal_are_read(tmp_path: Path) -> None:
    fake = FAKES["tiktok"]
    async with serving(fake.make(SystemClock())) as served:
        values = dict(fake.values(served.platform))
        secrets = {name: values.pop(name) for name in ("client_secret", "refresh_token")}
        login = Login(1, "clips", values, secrets, Kept(secrets).renew)
        ground = Ground(tmp_path, served.guard(), SystemClock())
        async with aclosing(KINDS["tiktok"].open(login, ground)) as publisher:
            assert isinstance(publisher, Measures)
            assert (await publisher.look()).warnings == []


async def test_a_post_whose_number_tiktok_tells_later_is_read_once_it_does(clips: OnTikTok) -> None:
    clips.platform.moderated = False
    upload = await posted(clips)
    assert not upload.isdecimal()
    assert await measured(clips, upload) == {}
    clips.platform.moderated = True
    assert await measured(clips, upload) == {upload: Measured(0, 0, 0, 0)}
    only_me = await posted(clips, text="Mine alone", options={"privacy": "SELF_ONLY"})
    assert await measured(clips, only_me, "v_pub_file~v2.nobody-knows") == {}
    assert all(one["filters"]["video_ids"][0].isdecimal() for one in asked(clips, "/v2/video/query/"))


async def test_a_draft_is_read_once_its_person_has_posted_it(clips: OnTikTok) -> None:
    clips.config["mode"] = "draft"
    draft = await posted(clips)
    assert await measured(clips, draft) == {}
    clips.platform.post(draft)
    assert await measured(clips, draft) == {draft: Measured(0, 0, 0, 0)}


async def test_tiktok_is_asked_about_twenty_posts_at_a_time_and_twenty_uploads_in_all(
    clips: OnTikTok,
) -> None:
    number = await posted(clips)
    many = [str(7_400_000_000 + one) for one in range(49)]
    assert list(await measured(clips, *many, number)) == [number]
    sizes = [len(one["filters"]["video_ids"]) for one in asked(clips, "/v2/video/query/")]
    assert sizes == [20, 20, 10]
    before = len(asked(clips, "/v2/post/publish/status/fetch/"))
    assert await measured(clips, *(f"v_pub_file~v2.{one}" for one in range(50))) == {}
    assert len(asked(clips, "/v2/post/publish/status/fetch/")) - before == 20


async def test_an_account_that_does_not_allow_reading_publishes_and_says_what_to_do(clips: OnTikTok) -> None:
    clips.platform.readable = False
    number = await posted(clips)
    renewals = clips.platform.logins.renewals
    with pytest.raises(NeedsPerson) as ending:
        await measured(clips, number)
    async with aclosing(clips.opened()) as publisher:
        standing = await publisher.look()
    assert (standing.name, clips.platform.logins.renewals) == (f"@{ACCOUNT}", renewals)
    for says in (ending.value.why, standing.warnings[-1]):
        assert "the right video.list is missing: connect the account again and allow it" in says
        assert "did not authorize the scope" in says
    clips.platform.readable = True
    async with aclosing(clips.opened()) as publisher:
        assert (await publisher.look()).warnings == []
    clips.platform.faults.strike("busy", at="POST /v2/video/list/")
    async with aclosing(clips.opened()) as publisher:
        assert (await publisher.look()).warnings == []


async def test_what_strikes_while_tiktok_is_read_is_an_ending(clips: OnTikTok) -> None:
    number, at = await posted(clips), "POST /v2/video/query/"
    for fault in ("busy", "html", "taken_then_500", "taken_then_truncated", "reset_at_once"):
        clips.platform.faults.strike(fault, at=at)
        with pytest.raises(Later):
            await measured(clips, number)
    clips.platform.faults.strike("too_many", at=at)
    with pytest.raises(Later) as ending:
        await measured(clips, number)
    assert ending.value.seconds == clips.platform.retry_after
    for fault in ("unauthorized", "expired"):
        clips.platform.faults.strike(fault, at=at)
        assert list(await measured(clips, number)) == [number]


@pytest.mark.parametrize("odd", [-1, None, True, "many", 2**63, 1.5, [3], {"n": 3}])
async def test_what_is_no_count_stays_unknown(clips: OnTikTok, odd: Any) -> None:
    number = await posted(clips)
    clips.platform.counts[number] = {"view_count": odd, "like_count": "12", "share_count": 4}
    assert await measured(clips, number) == {number: Measured(None, 12, 0, 4)}


@pytest.mark.parametrize(
    "videos",
    [None, 7, "text", [], [None, 7, "x", []], [{}], [{"id": None}], [{"id": "74999", "view_count": 9}]],
)
async def test_rows_that_nobody_asked_for_or_that_are_none_are_left_out(videos: Any) -> None:
    class Odd(FakeTikTok):
        async def answer(self, request: Request) -> Answer:
            if request.path == "/v2/video/query/":
                return said({"videos": videos})
            return await super().answer(request)

    platform = Odd()
    async with serving(platform) as served:
        account = OnTikTok(served, config={"mode": "direct", "results": "yes"})
        assert await measured(account, "7400000000000000001") == {}
