"""A log-in is renewed once, however many want it at the same time, and is never lost on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from sqlalchemy import update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount, Openings
from nightdesk.desk.accounts.renewing import Renewals
from nightdesk.desk.people.roles import Operator
from nightdesk.kit.clock import SetClock, SystemClock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Login, Renewed
from nightdesk.publishers.calling import Caller
from nightdesk.publishers.oauth import Ask, Endpoint, Tokens, refreshing
from nightdesk.rehearsal.logins import CLIENT, Logins
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account


class TokenPlatform(FakePlatform):
    """A platform that does nothing but renew log-ins."""

    name = "tokens"

    def __init__(self) -> None:
        super().__init__()
        self.logins = Logins(self.clock, rotating=True)

    async def answer(self, request: Request) -> Answer:
        return self.logins.answer(request)

    def posts(self) -> list[object]:
        return []


@dataclass
class Desk:
    """An account of a desk at a platform; `logged_in` opens its tokens as a process of its own does."""

    openings: Openings
    served: Served
    account: Account

    @property
    def logins(self) -> Logins:
        return self.served.platform.logins

    async def row(self) -> Account:
        async with self.openings.store.workspace(self.account.workspace_id) as session:
            return await session.get_one(Account, (self.account.workspace_id, self.account.id))

    async def kept(self) -> dict[str, str]:
        return await self.openings.secrets(await self.row())

    async def keep(self, secrets: dict[str, str]) -> None:
        sealed = await self.openings.sealed(self.account, secrets)
        async with self.openings.store.workspace(self.account.workspace_id) as session:
            of_it = (Account.workspace_id == self.account.workspace_id, Account.id == self.account.id)
            await session.execute(update(Account).where(*of_it).values(sealed=sealed, failures=0))

    async def logged_in(self, store: Store | None = None, clock: SetClock | None = None) -> "LoggedIn":
        openings = replace(self.openings, store=store or self.openings.store)
        renewals = Renewals(openings, self.account)
        login = Login(self.account.workspace_id, "it", {}, await self.kept(), renewals.renew)
        caller = Caller(self.served.guard(), SystemClock(), name="tokens", title="Tokens", seconds=5)
        endpoint = Endpoint(f"{self.served.address}/token", "Tokens")
        ask = refreshing(caller, endpoint, CLIENT, clock or SystemClock())
        return LoggedIn(caller, ask, login, Tokens(login, ask, clock or SystemClock()))


@dataclass
class LoggedIn:
    caller: Caller
    ask: Ask
    login: Login
    tokens: Tokens

    async def aclose(self) -> None:
        await self.caller.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House, alice: Tenant) -> AsyncIterator[Desk]:
    shown = await house.desk.accounts.connect(
        Operator(alice.workspace), NewAccount("folder", "Log-in", {"folder": "log-in"})
    )
    account = Account(workspace_id=alice.workspace, id=shown.id, platform="folder", name="Log-in")
    async with serving(TokenPlatform()) as served:
        found = Desk(house.desk.accounts._openings, served, account)
        await found.keep(found.logins.connected("alice"))
        yield found


async def test_two_desks_that_renew_at_once_ask_the_platform_once(desk: Desk, house: House):
    other = Store(house.store.url, pool_size=2)
    try:
        async with (
            aclosing(await desk.logged_in()) as one,
            aclosing(await desk.logged_in(other)) as two,
            aclosing(await desk.logged_in(other)) as three,
        ):
            got = await asyncio.gather(*(each.tokens.access() for each in (one, two, three)))
    finally:
        await other.close()
    assert desk.logins.renewals == 1
    assert set(got) == {(await desk.kept())["access_token"]}


async def test_the_new_pair_is_kept_before_it_is_used_and_the_next_renewal_uses_it(desk: Desk):
    async with aclosing(await desk.logged_in()) as one:
        first = await one.tokens.access()
        assert (await desk.kept())["access_token"] == first
        assert await one.tokens.access() == first
        assert await one.tokens.renewed() != first
    assert desk.logins.renewals == 2


async def test_a_token_that_ends_soon_is_renewed_before_it_is_used(desk: Desk):
    clock = SetClock(SystemClock().now())
    async with aclosing(await desk.logged_in(clock=clock)) as one:
        first = await one.tokens.access()
        clock.move(3600 - 600)
        assert await one.tokens.access() == first
        clock.move(400)
        assert await one.tokens.access() != first


async def test_who_was_told_that_its_token_is_void_takes_what_another_renewed(desk: Desk):
    async with aclosing(await desk.logged_in()) as one:
        await one.tokens.access()
        async with aclosing(await desk.logged_in()) as two:
            assert await one.tokens.renewed() == await two.tokens.renewed()
    assert desk.logins.renewals == 2


async def test_a_log_in_counts_as_lost_only_when_it_was_declined_twice(desk: Desk):
    desk.logins.revoke("alice")
    async with aclosing(await desk.logged_in()) as one:
        with pytest.raises(Later, match="asked once more") as first:
            await one.tokens.access()
        assert first.value.seconds == 60
        with pytest.raises(NeedsPerson, match="expired or revoked"):
            await one.tokens.access()
    assert (await desk.row()).failures == 2
    await desk.keep(desk.logins.connected("alice"))
    async with aclosing(await desk.logged_in()) as one:
        assert await one.tokens.access()


async def test_what_another_kept_meanwhile_outweighs_that_the_platform_declined(desk: Desk):
    """As where whoever held the lock lost its connection to the database, and another renewed after it."""
    async with aclosing(await desk.logged_in()) as one:

        async def ask(kept: object) -> Renewed:
            renewed = await one.ask(kept, None)
            await desk.keep({**kept, **renewed.secrets})
            return await one.ask(kept, None)

        got = await one.login.renew(await desk.kept(), ask)
    assert got == await desk.kept()
    assert (await desk.row()).failures == 0


async def test_what_a_person_gives_while_it_is_renewed_is_not_written_over(desk: Desk):
    given = desk.logins.connected("alice")
    async with aclosing(await desk.logged_in()) as one:

        async def ask(kept: object) -> Renewed:
            renewed = await one.ask(kept, None)
            await desk.keep(given)
            return renewed

        assert await one.login.renew(await desk.kept(), ask) == given
    assert await desk.kept() == given


async def test_a_caller_that_is_broken_off_still_keeps_what_is_under_way(desk: Desk):
    async with aclosing(await desk.logged_in()) as one:
        asked = asyncio.Event()

        async def ask(kept: object) -> Renewed:
            renewed = await one.ask(kept, None)
            asked.set()
            await asyncio.sleep(0.05)
            return renewed

        task = asyncio.create_task(one.login.renew(await desk.kept(), ask))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with aclosing(await desk.logged_in()) as two:
        assert await two.tokens.access() == (await desk.kept())["access_token"]
    assert desk.logins.renewals == 1


@pytest.mark.parametrize("fault", ["refused", "busy", "html", "too_many", "taken_then_truncated"])
async def test_an_endpoint_that_is_away_is_for_later_and_counts_against_nobody(desk: Desk, fault: str):
    desk.served.platform.faults.strike(fault)
    async with aclosing(await desk.logged_in()) as one:
        with pytest.raises(Later):
            await one.tokens.access()
    assert (await desk.row()).failures == 0


@pytest.mark.parametrize("basic", [False, True])
async def test_the_client_says_who_it_is_as_the_platform_wants_it(desk: Desk, basic: bool):
    async with aclosing(await desk.logged_in()) as one:
        endpoint = Endpoint(f"{desk.served.address}/token", "Tokens", basic=basic)
        renewed = await refreshing(one.caller, endpoint, CLIENT, SystemClock())(await desk.kept(), None)
        assert renewed.secrets["refresh_token"] != one.login.secrets["refresh_token"]
        wrong = refreshing(one.caller, endpoint, "another", SystemClock())
        with pytest.raises(NeedsPerson, match="invalid_client"):
            await wrong(await desk.kept(), None)
