"""Posts reach an X account once at most, flagged where machines made them, whatever X does on the way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.publisher import (
    Absent,
    Live,
    Login,
    Piece,
    Publisher,
    Renewed,
    Token,
    Unclear,
    Unknown,
    Unrenewed,
)
from nightdesk.publishers import x
from nightdesk.publishers.short_post import laid_out, weight
from nightdesk.publishers.x.calls import Limits
from nightdesk.publishers.x.timeline import said_in, same
from nightdesk.rehearsal.faults import TAKEN
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.x import FakeX
from publishing.contract import FAULTS, Lines, Stand, ends_rightly, goes_out_once, oddly, trusting
from publishing.one_platform import Ground
from publishing.short_videos import video
from publishing.wordpress_pieces import article

AT = "POST /2/tweets"
SHORT = Limits(call=0.4, upload=0.4, working=20.0)
PATIENT = Limits(working=20.0)
LINK = "https://Example.org/warm?a=1&b=2"
PROVEN = {"forbidden": "rejected"}
HELD = ("busy", "reset_at_once", "reset_after_sending", "html")
"""Faults after which X has nothing, and nobody can know that."""


@dataclass
class Account:
    """An account at a fake X; `kept` is what the desk keeps of its log-in."""

    served: Served
    platform: FakeX
    limits: Limits = PATIENT
    clock: Clock = field(default_factory=SystemClock)
    kept: dict[str, str] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)

    def again(self) -> None:
        """A person connects it anew."""
        self.kept = self.platform.logins.connected("desk")

    def opened(self) -> Publisher:
        async def renew(
            used: Mapping[str, str], ask: Callable[[Mapping[str, str]], Awaitable[Renewed]]
        ) -> dict[str, str]:
            try:
                self.kept = {**used, **(await ask(used)).secrets}
            except Unrenewed as ending:
                raise NeedsPerson(ending.why) from ending
            return self.kept

        login = Login(1, "posts", {"client_id": CLIENT, **self.config}, self.kept, renew)
        return x.opened(login, self.served.guard(), self.clock, self.limits, self.served.address)

    def stand(self, piece: Piece) -> Stand:
        return Stand(self.served, self.opened, piece, self.again, AT)

    async def out(self, piece: Piece, token: Token | None = None) -> Any:
        """How publishing it ends: with what is live, or with its ending."""
        async with aclosing(self.opened()) as publisher:
            try:
                token = await publisher.prepare(piece, token, self.lines)
                return await publisher.commit(piece, token, self.lines)
            except Ending as ending:
                return ending

    async def sought(self, piece: Piece, token: Token | None) -> Any:
        async with aclosing(self.opened()) as publisher:
            return await publisher.look_up(piece, token, self.lines)


def said(**facts: Any) -> Piece:
    """An article with nothing to put up, for what is done many times."""
    return article(media=(), **facts)


@pytest_asyncio.fixture(loop_scope="session")
async def account() -> AsyncIterator[Account]:
    platform = FakeX()
    async with serving(platform) as served:
        made = Account(served, platform)
        made.again()
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(request: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    platform = FakeX()
    secure = request.node.callspec.params["fault"] == "bad_certificate"
    async with serving(platform, secure=secure) as served:
        if secure:
            trusting(served, monkeypatch, tmp_path)
        made = Account(served, platform, SHORT)
        made.again()
        yield made


@pytest.mark.parametrize("fault", FAULTS)
async def test_posting_under_a_fault_never_says_more_than_is_certain(faulty: Account, fault: str):
    await ends_rightly(faulty.stand(said()), fault)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_post_ends_live_or_held_and_is_never_sent_twice(ground: Ground, faulty: Account, fault: str):
    row = await goes_out_once(ground, faulty.stand(said()), fault, "commit")
    assert row.state == PROVEN.get(fault, "held" if fault in HELD else "live"), row.error
    sent = [one for one in faulty.platform.requests if one.line == AT]
    assert len(sent) <= (2 if fault in ("unauthorized", "expired", "too_many", "quota") else 1)
    assert (fault in TAKEN) <= (row.state == "live")


@pytest.mark.parametrize("fault", ["refused", "busy", "expired", "taken_then_500"])
async def test_what_strikes_while_it_is_made_ready_only_delays_it(
    ground: Ground, faulty: Account, fault: str
):
    row = await goes_out_once(ground, faulty.stand(said()), fault, "prepare")
    assert row.state == "live", row.error


@pytest.mark.parametrize("synthetic", [True, False])
async def test_a_video_goes_with_its_words_and_its_flag(account: Account, synthetic: bool):
    account.platform.working = 1
    piece = video(synthetic=synthetic, label="Made with AI." if synthetic else "")
    found = await account.out(piece)
    assert isinstance(found, Live)
    (tweet,) = account.platform.tweets
    assert tweet.asked.get("made_with_ai", False) is synthetic
    (put,) = account.platform.files.values()
    assert put.body == b"".join([part async for part in piece.media[0].read(0, None)])
    assert tweet.asked["media"]["media_ids"] == list(account.platform.files)
    assert (found.remote_id, found.url) == (tweet.id, f"https://x.com/i/web/status/{tweet.id}")
    assert ("cost", "X charges about $0.015 for a post.") in [one[:2] for one in account.lines.said]


async def test_an_article_goes_as_its_title_summary_and_link_with_its_picture(account: Account):
    piece = article(options={"link": LINK})
    found = await account.out(piece)
    assert isinstance(found, Live), found
    (tweet,) = account.platform.tweets
    assert tweet.text == f"{piece.title}\n\n{piece.text}\n\n{LINK}"
    (put,) = account.platform.files.values()
    assert (put.category, put.alt) == ("tweet_image", "A “red” heater 🔥")
    assert ("cost", "X charges about $0.2 for a post with a link.") in [one[:2] for one in account.lines.said]


async def test_a_long_file_is_put_up_in_parts_and_not_again_at_a_later_try(account: Account):
    piece = video(size=9 << 20)
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
    (put,) = account.platform.files.values()
    assert [len(part) for _, part in sorted(put.parts.items())] == [4 << 20, 4 << 20, 1 << 20]
    assert isinstance(await account.out(piece, token), Live)
    assert len(account.platform.files) == 1
    assert token == {**account.lines.tokens[-1]}


@pytest.mark.parametrize("fault", ["taken_unseen", "taken_then_html"])
async def test_a_fault_at_any_request_leaves_one_post_at_most(account: Account, fault: str):
    tries = 0
    while True:
        piece = video(text=f"Number {tries}")
        account.platform.faults.strike(fault, skip=tries)
        await account.out(piece)
        if not account.platform.faults.struck:
            break
        account.platform.faults.struck.clear()
        account.again()
        assert len([one for one in account.platform.tweets if piece.text in one.text]) <= 1
        tries += 1
    assert tries >= 6


async def test_what_went_out_unseen_is_found_by_its_words_though_x_writes_them_otherwise(account: Account):
    piece = article(options={"link": LINK}, title="A & B <C>")
    async with aclosing(account.opened()) as publisher:
        token = await publisher.prepare(piece, None, account.lines)
        account.platform.faults.strike("taken_then_500", at=AT)
        with pytest.raises(Unclear):
            await publisher.commit(piece, token, account.lines)
    (tweet,) = account.platform.tweets
    assert await account.sought(piece, token) == Live(tweet.id, f"https://x.com/i/web/status/{tweet.id}")
    again = await account.out(piece, token)
    assert isinstance(again, Live)
    assert len(account.platform.tweets) == 1
    assert isinstance(await account.sought(replace(piece, title="Other"), {**token, "text": "Other"}), Absent)
    assert isinstance(await account.sought(piece, None), Unknown)


async def test_the_same_words_as_in_an_earlier_post_are_refused_and_not_taken_for_ours(account: Account):
    piece = said()
    assert isinstance(await account.out(piece), Live)
    account.platform.tweets[0] = replace(
        account.platform.tweets[0], at=account.platform.tweets[0].at.replace(year=2020)
    )
    ending = await account.out(said())
    assert isinstance(ending, Refused)
    assert "twice" in ending.why
    assert len(account.platform.tweets) == 1


async def test_a_log_in_that_ended_is_renewed_and_the_post_goes_out_once(account: Account):
    account.platform.faults.strike("unauthorized", at=AT)
    assert isinstance(await account.out(said()), Live)
    assert len(account.platform.tweets) == 1
    assert account.platform.logins.renewals == 2


async def test_who_has_no_credits_is_told_to_buy_some(account: Account):
    account.platform.faults.strike("quota", at=AT)
    ending = await account.out(said())
    assert isinstance(ending, NeedsPerson)
    assert "credits" in ending.why


async def test_a_video_that_x_cannot_work_with_is_refused(account: Account):
    class Failing(FakeX):
        def _working(self, put: Any) -> dict[str, Any]:
            return {"processing_info": {"state": "failed", "error": {"message": "unsupported"}}}

    async with serving(Failing()) as served:
        failing = Account(served, served.platform)  # type: ignore[arg-type]
        failing.again()
        ending = await failing.out(video())
        assert isinstance(ending, Refused)
        assert "unsupported" in ending.why


@pytest.mark.parametrize(
    "odd", [[None], {"data": "x"}, {"data": {"id": 7}}, "text", {"data": [1, {"id": 2}]}]
)
async def test_data_of_another_shape_is_an_ending_and_no_crash(odd: Any):
    platform = oddly(FakeX, odd)
    async with serving(platform) as served:
        account = Account(served, platform)
        for at in range(1, 9):
            account.again()
            platform.at = at
            ending = await account.out(video(text=f"Number {at}"))
            assert isinstance(ending, Live | Ending), ending
            platform.at = 1
            token = {"user": "1", "text": "Odd", "at": "2026-01-01T00:00:00Z"}
            assert isinstance(await account.sought(video(), token), Absent | Unknown)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("a" * 280, 280),
        ("see https://example.org/" + "x" * 300, 27),
        ("暖房", 4),
        ("🔥", 2),
        ("Node.js, v3.5 and e.g. this", 27),
        ("mail a@example.org", 18),
    ],
)
def test_characters_are_counted_as_x_counts_them(text: str, counted: int):
    assert weight(text) == counted


def test_a_summary_is_shortened_to_fit_and_a_title_never():
    long = said(text="Heat rises, and then it falls again. " * 40, options={"link": LINK})
    post = laid_out(long)
    assert 250 < weight(post) <= 280
    assert post.startswith(long.title)
    assert post.endswith(f"…\n\n{LINK}")
    assert weight(laid_out(replace(long, title="x" * 300))) > 280
    assert laid_out(replace(long, options={"post": " My own words "})) == "My own words"
    tagged = laid_out(replace(video(), text="words " * 44))
    assert weight(tagged) <= 280
    assert laid_out(said(text="Short."), labelled=True).endswith(
        "Short.\n\nCompiled by machines & checked by nobody"
    )


async def test_what_x_would_not_take_is_said_before_the_first_byte(account: Account):
    publisher = account.opened()
    assert publisher.faults(video()) == []
    assert publisher.faults(said()) == []
    assert "shorten" in publisher.faults(said(title="x" * 300))[0]
    assert publisher.faults(said(options={"link": "javascript:alert(1)"})) != []
    endless = replace(video().media[0], seconds=200.0)
    assert publisher.faults(video(media=(endless,))) != []
    assert publisher.faults(said(title=" ", text="")) == ["It has no words."]
    assert account.platform.requests == []
    account.config["characters"] = "4000"
    assert account.opened().faults(said(title="x" * 300)) == []


@pytest.mark.parametrize("lacks", ["client_id", "secrets"])
def test_an_account_without_a_log_in_of_its_own_is_not_opened(account: Account, lacks: str):
    if lacks == "secrets":
        account.kept = {}
    else:
        account.config["client_id"] = ""
    with pytest.raises(NeedsPerson):
        account.opened()


@pytest.mark.parametrize("fault", ["refused", "busy", "too_many", "html", "taken_then_silence"])
async def test_a_look_at_x_while_it_is_away_is_for_later(faulty: Account, fault: str):
    faulty.platform.faults.strike(fault, skip=1)
    async with aclosing(faulty.opened()) as publisher:
        with pytest.raises(Later):
            await publisher.look()


def test_words_are_compared_without_what_x_adds_to_them():
    row = {
        "text": "A &amp; B https://t.co/1 https://t.co/2",
        "entities": {
            "urls": [
                {"url": "https://t.co/1", "expanded_url": "https://Example.org/"},
                {"url": "https://t.co/2", "expanded_url": "https://x.com/a/status/1/photo/1"},
            ]
        },
    }
    assert same(said_in(row)) == same("A & B\n\nhttps://example.org")
    assert same("A & B https://example.org/other") != same(said_in(row))
