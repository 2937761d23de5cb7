"""The throttle (P14): ten checked guesses an account and fifty an address in a quarter of an hour."""

import asyncio
from datetime import timedelta
from time import process_time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from nightdesk.desk.people import TooManyGuesses, WrongPassword
from nightdesk.desk.people.guesses import SPAN, network_of
from people.desk_of_people import BETTER, GOOD, HERE


async def guess(desk, email="ana@example.org", password="not the password", address="192.0.2.1"):
    try:
        return await desk.sessions.sign_in(email, password, address, "script")
    except WrongPassword:
        return "wrong"
    except TooManyGuesses:
        return "not checked"


async def test_of_a_thousand_guesses_at_once_ten_are_checked(desk, ana):
    """Each from an address of its own."""
    before = desk.hasher.checks
    told = await asyncio.gather(*(guess(desk, address=f"10.1.{n // 250}.{n % 250}") for n in range(1000)))
    assert desk.hasher.checks - before == 10
    assert (told.count("wrong"), told.count("not checked")) == (10, 990)


async def test_a_guess_whose_turn_does_not_come_is_not_checked(desk, ana):
    assert await guess(desk) == "wrong"
    async with desk.store.everywhere() as db:
        await db.execute(text("select 1 from guesses for update"))
        assert await guess(desk, password=GOOD) == "not checked"
    assert desk.hasher.checks == 1


async def test_an_address_that_is_nobodys_is_held_back_just_so(desk, ana):
    told = [await guess(desk, "nobody@example.org", address=f"10.2.0.{n}") for n in range(12)]
    assert told == ["wrong"] * 10 + ["not checked"] * 2
    assert desk.hasher.checks == 10


async def test_from_one_address_fifty_are_checked_whatever_the_accounts(desk, ana):
    told = await asyncio.gather(*(guess(desk, f"person{n}@example.org") for n in range(60)))
    assert (told.count("wrong"), told.count("not checked")) == (50, 10)
    assert await guess(desk, password=GOOD) == "not checked"
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)


async def test_the_right_password_is_not_checked_either_until_the_time_that_is_told(desk, ana):
    for n in range(10):
        assert await guess(desk) == "wrong"
        desk.clock.move(60 if n < 9 else 0)
    with pytest.raises(TooManyGuesses) as held:
        await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert held.value.until == desk.clock.now() + SPAN - timedelta(minutes=9)
    desk.clock.move((held.value.until - desk.clock.now()).total_seconds() - 1)
    assert await guess(desk, password=GOOD) == "not checked"
    desk.clock.move(1)
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)


async def test_in_no_quarter_of_an_hour_are_more_than_ten_checked(desk, ana):
    """Also across the borders of any window that one might count in."""
    checked = []
    for _ in range(160):
        desk.clock.move(30)
        if await guess(desk) == "wrong":
            checked.append(desk.clock.now())
    assert len(checked) > 40
    for first in checked:
        assert len([at for at in checked if first <= at < first + SPAN]) <= 10


async def test_a_held_account_keeps_the_sessions_that_its_owner_has(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    for _ in range(11):
        await guess(desk)
    assert await desk.sessions.caller_of(token)


async def test_right_passwords_are_no_guesses(desk, ana):
    for _ in range(60):
        await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert await desk.rows("select subject from guesses where checked <> '{}'") == []


async def test_a_right_password_does_not_forgive_the_wrong_ones_before(desk, ana):
    """Else whoever guesses would have ten more each time that the owner comes in."""
    for n in range(9):
        desk.clock.move(1)
        assert await guess(desk, address=f"10.3.0.{n}") == "wrong"
    assert await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    assert [await guess(desk), await guess(desk)] == ["wrong", "not checked"]


async def test_guesses_at_the_old_password_are_counted_too(desk, ana):
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await desk.sessions.change_password(ana, "not the password", BETTER)
    with pytest.raises(TooManyGuesses):
        await desk.sessions.change_password(ana, GOOD, BETTER)


async def test_what_was_counted_is_cleared_away_when_it_counts_no_more(desk, ana):
    for n in range(15):
        await guess(desk, f"person{n}@example.org")
    desk.clock.move(2 * SPAN.total_seconds() + 1)
    await guess(desk)
    assert len(await desk.rows("select 1 from guesses")) == 2


def test_an_ipv6_subscriber_is_one_address_and_a_mapped_one_is_its_ipv4():
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("") == network_of("")
    assert len(network_of("x" * 5000)) < 200


async def test_a_wrong_password_and_an_unknown_address_take_the_same_time(desk, ana):
    """In processor time, which others on the machine do not lengthen: the quickest of each, in turns."""
    desk.hasher.hashers[0]._hasher = PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1)
    await desk.sessions.change_password(ana, GOOD, BETTER)
    took = {"ana@example.org": [], "nobody@example.org": []}
    for _ in range(25):
        desk.clock.move(SPAN.total_seconds())
        for email, seconds in took.items():
            begun = process_time()
            assert await guess(desk, email) == "wrong"
            seconds.append(process_time() - begun)
    known, unknown = (min(seconds) for seconds in took.values())
    assert abs(known - unknown) < 0.25 * known
