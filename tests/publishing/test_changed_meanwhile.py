"""What is sent with a piece is changed while its upload is begun: the change goes out with it, and once."""

from collections.abc import AsyncIterator, Callable, Sized
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.desk.publishing import stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.kit.endings import Ending, Later
from nightdesk.publisher import Live, Piece, Publisher, Token, Unclear
from nightdesk.publishers.told import ANEW, KEPT, fingerprint
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.youtube import FakeYouTube
from publishing.contract import Lines
from publishing.one_platform import Ground
from publishing.short_videos import video
from publishing.video_accounts import OnInstagram, OnTikTok, VideoAccount
from publishing.youtube_channel import LAST, SIZE, Channel


@dataclass(frozen=True)
class Case:
    """A platform, options that were changed, and where its posts show them; `showing` is what these then say.

    `uploads` are those that were begun there, `last` is the request that makes a piece public, which
    `earlier` others of its kind go before, `size` that of a file that goes in several parts.
    """

    fake: type[FakePlatform]
    account: Callable[[Served], VideoAccount | Channel]
    before: dict[str, Any]
    after: dict[str, Any]
    showing: tuple[str, str]
    shown: Callable[[Any], list[Any]]
    uploads: Callable[[Any], Sized]
    last: str
    earlier: int = 0
    size: int = 3000


CASES = {
    "tiktok": Case(
        OnTikTok.fake,
        OnTikTok,
        {"privacy": "PUBLIC_TO_EVERYONE"},
        {"privacy": "SELF_ONLY"},
        ("PUBLIC_TO_EVERYONE", "SELF_ONLY"),
        lambda fake: [one.post["privacy_level"] for one in fake.done],
        lambda fake: fake.uploads,
        OnTikTok.at,
        2,
    ),
    "instagram": Case(
        OnInstagram.fake,
        OnInstagram,
        {"share_to_feed": True},
        {"share_to_feed": False},
        ("true", "false"),
        lambda fake: [one.container.facts["share_to_feed"] for one in fake.reels],
        lambda fake: fake.containers,
        OnInstagram.at,
    ),
    "youtube": Case(
        FakeYouTube,
        Channel,
        {"privacy": "public"},
        {"privacy": "unlisted"},
        ("public", "unlisted"),
        lambda fake: [one.facts["status"]["privacyStatus"] for one in fake.videos.values()],
        lambda fake: fake.uploads,
        LAST,
        2,
        SIZE,
    ),
}


@dataclass
class Begun:
    """A piece whose upload is begun, by options that are not those of its account any more."""

    case: Case
    account: VideoAccount | Channel
    early: Piece
    late: Piece

    @property
    def platform(self) -> FakePlatform:
        return self.account.served.platform

    def out_with(self, when: int) -> bool:
        """Whether there is one post, made with the first options, or the second."""
        return self.case.shown(self.platform) == [self.case.showing[when]]

    async def made_ready(self) -> Token | None:
        async with aclosing(self.account.opened()) as publisher:
            return await publisher.prepare(self.early, None, self.account.lines)

    def told(self, words: str) -> bool:
        return words in [says for what, says, _ in self.account.lines.said if what == "decision"]


@pytest_asyncio.fixture(loop_scope="session", params=list(CASES))
async def begun(request: Any) -> AsyncIterator[Begun]:
    case = CASES[request.param]
    async with serving(case.fake()) as served:
        early = video(case.size, options=case.before)
        yield Begun(case, case.account(served), early, replace(early, options=case.after))


async def test_an_upload_that_was_begun_with_other_options_is_left_for_another(begun: Begun):
    token = await begun.made_ready()
    assert begun.platform.posts() == []
    assert isinstance(await begun.account.out(begun.late, token), Live)
    assert begun.out_with(1)
    assert begun.told(ANEW)
    assert not begun.told(KEPT)


