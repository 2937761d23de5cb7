"""What is out leads to the other form of its idea once that is out too: one line, once, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from api.api_house import Tenant
from insights.out_there import NOW
from insights.test_twins import Pair, paired
from nightdesk.bootstrap import House
from nightdesk.desk.publishing.leading import AGAIN, MOST_TRIES, Leading
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publishers.leading import LeadsOn
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from nightdesk.store.tables.publishing import PublicationStep
from publishing.wordpress_pieces import short_article
from publishing.wordpress_press import ROLES, Press

VIDEO = "https://videos.test/watch?v=1&t=2"


@pytest_asyncio.fixture(loop_scope="session")
async def press() -> AsyncIterator[Press]:
    async with serving(FakeWordPress()) as served:
        yield Press(served, dict.fromkeys(ROLES, PASSWORD), Limits())


async def test_a_post_gets_its_line_once_and_keeps_all_else(press: Press) -> None:
    live = await press.out(piece := short_article())
    (before,) = await press.there(piece)
    async with aclosing(press.opened()) as publisher:
        assert isinstance(publisher, LeadsOn)
        assert await publisher.lead_on(live.remote_id, "Heaps <b>", VIDEO) is True
        assert await publisher.lead_on(live.remote_id, "Heaps <b>", VIDEO) is False
    (after,) = await press.there(piece)
    raw = after["content"]["raw"]
    line = '<p><a href="https://videos.test/watch?v=1&amp;t=2">▶ Heaps &lt;b&gt;</a></p>\n'
    assert raw.replace(line, "") == before["content"]["raw"]
    assert raw.index(line) < raw.index("<!-- /wp:html -->") < raw.index("<!-- nightdesk:")
    assert (after["status"], after["id"], after["link"]) == ("publish", before["id"], before["link"])


async def test_what_a_person_has_made_of_a_post_stays(press: Press) -> None:
    live = await press.out(short_article())
    await press.ask("POST", f"posts/{live.remote_id}", json={"content": "<p>My own words.</p>"})
    async with aclosing(press.opened()) as publisher:
        await publisher.lead_on(live.remote_id, "Heaps", VIDEO)  # type: ignore[attr-defined]
        raw = (await press.ask("GET", f"posts/{live.remote_id}?context=edit"))["content"]["raw"]
        assert raw.startswith("<p>My own words.</p>\n<p><a href=")
        await press.ask("POST", f"posts/{live.remote_id}", json={"status": "draft"})
        with pytest.raises(Refused, match="not published any more"):
            await publisher.lead_on(live.remote_id, "Heaps", "https://other.test/")  # type: ignore[attr-defined]
        with pytest.raises(Refused):
            await publisher.lead_on("../users/1", "Heaps", VIDEO)  # type: ignore[attr-defined]


@dataclass
class Site:
    """A site that adds lines, or ends with `ends`."""

    ends: BaseException | None = None
    led: list[tuple[str, str, str]] = field(default_factory=list)

    async def lead_on(self, remote_id: str, title: str, url: str) -> bool:
        self.led.append((remote_id, title, url))
        if self.ends is not None:
            raise self.ends
        return True

    async def aclose(self) -> None:
        """Keeps nothing open."""


@dataclass
class Out:
    """An article that is out, whose video came out later, and who leads the one to the other."""

    pair: Pair
    number: int
    site: Site
    leading: Leading

    async def story(self) -> list[str]:
        async with self.pair.house.store.workspace(self.pair.tenant.workspace) as session:
            of_it = PublicationStep.publication_id == self.number
            rows = await session.scalars(select(PublicationStep).where(of_it).order_by(PublicationStep.id))
            return [one.what for one in rows]


@pytest_asyncio.fixture(loop_scope="session")
async def both(house: House, alice: Tenant) -> AsyncIterator[Out]:
    pair, site, clock = await paired(house, alice), Site(), SetClock(NOW)

    async def opening(_: Any) -> Any:
        return site

    article = await pair.out("article", "wordpress", **live("https://blog.test/1", NOW - timedelta(days=2)))
    yield Out(pair, article.publication.id, site, Leading(house.store, clock, opening))


def live(url: str, at: Any) -> dict[str, Any]:
    return {"state": "live", "live_at": at, "sent_at": at, "url": url, "title": "Heaps", "remote_id": "17"}


async def test_it_is_led_on_once_the_video_is_out_and_not_again(both: Out) -> None:
    await both.leading.round()
    assert (both.site.led, await both.story()) == ([], [])
    await both.pair.out("video", "youtube", **live(VIDEO, NOW))
    for _ in range(2):
        await asyncio.gather(*(both.leading.round() for _ in range(3)))
    assert both.site.led == [("17", "Heaps", VIDEO)]
    assert await both.story() == ["leads_on", "led_on"]


@pytest.mark.parametrize("ending", [Later("Away."), NeedsPerson("Log in."), Refused("No."), TimeoutError()])
async def test_what_fails_is_told_and_tried_again_a_few_times(both: Out, ending: BaseException) -> None:
    await both.pair.out("video", "youtube", **live(VIDEO, NOW))
    both.site.ends = ending
    clock = both.leading.clock
    assert isinstance(clock, SetClock)
    for _ in range(MOST_TRIES + 3):
        await both.leading.round()
        await both.leading.round()
        clock.move(AGAIN.total_seconds() + 1)
    assert len(both.site.led) == MOST_TRIES
    assert await both.story() == ["leads_on", "not_led_on"] * MOST_TRIES


@pytest.mark.parametrize("at", [NOW - timedelta(days=3), None])
async def test_what_had_its_line_from_the_beginning_or_leads_nowhere_is_left(both: Out, at: Any) -> None:
    facts = live(VIDEO, at or NOW) | ({} if at else {"options": {"privacy": "private"}})
    await both.pair.out("video", "youtube", **facts)
    await both.leading.round()
    assert both.site.led == []
