"""Reels reach an Instagram account once, flagged where machines made them, whatever Meta does on the way."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.publisher import Absent, Live, Unclear
from nightdesk.rehearsal.instagram import APP, APP_SECRET, USER, FakeInstagram, complaint
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.serving import serving
from publishing.short_videos import TEXT, reshaped, video
from publishing.video_accounts import OnInstagram


@pytest_asyncio.fixture(loop_scope="session")
async def account() -> AsyncIterator[OnInstagram]:
    platform = FakeInstagram()
    async with serving(platform) as served:
        yield OnInstagram(served)


@pytest.mark.parametrize("synthetic", [True, False])
async def test_what_machines_made_is_flagged_and_nothing_else_is(account: OnInstagram, synthetic: bool):
    piece = video(synthetic=synthetic, label="Made with AI." if synthetic else "")
    found = await account.out(piece)
    assert isinstance(found, Live)
    (reel,) = account.platform.reels
    assert (reel.container.facts.get("is_ai_generated") == "true") is synthetic
    assert reel.container.facts["caption"] == f"{TEXT} #Heating #Wärmepumpe #暖房"
    assert (found.remote_id, found.url) == (reel.id, f"https://www.instagram.com/reel/{reel.id}/")
    assert reel.body == b"".join([part async for part in piece.media[0].read(0, None)])
    assert account.lines.tokens[0]["container"] == reel.container.id


async def test_a_container_that_expired_unpublished_is_made_anew(account: OnInstagram):
    piece = video()
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
    account.platform.expire()
    found = await account.out(piece, token)
    assert isinstance(found, Live)
    assert len(account.platform.containers) == 2
    assert len(account.platform.posts()) == 1


async def test_a_container_that_is_ready_is_used_and_its_file_not_sent_again(account: OnInstagram):
    piece = video()
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
        assert await publisher.look_up(piece, token, account.lines) == Absent(
            "Its container is not published (it is FINISHED)."
        )
    assert isinstance(await account.out(piece, token), Live)
    assert len(account.platform.containers) == 1
    assert [one.path for one in account.platform.requests if "upload" in one.path][1:] == []


async def test_a_reel_that_came_out_unseen_is_found_and_not_published_again(account: OnInstagram):
    piece = video()
    account.platform.faults.strike("taken_then_reset", at=OnInstagram.at)
    assert isinstance(await account.out(piece), Unclear)
    found = await account.out(piece, account.lines.tokens[-1])
    assert isinstance(found, Live)
    assert found.url
    assert len([one for one in account.platform.requests if one.path.endswith("media_publish")]) == 1


async def test_a_video_of_which_it_makes_no_reel_is_refused_with_its_words(account: OnInstagram):
    account.platform.unfit = "Error: Media upload has failed with error code 2207026"
    ending = await account.out(video())
    assert isinstance(ending, Refused)
    assert "2207026" in ending.why


async def test_a_full_day_is_waited_for_and_no_container_made(account: OnInstagram):
    account.platform.quota = 0
    ending = await account.out(video())
    assert isinstance(ending, Later)
    assert ending.seconds == 7200
    assert account.platform.containers == {}


@pytest.mark.parametrize(
    ("code", "sub", "status", "ending"),
    [
        (4, 0, 400, Later),
        (9, 2207042, 400, Later),
        (9007, 2207027, 400, Later),
        (190, 460, 400, NeedsPerson),
        (10, 0, 403, NeedsPerson),
        (200, 0, 403, NeedsPerson),
        (25, 2207050, 400, NeedsPerson),
        (4, 2207051, 403, Refused),
        (36003, 2207009, 400, Refused),
        (24, 2207008, 400, Unclear),
        (-1, 2207001, 400, Unclear),
    ],
)
async def test_what_each_error_means_where_a_reel_was_to_be_published(
    code: int, sub: int, status: int, ending: type[Ending]
):
    class Declining(FakeInstagram):
        async def answer(self, request: Request) -> Answer:
            if request.path.endswith("/media_publish"):
                return complaint(code, "In its own words.", status, sub)
            return await super().answer(request)

    platform = Declining()
    async with serving(platform) as served:
        found = await OnInstagram(served).out(video())
    assert type(found) is ending, found
    assert "In its own words." in found.why


async def test_a_look_tells_who_it_is_what_is_left_today_and_when_the_token_ends(account: OnInstagram):
    async with aclosing(account.opened()) as publisher:
        standing = await publisher.look()
    assert (standing.name, standing.left_today, standing.expires_at) == ("@night.press", 100, None)
    assert "not exchanged" in standing.warnings[0]
    account.config, account.kept.secrets = {"client_id": APP}, {"client_secret": APP_SECRET}
    async with aclosing(account.opened()) as publisher:
        standing = await publisher.look()
    assert standing.warnings == []
    assert standing.expires_at is not None
    assert timedelta(days=59) < standing.expires_at - account.clock.now() < timedelta(days=61)


async def test_a_wrong_number_is_answered_with_those_that_the_token_is_for(account: OnInstagram):
    account.config = {"user": "123456"}
    async with aclosing(account.opened()) as publisher:
        with pytest.raises(NeedsPerson, match=f"night.press .{USER}."):
            await publisher.look()


@pytest.mark.parametrize(("days", "new", "asked"), [(60, False, 1), (9, True, 2), (0, False, 1)])
async def test_a_token_is_exchanged_long_before_it_ends_and_kept(
    account: OnInstagram, days: int, new: bool, asked: int
):
    old, account.platform.holds = account.platform.token, days
    account.config, account.kept.secrets = {"client_id": APP}, {"client_secret": APP_SECRET}
    for _ in range(2):
        assert isinstance(await account.out(video()), Live)
    assert (account.kept.secrets["access_token"] != old) is new
    about_it = [one for one in account.platform.requests if "token" in one.path]
    assert len(about_it) == asked
    assert account.kept.secrets["access_until"]


async def test_a_token_that_cannot_be_exchanged_is_used_while_it_holds(account: OnInstagram):
    soon = account.clock.now() + timedelta(days=5)
    account.config = {"client_id": APP}
    account.kept.secrets = {"client_secret": "another" * 4, "access_until": soon.isoformat()}
    assert isinstance(await account.out(video()), Live)


async def test_no_secret_is_written_into_the_story(account: OnInstagram):
    account.config, account.kept.secrets = {"client_id": APP}, {"client_secret": APP_SECRET}
    account.platform.holds = 3
    await account.out(video())
    told = repr(account.lines.said) + repr(account.lines.tokens)
    for secret in (*account.platform.tokens, APP_SECRET):
        assert secret not in told


def test_what_instagram_takes_no_part_of_is_said_before_the_first_byte(account: OnInstagram):
    publisher = account.opened()
    assert publisher.faults(video()) == []
    assert publisher.faults(replace(video(), kind="article")) != []
    assert "2200" in " ".join(publisher.faults(video(text="a" * 2201)))
    assert "hashtags" in " ".join(publisher.faults(video(tags=tuple(f"tag{n}" for n in range(31)))))
    assert publisher.faults(video(options={"tags": ["one"], "caption": "b" * 2190})) == []
    assert publisher.faults(video(options={"tags": "one, two", "caption": "b" * 2180})) == []
    short, long = (reshaped(video(), seconds=seconds) for seconds in (2.0, 901.0))
    assert "at least 3 s" in " ".join(publisher.faults(short))
    assert "900 s" in " ".join(publisher.faults(long))
    assert "300 MB" in " ".join(publisher.faults(reshaped(video(), size=300_000_001)))
    assert publisher.faults(reshaped(video(), width=1920, height=1080)) != []
    assert publisher.faults(video(options={"cover_url": "http://a.test/x.jpg", "cover_ms": -1}))[1:] != []
    assert publisher.faults(replace(video(), media=())) == ["It has no video file."]


async def test_options_choose_cover_and_feed(account: OnInstagram):
    await account.out(video(options={"cover_ms": 1500, "share_to_feed": False}))
    await account.out(video(options={"cover_url": "https://example.org/cover.jpg"}))
    first, second = (reel.container.facts for reel in account.platform.reels)
    assert (first["thumb_offset"], first["share_to_feed"]) == ("1500", "false")
    assert (second["cover_url"], second["share_to_feed"]) == ("https://example.org/cover.jpg", "true")