async def test_one_whose_facts_stand_is_gone_on_with(begun: Begun):
    token = await begun.made_ready()
    assert isinstance(await begun.account.out(begun.early, token), Live)
    assert begun.out_with(0)
    assert len(begun.case.uploads(begun.platform)) == 1
    assert not begun.told(ANEW)


@pytest.mark.parametrize("fact", [{"synthetic": False}, {"text": "Other words."}])
async def test_words_and_the_flag_count_as_well(begun: Begun, fact: dict[str, Any]):
    token = await begun.made_ready()
    assert isinstance(await begun.account.out(replace(begun.early, **fact), token), Live)
    assert begun.told(ANEW)
    assert len(begun.platform.posts()) == 1


@pytest.mark.parametrize("fault", ["taken_then_reset", "reset_after_sending"])
async def test_what_may_be_public_is_never_left_for_another(begun: Begun, fault: str):
    token = await begun.made_ready()
    begun.platform.faults.strike(fault, at=begun.case.last)
    async with aclosing(begun.account.opened()) as publisher:
        with pytest.raises(Unclear):
            await publisher.commit(begun.early, token, begun.account.lines)
    assert begun.platform.faults.struck == [fault]
    found = await begun.account.out(begun.late, begun.account.lines.tokens[-1])
    assert isinstance(found, Live), found
    assert found.url.startswith("https://")
    assert begun.out_with(0)
    assert begun.told(KEPT)
    assert not begun.told(ANEW)


async def test_a_part_that_failed_before_the_last_does_not_keep_the_old_options(begun: Begun):
    begun.platform.faults.strike("busy", skip=2)
    assert isinstance(await begun.account.out(begun.early), Later)
    assert isinstance(await begun.account.out(begun.late, begun.account.lines.tokens[-1]), Live)
    assert begun.out_with(1)


async def test_a_process_that_ends_before_the_other_upload_is_kept_leaves_one_post(begun: Begun):
    """The other upload's number is lost with it: the old one is known still, and left once more."""

    class Lost(Ending):
        pass

    class Cut(Lines):
        async def token(self, token: Token) -> None:
            raise Lost("It ends here.")

    token, lines = await begun.made_ready(), begun.account.lines
    begun.account.lines = Cut()
    assert isinstance(await begun.account.out(begun.late, token), Lost)
    begun.account.lines = lines
    assert isinstance(await begun.account.out(begun.late, token), Live)
    assert begun.out_with(1)


@pytest.mark.parametrize("when", ["made ready", "sent"])
async def test_a_sender_goes_on_with_what_holds_now_unless_it_may_be_out(
    ground: Ground, begun: Begun, when: str
):
    now = [begun.early]

    async def opening(taken: Taken) -> Publisher:
        return begun.account.opened()

    async def composing(taken: Taken) -> Piece:
        return replace(now[0], key=taken.publication.key.hex)

    number = await ground.wished()
    sender = Sender(Settling(ground.house.store, ground.clock, stands, lambda: None), opening, composing)
    outgoing = Outgoing(OutgoingMeans(sender, "changed", {}))
    if when == "sent":
        # Its last request is declined for now, so that it is made ready once more.
        begun.platform.faults.strike("too_many", at=begun.case.last, skip=begun.case.earlier)
    else:
        begun.platform.faults.strike("busy", skip=2)
    await outgoing.send_due()
    assert (await ground.row(number)).state == "queued"
    now[0] = begun.late
    ground.clock.move(7300)
    await outgoing.send_due()
    shown = await ground.house.desk.publishing.stories.show(ground.tenant.workspace, number)
    assert shown.publication.state == "live", shown.publication.error
    assert begun.out_with(0 if when == "sent" else 1)
    said = [line.says for line in shown.story]
    assert (KEPT in said, ANEW in said) == (when == "sent", when == "made ready")


def test_a_fingerprint_tells_facts_apart_and_not_their_order():
    assert fingerprint({"a": 1, "b": [True, "é"]}) == fingerprint({"b": [True, "é"], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})
