"""What models made is flagged at each platform, as the desk composes it, and a logo does not reach TikTok."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from desk.video_rows import film
from nightdesk.desk.publishing import Composer, Wish, stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.publisher import Publisher
from nightdesk.rehearsal.instagram import FakeInstagram
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.tiktok import FakeTikTok
from nightdesk.store.tables.publishing import Publication
from publishing import test_instagram, test_tiktok
from publishing.one_platform import Ground

Opening = tuple[Callable[[], Publisher], Callable[[], list[Any]]]


@asynccontextmanager
async def instagram() -> AsyncIterator[Opening]:
    """Opens its publisher, and tells the flags of what is public there."""
    platform = FakeInstagram()
    async with serving(platform) as served:
        account = test_instagram.Account(served, platform)
        yield (
            account.opened,
            lambda: [one.container.facts.get("is_ai_generated") == "true" for one in platform.reels],
        )


@asynccontextmanager
async def tiktok() -> AsyncIterator[Opening]:
    platform = FakeTikTok()
    async with serving(platform) as served:
        account = test_tiktok.Account(served, platform)
        yield account.opened, lambda: [(one.post or {})["is_aigc"] for one in platform.done]


PLATFORMS = {"instagram": instagram, "tiktok": tiktok}
AI, BY_RULE = {"synthetic": True, "watermark": False}, {"synthetic": False, "watermark": False}


async def sent(ground: Ground, opened: Callable[[], Publisher], marks: Any, **options: Any) -> Publication:
    """What becomes of a video with those marks, composed by the desk and sent by the engine."""
    facts = {"status": "approved", "reviewed_at": ground.clock.now(), "marks": marks}
    made = await film(ground.house, ground.tenant, **facts)
    wish = Wish(video_id=made.id, accounts=[ground.account], options=options)
    (asked,) = await ground.house.desk.publishing.publish(ground.by, wish)

    async def opening(taken: Taken) -> Publisher:
        return opened()

    composer = Composer(ground.house.store, ground.house.files)
    settling = Settling(ground.house.store, ground.clock, stands, lambda: None)
    await Outgoing(OutgoingMeans(Sender(settling, opening, composer.compose), "flags", {})).send_due()
    return await ground.row(asked.id)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("marks", "options", "flagged"),
    [
        (AI, {}, True),
        (BY_RULE, {}, False),
        (BY_RULE, {"synthetic": True}, True),
        (AI, {"synthetic": False}, True),
    ],
    ids=["by-models", "by-rule", "flagged-by-a-person", "unflagged-by-a-person"],
)
async def test_a_flag_goes_with_what_models_made(
    ground: Ground, platform: str, marks: Any, options: Any, flagged: bool
):
    async with PLATFORMS[platform]() as (opened, flags):
        row = await sent(ground, opened, marks, **options)
        assert row.state == "live", row.error
        assert flags() == [flagged]


async def test_a_video_with_a_logo_over_it_is_not_sent_to_tiktok(ground: Ground):
    async with tiktok() as (opened, flags):
        row = await sent(ground, opened, {**AI, "watermark": True})
        assert row.state == "rejected"
        assert "without the logo" in row.error
        assert flags() == []
