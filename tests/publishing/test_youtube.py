"""Videos reach a channel once, whole, flagged and captioned, whatever YouTube does on the way."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import Accounts, NewAccount
from nightdesk.desk.people.roles import Operator
from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.publisher import Absent, Coming, Live, Unclear, Unknown
from nightdesk.publishers.results import Measured, Measures
from nightdesk.publishers.youtube.api import Limits
from nightdesk.publishers.youtube.session import MOST_PART, part_of
from nightdesk.rehearsal.accounts import FAKES
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.youtube import STEP, UPLOAD, FakeYouTube
from publishing.contract import FAULTS, ends_rightly, goes_out_once, oddly, trusting
from publishing.one_platform import Ground
from publishing.short_videos import TAGS, TEXT, TITLE
from publishing.youtube_channel import LAST, PATIENT, SHORT, SIZE, SRT, Channel, body, film


@pytest_asyncio.fixture(loop_scope="session")
async def channel() -> AsyncIterator[Channel]:
    async with serving(FakeYouTube()) as served:
        yield Channel(served)


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(request: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Channel]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    fault = request.node.callspec.params["fault"]
    async with serving(FakeYouTube(), secure=fault == "bad_certificate") as served:
        if served.trusted:
            trusting(served, monkeypatch, tmp_path)
        yield Channel(served, SHORT)


@pytest.mark.parametrize("fault", FAULTS)
async def test_committing_under_a_fault_never_says_more_than_is_certain(faulty: Channel, fault: str):
    await ends_rightly(faulty.stand(), fault)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_video_ends_live_once_whatever_fault_strikes(ground: Ground, faulty: Channel, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "commit")
    assert row.state == ("rejected" if fault == "forbidden" else "live"), row.error
    assert len(faulty.videos) == (fault != "forbidden")


@pytest.mark.parametrize("fault", ["refused", "busy", "expired", "quota", "taken_then_silence"])
async def test_what_strikes_while_it_is_made_ready_only_delays_it(
    ground: Ground, faulty: Channel, fault: str
):
    row = await goes_out_once(ground, faulty.stand(), fault, "prepare")
    assert row.state == "live", row.error
    assert len(faulty.videos) == 1


async def test_a_video_is_there_whole_with_its_words_its_flags_its_cover_and_its_captions(channel: Channel):
    piece = film()
    found = await channel.out(piece)
    (video,) = channel.videos
    assert found == Live(video.id, f"https://www.youtube.com/watch?v={video.id}")
    assert video.body == await body(piece)
    assert video.facts["snippet"] == {
        "title": TITLE,
        "description": f"{TEXT}\n\nMade with AI.",
        "tags": list(TAGS),
        "categoryId": "25",
        "defaultLanguage": "de",
        "defaultAudioLanguage": "de",
    }
    assert video.facts["status"] == {
        "privacyStatus": "public",
        "selfDeclaredMadeForKids": False,
        "containsSyntheticMedia": True,
    }
    assert video.cover.startswith(b"\x89PNG")
    assert video.captions == [("de", SRT)]
    assert channel.decisions == ""


async def test_the_address_of_the_session_is_kept_before_the_first_byte(channel: Channel):
    class Watched(type(channel.lines)):  # type: ignore[misc]
        async def token(self, token: Any) -> None:
            assert not [one for one in channel.platform.requests if one.line == LAST]
            await super().token(token)

    channel.lines = Watched()
    await channel.made_ready(film())
    assert "upload_id=session-" in channel.lines.tokens[0]["url"]
    assert all("upload_id" not in f"{says} {data}" for _, says, data in channel.lines.said)


async def test_everything_but_the_last_part_is_there_before_it_may_become_public(channel: Channel):
    token = await channel.made_ready(film())
    (upload,) = channel.platform.uploads.values()
    assert len(upload.body) == 2 * STEP
    assert token is not None
    assert (token["begun"], token["held"]) == (False, 2 * STEP)
    assert channel.videos == []


@pytest.mark.parametrize("at", [0, STEP - 5, STEP, 2 * STEP + 7, 3 * STEP + 500])
async def test_an_upload_that_breaks_off_goes_on_at_the_byte_at_which_it_broke_off(channel: Channel, at: int):
    piece = film(3 * STEP + 1000)
    channel.platform.breaks = at
    ending = await channel.out(piece)
    last = at > 3 * STEP
    assert isinstance(ending, Unclear if last else Later), ending
    token = channel.lines.tokens[-1]
    assert token["begun"] is last
    assert isinstance(await channel.looked_up(piece, token), Absent)
    channel.platform.requests.clear()
    assert isinstance(await channel.out(piece, token), Live)
    asked, first = [one.headers["content-range"] for one in channel.platform.requests if one.line == LAST][:2]
    assert asked == f"bytes */{3 * STEP + 1000}"
    assert first.startswith(f"bytes {at}-")
    assert [video.body for video in channel.videos] == [await body(piece)]
    assert len(channel.platform.uploads) == 1


async def test_a_line_that_breaks_now_and_then_is_taken_up_by_itself(channel: Channel):
    channel.limits = Limits(part=STEP, again=2, pause=0.01)
    piece = film(3 * STEP + 1000)
    channel.platform.faults.strike("busy", at=LAST, times=4)
    assert isinstance(await channel.out(piece), Later)
    assert channel.platform.faults.struck == ["busy"] * 3
    channel.platform.faults.clear()
    channel.platform.faults.strike("reset_after_sending", at=LAST, skip=1, times=2)
    channel.platform.breaks = STEP + 10
    assert isinstance(await channel.out(piece, channel.lines.tokens[-1]), Live)
    assert channel.videos[0].body == await body(piece)


async def test_parts_that_are_kept_in_half_are_sent_on_from_there(channel: Channel):
    piece = film()
    channel.platform.keeps = 1000
    assert isinstance(await channel.out(piece), Live)
    assert channel.videos[0].body == await body(piece)


@pytest.mark.parametrize("fault", ["taken_unseen", "taken_then_html", "reset_after_sending"])
async def test_a_fault_at_any_request_leaves_one_video(channel: Channel, fault: str):
    tries = 0
    while True:
        piece = film(title=f"Number {tries}")
        channel.lines.tokens.clear()
        channel.platform.faults.strike(fault, skip=tries)
        found: Any = await channel.out(piece)
        if not channel.platform.faults.struck:
            break
        channel.platform.faults.struck.clear()
        for _ in range(4):
            if isinstance(found, Live):
                break
            token = channel.lines.tokens[-1] if channel.lines.tokens else None
            unsure = isinstance(found, Unclear | Unknown | Coming)
            found = await (channel.looked_up if unsure else channel.out)(piece, token)
        assert isinstance(found, Live), found
        assert len([one for one in channel.videos if one.facts["snippet"]["title"] == piece.title]) == 1
        tries += 1
    # The log-in, the session, its parts, the cover and the captions.
    assert tries >= 6


async def test_a_session_that_is_gone_before_its_last_byte_is_opened_anew(channel: Channel):
    piece = film()
    token = await channel.made_ready(piece)
    assert token is not None
    channel.platform.uploads.clear()
    assert isinstance(await channel.looked_up(piece, token), Absent)
    assert isinstance(await channel.out(piece, token), Live)
    assert len(channel.videos) == 1


@pytest.mark.parametrize("files", [True, False])
async def test_a_session_that_is_gone_after_its_last_byte_is_looked_for_among_the_channel_s_uploads(
    channel: Channel, files: bool
):
    channel.platform.files = files
    piece = film()
    token = await channel.made_ready(piece)
    channel.platform.faults.strike("taken_then_reset", at=LAST)
    async with aclosing(channel.opened()) as publisher:
        with pytest.raises(Unclear):
            await publisher.commit(piece, token, channel.lines)
    channel.platform.uploads.clear()
    token = channel.lines.tokens[-1]
    found = await channel.looked_up(piece, token)
    assert isinstance(found, Live)
    assert found.remote_id == channel.videos[0].id
    assert isinstance(await channel.out(piece, token), Live)
    assert len(channel.videos) == 1


async def test_what_cannot_be_known_of_a_session_that_is_gone_is_not_guessed(channel: Channel):
    """Another piece of the same title, and one from before, are not this one."""
    earlier = film(title="The night")
    assert isinstance(await channel.out(earlier), Live)
    piece = film(title="The night")
    token = await channel.made_ready(piece)
    channel.platform.uploads.clear()
    async with aclosing(channel.opened()) as publisher:
        with pytest.raises(Unclear, match="does not know the upload session"):
            await publisher.commit(piece, token, channel.lines)
    token = channel.lines.tokens[-1]
    assert isinstance(await channel.looked_up(piece, token), Unknown)
    channel.platform.files = False
    channel.videos[0].at = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert isinstance(await channel.looked_up(piece, token), Unknown)


@pytest.mark.parametrize("fault", ["forbidden", "busy", "too_many", "taken_then_500", "expired"])
@pytest.mark.parametrize("what", ["thumbnails/set", "captions"])
async def test_a_cover_or_captions_that_fail_are_told_and_fail_no_video(
    channel: Channel, what: str, fault: str
):
    channel.platform.faults.strike(fault, at=f"POST /upload/youtube/v3/{what}")
    assert isinstance(await channel.out(film()), Live)
    assert len(channel.videos) == 1
    word = "cover" if what == "thumbnails/set" else "captions"
    assert (f"without its {word}" in channel.decisions) == (fault != "expired")


async def test_a_spent_quota_waits_for_midnight_at_the_pacific(channel: Channel):
    clock = SetClock(datetime(2026, 11, 21, 6, 30, tzinfo=UTC))
    channel.clock = channel.platform.logins.clock = clock
    channel.platform.faults.strike("quota", at=f"POST {UPLOAD}")
    ending = await channel.out(film())
    assert isinstance(ending, Later)
    # 22:30 there.
    assert ending.seconds == 90 * 60 + 120


async def test_a_channel_that_may_have_no_long_videos_is_said_so_before_the_first_byte(channel: Channel):
    channel.platform.channels["alice"].longer = "disallowed"
    long = film()
    long = replace(long, media=(replace(long.media[0], seconds=901.0), *long.media[1:]))
    ending = await channel.out(long)
    assert isinstance(ending, NeedsPerson)
    assert "15 minutes" in ending.why
    assert channel.platform.uploads == {}
    async with aclosing(channel.opened()) as publisher:
        assert "15 minutes" in " ".join((await publisher.look()).warnings)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "article"}, "takes videos"),
        ({"title": " "}, "wants a title"),
        ({"title": "x" * 101}, "101 characters"),
        ({"text": "ü" * 2500}, "5,015 bytes"),
        ({"media": ()}, "no video file"),
        ({"options": {"privacy": "friends"}}, "public, unlisted, private"),
        ({"options": {"category": "News"}}, "are numbers"),
        ({"options": {"publish_at": "tomorrow"}}, "time with its zone"),
    ],
)
def test_what_youtube_does_not_take_is_said_before_the_first_byte(
    channel: Channel, facts: dict[str, Any], words: str
):
    assert words in " ".join(channel.opened().faults(film(**facts)))
    assert channel.opened().faults(film()) == []


def test_files_that_are_too_large_or_too_long_are_said_before_the_first_byte(channel: Channel):
    video = film().media[0]
    huge = film(media=(replace(video, size=275 << 30, seconds=50_000.0, mime="application/pdf"),))
    assert len(channel.opened().faults(huge)) == 3


async def test_tags_that_are_too_many_are_left_out_and_told(channel: Channel):
    tags = tuple(f"#number {number:03}" for number in range(60))
    assert isinstance(await channel.out(film(tags=tags)), Live)
    kept = channel.videos[0].facts["snippet"]["tags"]
    assert kept == [f"number {number:03}" for number in range(len(kept))]
    assert f"{60 - len(kept)} of its tags are left out" in channel.decisions


async def test_what_a_publication_wishes_goes_before_what_is_usual(channel: Channel):
    wishes = {
        "privacy": "unlisted",
        "category": 28,
        "made_for_kids": True,
        "tags": "one, two",
        "title": "a < b",
        "notify_subscribers": False,
    }
    channel.config = {"privacy": "private", "category": "10"}
    assert isinstance(await channel.out(film(options=wishes, synthetic=False, label="")), Live)
    (video,) = channel.videos
    assert video.facts["snippet"]["title"] == "a ‹ b"
    assert (video.facts["snippet"]["tags"], video.facts["snippet"]["categoryId"]) == (["one", "two"], "28")
    assert video.facts["status"] == {
        "privacyStatus": "unlisted",
        "selfDeclaredMadeForKids": True,
        "containsSyntheticMedia": False,
    }
    (opening,) = [one for one in channel.platform.requests if one.line == f"POST {UPLOAD}"]
    assert opening.query["notifySubscribers"] == "false"


@pytest.mark.parametrize("synthetic", [True, False])
async def test_what_machines_made_is_flagged_and_nothing_else_is(channel: Channel, synthetic: bool):
    piece = film(synthetic=synthetic, label="")
    assert isinstance(await channel.out(piece), Live)
    assert channel.videos[0].facts["status"]["containsSyntheticMedia"] is synthetic
    assert channel.videos[0].facts["snippet"]["description"] == TEXT


async def test_youtube_itself_may_publish_it_at_a_time(channel: Channel):
    wishes = {"publish_at": "2026-12-01T18:00:00+01:00"}
    assert isinstance(await channel.out(film(options=wishes)), Live)
    status = channel.videos[0].facts["status"]
    assert (status["privacyStatus"], status["publishAt"]) == ("private", "2026-12-01T17:00:00Z")


@pytest.mark.parametrize("fault", ["", "taken_then_reset", "busy"])
async def test_a_first_comment_is_written_at_most_once(channel: Channel, fault: str):
    piece = film(options={"first_comment": "Sources: see there."})
    if fault:
        channel.platform.faults.strike(fault, at="POST /youtube/v3/commentThreads")
    assert isinstance(await channel.out(piece), Live)
    assert isinstance(await channel.looked_up(piece, channel.lines.tokens[-1]), Live)
    assert channel.videos[0].comments == ([] if fault == "busy" else ["Sources: see there."])
    assert ("known whether with its first comment" in channel.decisions) == bool(fault)


async def test_how_videos_did_is_read_back_for_those_that_are_there(channel: Channel):
    assert isinstance(await channel.out(film(options={"first_comment": "First!"})), Live)
    channel.videos[0].views = 1200
    async with aclosing(channel.opened()) as publisher:
        assert isinstance(publisher, Measures)
        told = await publisher.measure([channel.videos[0].id, "gone"])
    assert told == {channel.videos[0].id: Measured(1200, 0, 1)}


async def test_that_youtube_keeps_a_video_private_is_told(channel: Channel):
    channel.platform.locked = True
    assert isinstance(await channel.out(film()), Live)
    assert "was to be public, and YouTube keeps it private" in channel.decisions


async def test_an_account_without_a_channel_or_with_a_client_that_is_gone_needs_a_person(channel: Channel):
    channel.platform.channels.clear()
    async with aclosing(channel.opened()) as publisher:
        with pytest.raises(NeedsPerson, match="no channel"):
            await publisher.look()
    channel.platform.logins.revoke("alice")
    assert isinstance(await channel.out(film()), NeedsPerson)


@pytest.mark.parametrize("odd", [[None], {"id": 7, "error": "x", "items": ["a"]}, "text"])
async def test_data_of_another_shape_is_an_ending_and_no_crash(odd: Any):
    platform = oddly(FakeYouTube, odd)
    async with serving(platform) as served:
        channel = Channel(served)
        for at in range(1, 9):
            platform.at = at
            piece = film(title=f"Number {at}")
            assert isinstance(await channel.out(piece), Live | Ending)
            for token in channel.lines.tokens[-1:]:
                platform.at = 1
                assert isinstance(await channel.looked_up(piece, token), Unknown | Live | Absent)
    assert len(platform.videos) <= 8


async def test_a_log_in_is_never_sent_to_another_house_than_google_s(channel: Channel):
    async with serving(FakeYouTube()) as other:
        channel.platform.address = other.address
        ending = await channel.out(film())
        assert isinstance(ending, Later)
        assert "names no address" in ending.why
        assert other.platform.requests == []


async def test_the_desk_connects_a_channel_and_renews_its_log_in_by_itself(house: House, alice: Tenant):
    clock = house.desk.publishing.clock
    async with serving(FAKES["youtube"].make(clock)) as served:
        own = house.desk.accounts._openings
        accounts = Accounts(replace(own, ground=replace(own.ground, guard=served.guard())))
        values = FAKES["youtube"].values(served.platform)
        shown = await accounts.connect(Operator(alice.workspace), NewAccount("youtube", "Channel", values))
        assert (shown.status, shown.remote_name, shown.says) == ("connected", "Alice", "")
        assert "refresh" not in str(shown)
        assert served.platform.logins.renewals == 1
        await accounts.verify(alice.workspace, shown.id)
        assert served.platform.logins.renewals == 1
        served.platform.logins.revoke("alice")
        assert (await accounts.verify(alice.workspace, shown.id)).status == "error"
        gone = await accounts.verify(alice.workspace, shown.id)
        assert gone.status == "expired"
        assert "Connect the account again" in gone.says


def test_a_file_goes_in_parts_of_the_right_size():

    assert part_of(10 << 20, 8 << 20, 64) == 8 << 20
    assert part_of(1 << 30, 8 << 20, 64) == 16 << 20
    assert part_of(200 << 30, 8 << 20, 64) == MOST_PART
    assert all(part_of(size, 1, 64) % STEP == 0 for size in (1, 12345, 1 << 28))
    assert PATIENT.part < SIZE


def test_refusing_is_for_pieces_and_persons_are_asked_about_accounts():
    assert issubclass(NeedsPerson, Ending)
    assert not issubclass(NeedsPerson, Refused)
