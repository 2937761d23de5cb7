"""A first comment is written once at most under what is out, and told where it is missing or may be."""

import asyncio
from typing import Any

import pytest

from nightdesk.kit import points
from nightdesk.kit.endings import Ending
from nightdesk.publisher import Live, Token
from nightdesk.publishers import KINDS
from nightdesk.publishers.deadlines import LEAST
from nightdesk.rehearsal.faults import TAKEN
from nightdesk.rehearsal.instagram import FakeInstagram
from nightdesk.rehearsal.x import FakeX
from publishing.contract import Lines
from publishing.rest_accounts import Account, account_at
from publishing.short_videos import settled

TAKES = {
    "youtube": "POST /youtube/v3/commentThreads",
    "instagram": r"POST /v25.0/\d+/comments",
    "x": "POST /2/tweets",
}
"""By platform, the request that writes a comment; on X it is the second of its kind."""

WORDS = "Sources: see there."
MISSING, UNKNOWN = "out without its first comment", "not known whether with its first comment"
NOT_TAKEN = {
    "forbidden": MISSING,
    "too_many": MISSING,
    "quota": MISSING,
    "busy": UNKNOWN,
    "html": UNKNOWN,
    "reset_at_once": UNKNOWN,
    "reset_after_sending": UNKNOWN,
}
QUICK = [one for one in TAKEN if one != "taken_then_silence"]


def _struck(account: Account, fault: str) -> None:
    account.platform.faults.strike(fault, at=TAKES[account.name], skip=int(account.name == "x"))


def _piece(account: Account, words: Any = WORDS, **facts: Any) -> Any:
    return account.piece(options={"first_comment": words}, **facts)


def test_all_platforms_that_write_comments_are_tried_here():
    assert set(TAKES) == {name for name, kind in KINDS.items() if kind.comments}


@pytest.mark.parametrize("name", TAKES)
async def test_a_comment_is_written_once_however_often_the_piece_is_looked_up(name: str):
    async with account_at(name) as account:
        piece = _piece(account)
        found = await account.out(piece)
        assert isinstance(found, Live), found
        for _ in range(2):
            again = await account.sought(piece)
            assert isinstance(again, Live)
            assert again.remote_id == found.remote_id
        assert list(account.platform.first_comments()) == [WORDS]
        assert (len(account.platform.posts()), account.decisions) == (1, "")


@pytest.mark.parametrize("name", TAKES)
async def test_a_piece_without_a_wish_for_one_gets_none(name: str):
    async with account_at(name) as account:
        for words in (None, "", " ", False):
            piece = _piece(account, words, text=f"With {words!r}.")
            assert isinstance(await account.out(piece), Live)
            account.lines.tokens.clear()
        assert list(account.platform.first_comments()) == []
        assert account.decisions == ""


@pytest.mark.parametrize("name", TAKES)
@pytest.mark.parametrize("fault", [*QUICK, *NOT_TAKEN])
async def test_whatever_becomes_of_the_comment_the_piece_is_live_and_it_is_sent_once(name: str, fault: str):
    async with account_at(name) as account:
        piece = _piece(account)
        _struck(account, fault)
        assert isinstance(await account.out(piece), Live)
        assert isinstance(await account.sought(piece), Live)
        assert account.platform.faults.struck == [fault]
        assert list(account.platform.first_comments()) == ([WORDS] if fault in TAKEN else [])
        assert NOT_TAKEN.get(fault, UNKNOWN) in account.decisions
        assert "by hand" in account.decisions
        sent = [one for one in account.platform.requests if b"Sources" in one.body]
        assert len(sent) == (not fault.startswith("reset"))


async def _silent(name: str) -> tuple[Any, list[str], bool]:
    async with account_at(name, call_seconds=str(LEAST)) as account:
        piece = _piece(account)
        _struck(account, "taken_then_silence")
        found = await account.out(piece)
        await account.sought(piece)
        return type(found), list(account.platform.first_comments()), UNKNOWN in account.decisions


async def test_a_comment_that_is_taken_and_never_answered_is_told_and_not_sent_again():
    endings = await asyncio.gather(*(_silent(name) for name in TAKES))
    assert endings == [(Live, [WORDS], True)] * len(TAKES)


class Killed(BaseException):
    """The process ends."""


