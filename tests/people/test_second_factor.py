"""The second factor: set up with an app, asked for after the password, each code taken once, and lost."""

import asyncio
import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.people import (
    CODE_WITHIN,
    AppSilenced,
    CodeUsed,
    CodeWanted,
    NotAllowed,
    Operator,
    SecondFactorWanted,
    SignInOver,
    TooManyGuesses,
    WrongCode,
    WrongPassword,
)
from nightdesk.desk.people.codes import MOST_MISSES
from nightdesk.desk.people.second_factor import SET_UP_WITHIN
from nightdesk.desk.people.totp import step_of
from nightdesk.kit.sealing import SealBroken, Sealer
from people.desk_of_people import BETTER, GOOD, HERE, KEY, App, Desk

THERE = ("203.0.113.9", "Safari")


async def with_factor(desk, caller):
    """The caller in the session that goes on, the app, and the recovery codes."""
    app = App(desk.clock, (await desk.second_factors.begin(caller, GOOD)).key)
    confirmed = await desk.second_factors.confirm(caller, app.code())
    desk.clock.move(30)
    return await desk.caller(confirmed.token), app, confirmed.recovery_codes


async def half_way(desk, email="ana@example.org", password=GOOD, place=THERE):
    """The token of a sign-in whose password was right."""
    with pytest.raises(CodeWanted) as wanted:
        await desk.sessions.sign_in(email, password, *place)
    return wanted.value.token


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_codes_are_those_of_the_standard(second, code):
    """RFC 6238, appendix B, of which apps show the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    at = datetime.fromtimestamp(second, UTC)
    assert step_of(secret, code, at) == second // 30
    assert step_of(secret, code, at + timedelta(seconds=60)) is None
    assert step_of(secret, code, at + timedelta(days=1)) is None


async def test_it_holds_only_when_a_code_of_the_app_confirmed_it(desk, ana):
    shown = await desk.second_factors.begin(ana, GOOD)
    asked = parse_qs(urlsplit(shown.address).query)
    assert (asked["secret"], asked["issuer"], asked["period"]) == ([shown.key], ["Nightdesk"], ["30"])
    assert "ana%40example.org" in shown.address
    assert len(base64.b32decode(shown.key)) == 20
    with pytest.raises(WrongCode):
        await desk.second_factors.confirm(ana, "000000")
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    ana, _, codes = await with_factor(desk, ana)
    state = await desk.second_factors.state(ana)
    assert (state.since is not None, state.codes_left) == (True, 10)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


async def test_setting_it_up_needs_the_password_and_is_over_after_a_while(desk, ana):
    with pytest.raises(WrongPassword):
        await desk.second_factors.begin(ana, "not the password")
    assert await desk.rows("select 1 from second_factors") == []
    app = App(desk.clock, (await desk.second_factors.begin(ana, GOOD)).key)
    desk.clock.move(SET_UP_WITHIN.total_seconds())
    with pytest.raises(Conflict, match="begin once more"):
        await desk.second_factors.confirm(ana, app.code())


async def test_turning_it_on_ends_the_sessions_that_were_opened_without_it(desk, ana):
    other = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    mine, _, _ = await with_factor(desk, ana)
    assert mine.second_factor
    assert await desk.sessions.caller_of(other) is None
    assert [one.here for one in await desk.sessions.of(mine)] == [True]
    with pytest.raises(Conflict, match="on already"):
        await desk.second_factors.begin(mine, GOOD)


async def test_a_session_opened_while_it_is_turned_on_does_not_outlive_that(desk, ana):
    app = App(desk.clock, (await desk.second_factors.begin(ana, GOOD)).key)

    async def sign_in():
        try:
            return await desk.sessions.sign_in(ana.email, GOOD, *HERE)
        except CodeWanted:
            return ""

    confirmed, *opened = await asyncio.gather(
        desk.second_factors.confirm(ana, app.code()), *(sign_in() for _ in range(6))
    )
    assert [token for token in opened if await desk.sessions.caller_of(token)] == []
    assert await desk.sessions.caller_of(confirmed.token)


async def test_after_the_password_a_code_is_asked_for_and_then_a_session_opened(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    token = await half_way(desk)
    assert await desk.sessions.is_waiting(token)
    assert await desk.sessions.caller_of(token) is None
    caller = await desk.caller(
        await desk.sessions.finish(token, f" {app.code()[:3]} {app.code()[3:]}", *THERE)
    )
    assert (caller.person_id, caller.second_factor, caller.address) == (ana.person_id, True, THERE[0])
    assert not await desk.sessions.is_waiting(token)
    with pytest.raises(SignInOver):
        await desk.sessions.finish(token, app.code(), *THERE)


async def test_what_lies_between_password_and_code_is_kept_as_a_hash_and_ends_after_ten_minutes(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    token = await half_way(desk)
    assert token not in str(await desk.rows("select * from sign_ins"))
    desk.clock.move(CODE_WITHIN.total_seconds())
    assert not await desk.sessions.is_waiting(token)
    with pytest.raises(SignInOver):
        await desk.sessions.finish(token, app.code(), *THERE)
    for nothing in ("", "x" * 32, "\0" * 32):
        assert not await desk.sessions.is_waiting(nothing)
    await desk.sessions.finish(await half_way(desk), app.code(), *THERE)
    assert await desk.rows("select 1 from sign_ins") == []


async def test_a_stranger_and_a_wrong_password_are_told_the_same_whether_there_is_a_factor_or_not(desk, ana):
    await with_factor(desk, ana)
    before = desk.hasher.checks
    for email in (ana.email, "nobody@example.org"):
        with pytest.raises(WrongPassword) as refused:
            await desk.sessions.sign_in(email, "not the password", *THERE)
        assert str(refused.value) == str(WrongPassword())
    assert desk.hasher.checks - before == 2
    assert await desk.rows("select 1 from sign_ins") == []


async def test_a_code_is_good_for_one_step_before_and_after_and_no_further(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    desk.clock.move(300)
    for steps in (-2, 2):
        with pytest.raises(WrongCode):
            await desk.sessions.finish(await half_way(desk), app.code(steps), *THERE)
    for steps in (-1, 0, 1):
        assert await desk.sessions.finish(await half_way(desk), app.code(steps), *THERE)


async def test_a_code_is_taken_once_and_a_second_use_is_logged_and_told_to_its_holder(desk, ana, caplog):
    _, app, _ = await with_factor(desk, ana)
    code = app.code()
    first = await desk.caller(await desk.sessions.finish(await half_way(desk), code, *HERE))
    with pytest.raises(CodeUsed):
        await desk.sessions.finish(await half_way(desk), code, *THERE)
    (line,) = [one for one in caplog.records if getattr(one, "action", "") == "code_reused"]
    assert (line.person, line.address) == (ana.person_id, THERE[0])
    assert code not in str(line.__dict__)
    desk.clock.move(30)
    again = await desk.caller(await desk.sessions.finish(await half_way(desk), app.code(), *HERE))
    told = [(one.deed, one.address, one.news) for one in await desk.sessions.changes(again)]
    assert told[0] == ("code_reused", THERE[0], True)
    assert first.person_id == again.person_id


async def test_the_code_that_confirmed_the_app_opens_nothing(desk, ana):
    app = App(desk.clock, (await desk.second_factors.begin(ana, GOOD)).key)
    await desk.second_factors.confirm(ana, app.code())
    with pytest.raises(CodeUsed):
        await desk.sessions.finish(await half_way(desk), app.code(), *THERE)


async def test_of_many_who_come_with_the_same_code_at_once_one_comes_in(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    tokens = [await half_way(desk) for _ in range(6)]
    ended = await asyncio.gather(
        *(desk.sessions.finish(token, app.code(), *THERE) for token in tokens), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["CodeUsed"] * 5 + ["str"]


async def test_guesses_at_the_code_count_with_those_at_the_password(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    for _ in range(4):
        with pytest.raises(WrongPassword):
            await desk.sessions.sign_in(ana.email, "not the password", *THERE)
    token = await half_way(desk)
    for _ in range(6):
        with pytest.raises(WrongCode):
            await desk.sessions.finish(token, "000000", *THERE)
    for code in (app.code(), "000000"):
        with pytest.raises(TooManyGuesses):
            await desk.sessions.finish(token, code, *THERE)
    with pytest.raises(TooManyGuesses):
        await desk.sessions.sign_in(ana.email, GOOD, *HERE)


async def test_of_a_hundred_codes_at_once_ten_are_checked(desk, ana):
    await with_factor(desk, ana)
    token = await half_way(desk)
    ended = await asyncio.gather(
        *(desk.sessions.finish(token, f"{n:06}", f"10.4.0.{n}", "script") for n in range(100)),
        return_exceptions=True,
    )
    assert sorted({type(one) for one in ended}, key=str) == sorted({TooManyGuesses, WrongCode}, key=str)
    assert sum(isinstance(one, WrongCode) for one in ended) == 10


async def test_right_passwords_and_codes_are_no_guesses(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    for _ in range(12):
        desk.clock.move(30)
        assert await desk.sessions.finish(await half_way(desk), app.code(), *HERE)
    assert await desk.rows("select subject from guesses where checked <> '{}'") == []


async def test_after_a_hundred_wrong_codes_in_a_row_the_app_is_silent_until_a_recovery_code(desk, ana):
    _, app, codes = await with_factor(desk, ana)
    for n in range(MOST_MISSES):
        if n % 10 == 0:
            desk.clock.move(timedelta(minutes=16).total_seconds())
            token = await half_way(desk)
        with pytest.raises(WrongCode):
            await desk.sessions.finish(token, "no code", *THERE)
    desk.clock.move(timedelta(minutes=16).total_seconds())
    with pytest.raises(AppSilenced, match="recovery code"):
        await desk.sessions.finish(await half_way(desk), app.code(), *HERE)
    assert await desk.sessions.finish(await half_way(desk), codes[0], *HERE)
    desk.clock.move(30)
    again = await desk.caller(await desk.sessions.finish(await half_way(desk), app.code(), *HERE))
    assert "recovery_code_used" in {one.deed for one in await desk.sessions.changes(again) if one.news}


async def test_many_wrong_codes_are_told_at_the_next_sign_in_and_a_slip_is_not(desk, ana):
    _, app, _ = await with_factor(desk, ana)

    async def news():
        caller = await desk.caller(await desk.sessions.finish(await half_way(desk), app.code(), *HERE))
        desk.clock.move(30)
        return [(one.deed, one.address) for one in await desk.sessions.changes(caller) if one.news]

    assert await news() == [("second_factor_on", HERE[0])]
    for misses, told in ((1, []), (3, [("code_refused", THERE[0])]), (0, [])):
        token = await half_way(desk)
        for _ in range(misses):
            with pytest.raises(WrongCode):
                await desk.sessions.finish(token, "000000", *THERE)
        assert await news() == told


async def test_a_recovery_code_works_once_however_it_is_typed(desk, ana):
    _, _, codes = await with_factor(desk, ana)
    typed = codes[3].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    caller = await desk.caller(await desk.sessions.finish(await half_way(desk), typed, *THERE))
    assert caller.second_factor
    assert (await desk.second_factors.state(caller)).codes_left == 9
    with pytest.raises(WrongCode):
        await desk.sessions.finish(await half_way(desk), codes[3], *THERE)
    told = [(one.deed, one.address) for one in await desk.sessions.changes(caller) if one.news]
    assert told[0] == ("recovery_code_used", THERE[0])


async def test_of_several_who_come_with_a_recovery_code_at_once_one_comes_in(desk, ana):
    _, _, codes = await with_factor(desk, ana)
    tokens = [await half_way(desk) for _ in range(4)]
    ended = await asyncio.gather(
        *(desk.sessions.finish(token, codes[0], *THERE) for token in tokens), return_exceptions=True
    )
    assert sum(isinstance(one, str) for one in ended) == 1


async def test_neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database(desk, ana):
    _, app, codes = await with_factor(desk, ana)
    kept = str(await desk.rows("select * from second_factors, recovery_codes"))
    assert app.secret not in kept
    assert all(code not in kept and code.replace("-", "") not in kept for code in codes)
    (row,) = await desk.rows("select sealed from second_factors")
    with pytest.raises(SealBroken):
        desk.sealer.open(row.sealed, "installation|second_factors|999|sealed")


async def test_after_a_change_of_key_the_secret_is_sealed_anew_when_a_code_is_given(desk, ana):
    _, app, _ = await with_factor(desk, ana)
    new = "the new key of this installation"
    changed = Desk(desk.store, desk.clock, desk.hasher, Sealer([new, KEY]))
    assert await changed.sessions.finish(await half_way(changed), app.code(), *HERE)
    (row,) = await desk.rows("select sealed from second_factors")
    assert Sealer([new]).open(row.sealed, f"installation|second_factors|{ana.person_id}|sealed") == app.secret


async def test_new_recovery_codes_void_those_before_and_need_password_and_code(desk, ana):
    mine, app, old = await with_factor(desk, ana)
    for password, code, error in (("not it", app.code(), WrongPassword), (GOOD, "000000", WrongCode)):
        with pytest.raises(error):
            await desk.second_factors.renew_codes(mine, password, code)
    new = await desk.second_factors.renew_codes(mine, GOOD, app.code())
    assert not set(new) & set(old)
    with pytest.raises(WrongCode):
        await desk.sessions.finish(await half_way(desk), old[0], *THERE)
    assert await desk.sessions.finish(await half_way(desk), new[0], *THERE)


async def test_it_is_turned_off_by_password_and_code_and_by_neither_alone(desk, ana):
    mine, app, codes = await with_factor(desk, ana)
    for password, code, error in (("not it", app.code(), WrongPassword), (GOOD, "000000", WrongCode)):
        with pytest.raises(error):
            await desk.second_factors.turn_off(mine, password, code)
    assert (await desk.second_factors.state(mine)).since
    waiting = await half_way(desk)
    await desk.second_factors.turn_off(mine, GOOD, codes[0])
    assert (await desk.second_factors.state(mine)).since is None
    assert not await desk.sessions.is_waiting(waiting)
    caller = await desk.signed_in(mine.email)
    assert not caller.second_factor
    assert await desk.rows("select 1 from recovery_codes") == []
    told = {one.deed for one in await desk.sessions.changes(caller) if one.news}
    assert {"second_factor_off", "recovery_code_used"} <= told


async def test_a_wrong_code_beside_the_right_password_is_one_guess(desk, ana):
    mine, _, _ = await with_factor(desk, ana)
    for _ in range(10):
        with pytest.raises(WrongCode):
            await desk.second_factors.turn_off(mine, GOOD, "000000")
    with pytest.raises(TooManyGuesses):
        await desk.second_factors.turn_off(mine, GOOD, "000000")


async def test_no_way_in_passes_by_the_second_factor(desk, ana):
    mine, app, _ = await with_factor(desk, ana)
    link = await desk.invitations.reset(Operator(ana.workspace_id), ana.email)
    with pytest.raises(CodeWanted) as by_reset:
        await desk.invitations.accept(link, "", BETTER, "", "", *THERE)
    assert await desk.sessions.caller_of(by_reset.value.token) is None
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(otto, ana.email, "editor")
    with pytest.raises(CodeWanted) as by_invitation:
        await desk.accept(link, "", BETTER)
    assert await desk.sessions.caller_of(mine.email) is None
    assert len(await desk.rows("select 1 from sessions where person_id = :p", p=ana.person_id)) == 0
    caller = await desk.caller(await desk.sessions.finish(by_invitation.value.token, app.code(), *THERE))
    assert (caller.workspace_id, caller.role) == (otto.workspace_id, "editor")
    back = await desk.caller(await desk.sessions.enter(caller, ana.workspace_id))
    assert back.second_factor


async def test_a_changed_password_ends_sign_ins_that_wait_for_their_code(desk, ana):
    mine, app, _ = await with_factor(desk, ana)
    waiting = await half_way(desk)
    changed = await desk.caller(await desk.sessions.change_password(mine, GOOD, BETTER))
    assert changed.second_factor
    with pytest.raises(SignInOver):
        await desk.sessions.finish(waiting, app.code(), *THERE)


async def test_an_owner_takes_it_off_a_member_who_lost_the_device(desk, ana):
    ben, _, _ = await with_factor(desk, await desk.joined(ana, "Ben", "editor"))
    assert await desk.second_factors.holders(ana) == {ben.person_id}
    await desk.second_factors.take_off(ana, ben.person_id)
    assert await desk.rows("select 1 from sessions where person_id = :p", p=ben.person_id) == []
    (deed,) = [one for one in await desk.people.deeds(ana) if one.deed == "second_factor_taken_off"]
    assert (deed.who, deed.about) == ("Ana", ben.email)
    again = await desk.signed_in(ben.email)
    assert "second_factor_taken_off" in {one.deed for one in await desk.sessions.changes(again) if one.news}
    with pytest.raises(NotFound):
        await desk.second_factors.take_off(ana, ben.person_id)


async def test_nobody_else_takes_it_off_and_nobody_beyond_the_workspace(desk, ana):
    mine, _, _ = await with_factor(desk, ana)
    ben = await desk.joined(mine, "Ben", "editor")
    otto = await desk.elsewhere()
    for who, whose, error in ((ben, mine, NotAllowed), (otto, mine, NotFound), (mine, mine, Conflict)):
        with pytest.raises(error):
            await desk.second_factors.take_off(who, whose.person_id)
    with pytest.raises(NotAllowed):
        await desk.second_factors.holders(ben)
    for number in (0, 2**70):
        with pytest.raises(NotFound):
            await desk.second_factors.take_off(otto, number)
    await desk.invitations.join(otto, await desk.invitations.invite(mine, otto.email, "viewer"))
    link = await desk.invitations.invite(Operator(otto.workspace_id), mine.email, "viewer")
    caller = await desk.caller(await desk.invitations.join(mine, link))
    assert caller.second_factor
    token = await desk.sessions.enter(await desk.signed_in(otto.email), otto.workspace_id)
    with pytest.raises(Conflict, match="another workspace"):
        await desk.second_factors.take_off(await desk.caller(token), mine.person_id)
    await desk.second_factors.take_off(Operator(otto.workspace_id), mine.person_id)
    assert await desk.rows("select 1 from second_factors") == []


async def test_an_owner_may_want_it_of_owners_and_editors_and_then_nothing_else_is_done_before(desk, ana):
    with pytest.raises(Conflict, match="your own"):
        await desk.second_factors.want(ana, True)
    ana, _, _ = await with_factor(desk, ana)
    owner = await desk.joined(ana, "Olga", "owner")
    ben = await desk.joined(ana, "Ben", "editor")
    vera = await desk.joined(ana, "Vera", "viewer")
    assert not await desk.second_factors.wanted(ana.workspace_id)
    await desk.second_factors.want(ana, True)
    await desk.second_factors.want(ana, True)
    assert await desk.second_factors.wanted(ana.workspace_id)
    held = {}
    for who in (owner, ben, vera):
        token = await desk.sessions.sign_in(who.email, GOOD, *HERE)
        held[who.name] = await desk.sessions.whoever(token)
        assert (await desk.sessions.caller_of(token) is None) is (who is not vera)
    assert [who.held for who in held.values()] == [True, True, False]
    olga = held["Olga"]
    for done in (
        desk.people.change_role(olga, ben.person_id, "viewer"),
        desk.people.remove(olga, ben.person_id),
        desk.people.deeds(olga),
        desk.people.create_key(olga.workspace_id, "mine", olga),
        desk.people.revoke_key(olga.workspace_id, 1, olga),
        desk.invitations.invite(olga, "zoe@example.org", "owner"),
        desk.invitations.waiting(olga),
        desk.invitations.withdraw(olga, 1),
        desk.second_factors.take_off(olga, ana.person_id),
        desk.second_factors.want(olga, False),
    ):
        with pytest.raises(SecondFactorWanted):
            await done
    free, _, _ = await with_factor(desk, olga)
    await desk.people.change_role(free, ben.person_id, "viewer")
    assert [one.deed for one in await desk.people.deeds(ana)].count("second_factor_wanted") == 1


async def test_it_is_wanted_from_the_next_request_on_and_until_it_is_no_longer(desk, ana):
    ana, app, _ = await with_factor(desk, ana)
    token = await desk.accept(await desk.invitations.invite(ana, "ben@example.org", "editor"))
    await desk.second_factors.want(ana, True)
    assert await desk.sessions.caller_of(token) is None
    assert await desk.sessions.caller_of(await desk.sessions.finish(await half_way(desk), app.code(), *HERE))
    desk.clock.move(30)
    await desk.second_factors.turn_off(ana, GOOD, app.code())
    mine = await desk.sessions.whoever(await desk.sessions.sign_in(ana.email, GOOD, *HERE))
    assert mine.held
    await desk.second_factors.want(Operator(ana.workspace_id), False)
    assert await desk.sessions.caller_of(token)
