"""Sessions: opened by the right password alone, found by their token, ended when they should end."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.people import IDLE, LONGEST, Operator, TooManyGuesses, WrongPassword
from people.desk_of_people import BETTER, GOOD, HERE

DAY = timedelta(days=1).total_seconds()


async def test_the_right_password_opens_a_session_however_the_address_is_typed(desk, ana):
    token = await desk.sessions.sign_in("  Ana@Example.ORG ", GOOD, *HERE)
    caller = await desk.caller(token)
    assert (caller.person_id, caller.workspace_id, caller.role) == (ana.person_id, ana.workspace_id, "owner")
    assert caller.session_id != ana.session_id


async def test_a_token_has_190_random_bits_and_is_never_the_same(desk, ana):
    tokens = {await desk.sessions.sign_in(ana.email, GOOD, *HERE) for _ in range(5)}
    assert len(tokens) == 5
    assert all(re.fullmatch("[0-9A-Za-z]{32}", token) for token in tokens)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.org", GOOD + "!"),
        ("ana@example.org", GOOD[:-1]),
        ("ana@example.org", GOOD.upper()),
        ("ana@example.org", ""),
        ("ana@example.org", "\udc80" * 12),
        ("nobody@example.org", GOOD),
        ("", ""),
        ("' or 1=1 --", GOOD),
        ("a\0na@example.org", GOOD),
        ("\udc80@example.org", GOOD),
    ],
)
async def test_whatever_is_wrong_the_same_is_said_after_one_check_and_nothing_is_opened(
    desk, ana, email, password
):
    with pytest.raises(WrongPassword) as refused:
        await desk.sessions.sign_in(email, password, *HERE)
    assert str(refused.value) == str(WrongPassword())
    assert desk.hasher.checks == 1
    assert len(await desk.sessions.of(ana)) == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 32, "x" * 10_000, "\0" * 32, "é" * 32, "' or true --"])
async def test_what_is_no_token_is_nobodys(desk, ana, token):
    assert await desk.sessions.caller_of(token) is None


async def test_a_session_ends_after_fourteen_idle_days(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    desk.clock.move(IDLE.total_seconds() - 1)
    assert await desk.sessions.caller_of(token)
    desk.clock.move(IDLE.total_seconds())
    assert await desk.sessions.caller_of(token) is None


async def test_a_session_in_use_ends_after_thirty_days(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    for _ in range(6):
        desk.clock.move(LONGEST.total_seconds() / 6 - 1)
        assert await desk.sessions.caller_of(token)
    desk.clock.move(6)
    assert await desk.sessions.caller_of(token) is None
    await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert len(await desk.rows("select 1 from sessions")) == 1


async def test_that_a_session_was_seen_is_written_at_most_once_a_minute(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    written = set()
    for _ in range(12):
        desk.clock.move(15)
        await asyncio.gather(*(desk.caller(token) for _ in range(3)))
        written |= {row.xmin for row in await desk.rows("select xmin::text, seen_at from sessions")}
    assert len(written) - 1 <= 3
    here = next(s for s in await desk.sessions.of(ana) if s.id != ana.session_id)
    assert desk.clock.now() - here.seen_at <= timedelta(minutes=1)


async def test_signing_out_ends_the_session_and_no_other(desk, ana):
    token, other = [await desk.sessions.sign_in(ana.email, GOOD, *HERE) for _ in range(2)]
    await desk.sessions.sign_out(token)
    await desk.sessions.sign_out(token)
    await desk.sessions.sign_out("nonsense")
    assert await desk.sessions.caller_of(token) is None
    assert await desk.sessions.caller_of(other)


async def test_a_person_sees_and_ends_their_own_sessions_and_nobody_elses(desk, ana):
    phone = await desk.caller(await desk.sessions.sign_in(ana.email, GOOD, "203.0.113.5", "Safari"))
    ben = await desk.joined(ana, "Ben", "owner")
    shown = await desk.sessions.of(ana)
    assert [(s.id, s.address, s.agent, s.here) for s in shown] == [
        (phone.session_id, "203.0.113.5", "Safari", False),
        (ana.session_id, *HERE, True),
    ]
    for number in (ana.session_id, 0, -1, 2**63, 10**40):
        with pytest.raises(NotFound):
            await desk.sessions.end(ben, number, GOOD)
    await desk.sessions.end(ana, phone.session_id, GOOD)
    assert [s.here for s in await desk.sessions.of(ana)] == [True]


async def test_no_session_is_ended_without_the_password_and_guesses_at_it_are_counted(desk, ana):
    other = await desk.caller(await desk.sessions.sign_in(ana.email, GOOD, *HERE))
    for _ in range(5):
        with pytest.raises(WrongPassword):
            await desk.sessions.end(ana, other.session_id, "not the password")
        with pytest.raises(WrongPassword):
            await desk.sessions.end_others(ana, "")
    with pytest.raises(TooManyGuesses):
        await desk.sessions.end_others(ana, GOOD)
    assert len(await desk.sessions.of(ana)) == 2


async def test_what_was_done_to_a_password_is_told_at_the_next_sign_in_and_then_is_no_news(desk, ana):
    async def told(caller):
        return [(one.deed, one.address, one.news) for one in await desk.sessions.changes(caller)]

    first = await desk.signed_in(ana.email)
    assert await told(first) == []
    desk.clock.move(60)
    await desk.sessions.change_password(first, GOOD, BETTER)
    link = await desk.invitations.reset(Operator(ana.workspace_id), ana.email)
    await desk.invitations.accept(link, "", GOOD, "", "", "203.0.113.9", "Safari")
    done = [("password_reset", "203.0.113.9"), ("reset_link_made", ""), ("password_changed", HERE[0])]
    again = await desk.signed_in(ana.email)
    assert await told(again) == [(*one, True) for one in done]
    assert await told(await desk.signed_in(ana.email)) == [(*one, False) for one in done]
    assert await told(await desk.joined(ana, "Ben", "editor")) == []


async def test_what_has_ended_is_cleared_away_when_anybody_comes_in(desk, ana):
    await desk.joined(ana, "Ben", "editor")
    await desk.invitations.invite(ana, "cleo@example.org", "viewer")
    desk.clock.move(timedelta(days=38).total_seconds())
    otto = await desk.elsewhere()
    assert [row.person_id for row in await desk.rows("select person_id from sessions")] == [otto.person_id]
    assert await desk.rows("select id from links") == []


async def test_all_sessions_but_this_one_can_be_ended(desk, ana):
    tokens = [await desk.sessions.sign_in(ana.email, GOOD, *HERE) for _ in range(3)]
    assert await desk.sessions.end_others(await desk.caller(tokens[1]), GOOD) == 3
    assert [bool(await desk.sessions.caller_of(token)) for token in tokens] == [False, True, False]


async def test_a_new_password_ends_all_sessions_and_goes_on_under_a_new_token(desk, ana):
    old = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    other = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    new = await desk.sessions.change_password(await desk.caller(old), GOOD, BETTER)
    assert await desk.sessions.caller_of(old) is None
    assert await desk.sessions.caller_of(other) is None
    assert len(await desk.sessions.of(await desk.caller(new))) == 1
    with pytest.raises(WrongPassword):
        await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert await desk.sessions.sign_in(ana.email, BETTER, *HERE)


async def test_a_password_is_not_changed_without_the_old_one_or_to_one_that_will_not_do(desk, ana):
    with pytest.raises(WrongPassword):
        await desk.sessions.change_password(ana, "not the old one", BETTER)
    for poor in ("short", "ana@example.org", "The Harbour Gazette"):
        with pytest.raises(Invalid) as refused:
            await desk.sessions.change_password(ana, GOOD, poor)
        assert refused.value.field == "new"
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)


async def test_of_two_who_change_the_password_at_once_one_does(desk, ana):
    tokens = [await desk.sessions.sign_in(ana.email, GOOD, *HERE) for _ in range(2)]
    callers = [await desk.caller(token) for token in tokens]
    ended = await asyncio.gather(
        *(desk.sessions.change_password(who, GOOD, f"{BETTER} {n}") for n, who in enumerate(callers)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, str) for one in ended) == [False, True]
    assert len(await desk.rows("select 1 from sessions")) == 1


async def test_a_session_opened_while_the_password_changes_does_not_outlive_the_change(desk, ana):
    async def sign_in():
        try:
            return await desk.sessions.sign_in(ana.email, GOOD, *HERE)
        except WrongPassword:
            return ""

    *opened, new = await asyncio.gather(
        *(sign_in() for _ in range(5)), desk.sessions.change_password(ana, GOOD, BETTER)
    )
    assert [token for token in opened if await desk.sessions.caller_of(token)] == []
    assert await desk.sessions.caller_of(new)


async def test_who_signs_in_while_the_password_is_being_changed_waits_and_is_refused(desk, ana):
    async with desk.store.everywhere() as db:
        await db.execute(text("update passwords set hash = :hash"), {"hash": "another"})
        coming = asyncio.create_task(desk.sessions.sign_in(ana.email, GOOD, *HERE))
        done, _ = await asyncio.wait({coming}, timeout=0.5)
        assert not done
    with pytest.raises(WrongPassword):
        await coming
    assert len(await desk.sessions.of(ana)) == 1


async def test_a_person_of_two_workspaces_goes_from_one_to_the_other_under_a_new_token(desk, ana):
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(ana, otto.email, "viewer")
    caller = await desk.caller(await desk.invitations.join(otto, link))
    assert (caller.workspace_id, caller.role) == (ana.workspace_id, "viewer")
    assert [w.here for w in await desk.sessions.workspaces(caller)] == [False, True]
    back = await desk.caller(await desk.sessions.enter(caller, otto.workspace_id))
    assert (back.workspace_id, back.role) == (otto.workspace_id, "owner")
    assert len(await desk.sessions.of(back)) == 1


async def test_nobody_enters_a_workspace_that_they_do_not_belong_to(desk, ana):
    otto = await desk.elsewhere()
    for number in (otto.workspace_id, 999_999, 0, 2**70):
        with pytest.raises(NotFound, match="no such workspace"):
            await desk.sessions.enter(ana, number)
    assert (await desk.sessions.of(ana))[0].here


async def test_who_belongs_nowhere_any_more_is_told_what_a_stranger_is_told(desk, ana):
    ben = await desk.joined(ana, "Ben", "editor")
    await desk.people.remove(ana, ben.person_id)
    with pytest.raises(WrongPassword):
        await desk.sessions.sign_in(ben.email, GOOD, *HERE)


async def test_a_hash_that_has_become_weak_is_renewed_when_the_password_is_shown(desk, ana):
    weak = await desk.rows("select hash from passwords")
    stronger = type(desk.hasher.current_hasher)(time_cost=2, memory_cost=8, parallelism=1)
    desk.hasher.hashers = [stronger]
    desk.hasher.current_hasher = stronger
    await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    (kept,) = await desk.rows("select hash from passwords")
    assert [kept] != weak
    assert "t=2" in desk.sealer.open(kept.hash, "installation|passwords|any|hash")
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert await desk.rows("select hash from passwords") == [kept]