class Dying:
    """Counts points, and ends at one of them."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.seen = at, []

    def __call__(self, name: str) -> None:
        self.seen.append(name)
        if len(self.seen) == self.at:
            raise Killed(name)


class Recording(Lines):
    """Lines of which each is a point before and after it is kept, as they are in the desk."""

    async def step(self, what: str, says: str, **data: Any) -> None:
        points.reach("lines.step.before")
        await super().step(what, says, **data)

    async def token(self, token: Token) -> None:
        points.reach("lines.token.before")
        await super().token(dict(token))
        points.reach("lines.token.after")


async def _committed(account: Account, piece: Any, monkeypatch: pytest.MonkeyPatch, at: int) -> list[str]:
    """The points up to the one at which its sender ended."""
    publisher, dying = account.opened(), Dying(at)
    token = await publisher.prepare(piece, None, account.lines)
    account.lines.tokens.append(dict(token or {}))
    monkeypatch.setattr(points, "_visit", dying)
    try:
        assert isinstance(await publisher.commit(piece, token, account.lines), Live)
    except Killed:
        pass
    finally:
        monkeypatch.setattr(points, "_visit", None)
        await publisher.aclose()
    return dying.seen


@pytest.mark.parametrize("name", TAKES)
async def test_wherever_its_sender_ends_a_comment_is_there_once_or_told_as_missing(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    async with account_at(name) as account:
        account.lines, at, seen, unsure = Recording(), 0, set(), 0
        while True:
            at += 1
            words, before = f"Sources of number {at}.", len(account.platform.posts())
            piece = _piece(account, words, text=f"This is number {at}.")
            account.lines = Recording()
            passed = await _committed(account, piece, monkeypatch, at)
            seen |= set(passed)
            if len(passed) < at:
                break
            found = await settled(account.opened, piece, account.lines)
            assert isinstance(found, Live), (passed[-1], found)
            assert len(account.platform.posts()) == before + 1, passed[-1]
            written = list(account.platform.first_comments()).count(words)
            told = UNKNOWN in account.decisions
            assert written == 1 or (written == 0 and told), (passed[-1], account.decisions)
            unsure += told
        assert {f"{name}.comment.before", f"{name}.comment.after", "lines.token.before"} <= seen
        assert unsure, "no end of a sender left it open whether the comment is there"


@pytest.mark.parametrize("name", TAKES)
@pytest.mark.parametrize("odd", [True, ["one", "two"], {"text": "one"}, 1.5])
async def test_what_is_no_words_is_said_before_the_first_byte(name: str, odd: Any):
    async with account_at(name) as account:
        (fault,) = account.opened().faults(_piece(account, odd))
        assert "must be the words" in fault
        assert account.opened().faults(_piece(account, "First!")) == []
        assert account.platform.requests == []


async def test_x_takes_no_longer_comment_than_post_and_tells_what_each_costs():
    async with account_at("x") as account:
        (fault,) = account.opened().faults(_piece(account, "🔥" * 141))
        assert fault == "X takes 280 characters, its first comment has 282: shorten it."
        assert account.opened().faults(_piece(account, "🔥" * 140)) == []
        assert isinstance(await account.out(_piece(account, "See https://example.org/sources")), Live)
        costs = [says for what, says, _ in account.lines.said if what == "cost"]
        assert costs == [
            "X charges about $0.015 for a post.",
            "X charges about $0.2 for its first comment with a link.",
        ]


async def test_where_x_lets_apps_not_reply_its_rule_is_told():
    async with account_at("x") as account:
        assert isinstance(account.platform, FakeX)
        account.platform.replies = False
        found = await account.out(_piece(account))
        assert isinstance(found, Live)
        assert "pay by use reply only" in account.decisions
        assert f"by hand at {found.url}" in account.decisions


async def test_where_instagram_lacks_the_right_to_comment_it_is_told_how_to_get_it():
    async with account_at("instagram") as account:
        assert isinstance(account.platform, FakeInstagram)
        account.platform.may_comment = False
        found = await account.out(_piece(account))
        assert isinstance(found, Live)
        assert "instagram_manage_comments" in account.decisions
        assert f"by hand at {found.url}" in account.decisions


@pytest.mark.parametrize(("name", "title"), [("tiktok", "TikTok"), ("wordpress", "WordPress")])
async def test_a_platform_that_takes_none_says_so_once_in_the_story(name: str, title: str):
    async with account_at(name) as account:
        piece = _piece(account)
        assert account.opened().faults(piece) == []
        assert isinstance(await account.out(piece), Live)
        assert isinstance(await account.out(piece), Live | Ending)
        assert account.decisions.count(f"not written: {title} takes none from here") == 1
