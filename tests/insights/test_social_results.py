"""What Instagram and X count is read as they tell it, with what the account is allowed and paid for."""

from contextlib import aclosing
from typing import Any

import pytest

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Live
from nightdesk.publishers.results import Measured, Measures
from nightdesk.rehearsal.instagram import FakeInstagram
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.x import FakeX
from publishing.short_videos import video
from publishing.test_instagram import Account as Reels
from publishing.test_x import Account as Short


async def measured(account: Any, *remote_ids: str) -> Any:
    async with aclosing(account.opened()) as publisher:
        assert isinstance(publisher, Measures)
        return await publisher.measure(remote_ids)


async def test_reels_tell_likes_and_with_one_right_more_their_views() -> None:
    platform = FakeInstagram()
    async with serving(platform) as served:
        account = Reels(served, platform)
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
