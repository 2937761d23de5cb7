"""How many comments stand under posts is read from a WordPress in few calls, and never guessed."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Live
from nightdesk.publishers.results import Measured, Measures
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from publishing.wordpress_pieces import short_article
from publishing.wordpress_press import ROLES, Press


@pytest_asyncio.fixture(loop_scope="session")
async def press() -> AsyncIterator[Press]:
    async with serving(FakeWordPress()) as served:
        yield Press(served, dict.fromkeys(ROLES, PASSWORD), Limits(call=2.0, upload=2.0))


async def measured(press: Press, *remote_ids: str) -> Any:
    async with aclosing(press.opened()) as publisher:
        assert isinstance(publisher, Measures)
        return await publisher.measure(remote_ids)


async def test_comments_are_counted_post_by_post_and_views_are_not_told(press: Press) -> None:
    out = [await press.out(short_article()) for _ in range(3)]
    assert all(isinstance(one, Live) for one in out)
    one, other, third = (live.remote_id for live in out)
    platform: Any = press.served.platform
    platform.comments |= {int(one): 3, int(other): 0}
    platform.requests.clear()
    found = await measured(press, one, other, third, "99999")
    assert found == {one: Measured(comments=3), other: Measured(comments=0), third: Measured(comments=0)}
    assert sum("/comments" in request.path for request in platform.requests) == 1
    platform.comments[int(other)] = 250
    assert (await measured(press, one, other))[other].comments == 250
    assert (await measured(press, one, other))[one].comments == 3


async def test_a_post_that_was_taken_down_is_left_out(press: Press) -> None:
    live = await press.out(short_article())
    await press.ask("DELETE", f"posts/{live.remote_id}")
    assert await measured(press, live.remote_id) == {}
    assert await measured(press, "not-a-number") == {}


@pytest.mark.parametrize(("fault", "ending"), [("busy", Later), ("expired", NeedsPerson), ("refused", Later)])
async def test_a_site_that_fails_raises_an_ending(press: Press, fault: str, ending: type) -> None:
    live = await press.out(short_article())
    press.served.platform.faults.strike(fault, at="GET .*/comments")
    with pytest.raises(ending):
        await measured(press, live.remote_id)
