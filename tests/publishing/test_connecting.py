"""An account is connected by its owner's consent: once for each time it was begun, and by nobody else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import AccountChanges, NotConnected
from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.people import NotAllowed, Operator
from nightdesk.desk.people.roles import Caller
from nightdesk.desk.resealing import reseal_all
from nightdesk.kit.clock import SetClock
from nightdesk.kit.sealing import Sealer
from nightdesk.publishers import KINDS
from nightdesk.publishers.consent import GOOGLE, META, TIKTOK, X
from nightdesk.rehearsal.consents import FakeConsent
from nightdesk.rehearsal.serving import serving
from publishing.consenting import CLIENT, HOME, NOON, SECRET, Office, kind


@pytest_asyncio.fixture(loop_scope="session")
async def office(house: House, alice: Tenant, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setitem(KINDS, "x", kind())  # type: ignore[misc]
    clock = SetClock(NOON)
    async with serving(FakeConsent(clock)) as served:
        yield Office(house, served, alice, clock)


def person(tenant: Tenant, number: int, role: Any = "owner") -> Caller:
    """Somebody signed in."""
    return Caller(
        tenant.workspace, number, 1, f"P{number}", f"p{number}@desk.test", role, "UTC", "en", "light"
    )


async def fails(office: Office, address: str, why: str, by: Any = None) -> NotConnected:
    """Coming back with that address comes to nothing, for that reason, and nothing is kept."""
    before = [(row.id, row.sealed, row.status) for row in await rows(office)]
    with pytest.raises(NotConnected) as caught:
        await office.connecting.finish_at(by or office.by, address)
    assert caught.value.why == why, str(caught.value)
    assert [(row.id, row.sealed, row.status) for row in await rows(office)] == before
    return caught.value


async def rows(office: Office) -> list[Any]:
    return [await office.row(one.id) for one in await office.accounts.listed(office.tenant.workspace)]


async def test_an_account_is_connected_by_consent_and_looked_at(office: Office) -> None:
    made = await office.begun()
    assert (made.status, made.says) == ("missing_config", "It waits for your consent at X.")
    begun = await office.connecting.begin(office.by, made.id)
    asked = {name: found[0] for name, found in parse_qs(urlsplit(begun.address).query).items()}
    assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, f"{HOME}/accounts/connected")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"].split() == list(X.scopes)
    assert len(asked["state"]) == len(asked["code_challenge"]) == 43
    came = await office.consented(begun.address)
    finished = await office.connecting.finish_at(office.by, came)
    assert (finished.account.status, finished.account.remote_name) == ("connected", "Night channel")
    assert (finished.account.left_today, finished.was) == (5, "")
    kept = await office.secrets(made.id)
    assert kept["client_secret"] == SECRET
    assert kept["refresh_token"].startswith("refresh-Night channel")
    assert finished.account.last_four == f"…{kept['refresh_token'][-4:]}"


async def test_a_state_is_good_once_also_for_two_who_come_at_once(office: Office) -> None:
    made = await office.begun()
    came = await office.asked(made.id)
    ends = await asyncio.gather(
        *(office.connecting.finish_at(office.by, came) for _ in range(4)), return_exceptions=True
    )
    assert [getattr(one, "why", "connected") for one in ends].count("connected") == 1
    assert {one.why for one in ends if isinstance(one, NotConnected)} == {"used"}
    assert office.platform.consents.exchanges == 1
    await fails(office, came, "used")


async def test_who_says_no_there_is_told_so_and_may_try_again(office: Office) -> None:
    made = await office.begun()
    ending = await fails(office, await office.asked(made.id, allow=False), "denied")
    assert ending.account == made.id
    assert office.platform.consents.exchanges == 0
    again = await office.connecting.finish_at(office.by, await office.asked(made.id))
    assert again.account.status == "connected"


@pytest.mark.parametrize(
    "brought",
    ["", "nonsense", "http://[", "http://a/?state=x&code=y", "http://a/?code=y", "http://a/?state="],
)
async def test_an_address_that_was_never_begun_is_not_known(office: Office, brought: str) -> None:
    await office.begun()
    await fails(office, brought, "unknown")
    assert office.platform.consents.exchanges == 0


async def test_a_state_that_was_changed_by_a_letter_is_not_known(office: Office) -> None:
    made = await office.begun()
    came = await office.asked(made.id)
    (state,) = parse_qs(urlsplit(came).query)["state"]
    await fails(office, came.replace(state, state[:-1] + ("a" if state[-1] != "a" else "b")), "unknown")
    assert (await office.connecting.finish_at(office.by, came)).account.status == "connected"


async def test_after_ten_minutes_it_does_not_count_any_more(office: Office) -> None:
    made = await office.begun()
    came = await office.asked(made.id)
    office.clock.move(600)  # type: ignore[attr-defined]
    await fails(office, came, "late")
    assert office.platform.consents.exchanges == 0


async def test_a_code_that_the_platform_does_not_take_any_more_says_so(office: Office) -> None:
    made = await office.begun()
    came = await office.asked(made.id)
    office.platform.consents._codes.clear()
    ending = await fails(office, came, "not_granted")
    assert "not valid, or was used" in str(ending)


async def test_a_platform_that_is_away_when_the_code_is_changed_leaves_all_as_it_was(office: Office) -> None:
    made = await office.connected()
    came = await office.asked(made.id)
    office.platform.faults.strike("taken_then_500", at="POST .*token")
    await fails(office, came, "not_reached")


async def test_only_who_began_it_may_come_back(office: Office, bob: Tenant) -> None:
    made = await office.begun()
    ada, eve = person(office.tenant, 1), person(office.tenant, 2)
    came = await office.asked(made.id, ada)
    await fails(office, came, "foreign", eve)
    await fails(office, came, "used", ada)
    assert office.platform.consents.exchanges == 0
    came = await office.asked(made.id, ada)
    with pytest.raises(NotConnected) as caught:
        await office.connecting.finish_at(Operator(bob.workspace), came)
    assert caught.value.why == "unknown"
    assert (await office.connecting.finish_at(ada, came)).account.status == "connected"


async def test_what_was_begun_at_a_terminal_ends_there_and_a_browser_leaves_it_whole(office: Office) -> None:
    made = await office.begun()
    came = await office.asked(made.id)
    ending = await fails(office, came, "terminal", person(office.tenant, 1))
    assert "paste it there" in str(ending)
    assert (await office.connecting.finish_at(office.by, came)).account.status == "connected"


async def test_only_an_owner_connects_and_only_what_there_is(office: Office, bob: Tenant) -> None:
    made = await office.begun()
    for role in ("viewer", "editor"):
        for asked in (
            office.connecting.begin(person(office.tenant, 1, role), made.id),
            office.connecting.finish(person(office.tenant, 1, role), {"state": "x"}),
        ):
            with pytest.raises(NotAllowed):
                await asked
    for number, by in ((made.id, Operator(bob.workspace)), (10**9, office.by)):
        with pytest.raises(NotFound):
            await office.connecting.begin(by, number)
    came = await office.asked(made.id)
    await office.accounts.remove(office.by, made.id)
    with pytest.raises(NotFound):
        await office.connecting.finish_at(office.by, came)
    assert office.platform.consents.exchanges == 0


async def test_a_client_without_a_number_goes_nowhere(office: Office) -> None:
    made = await office.begun(client_id=" ")
    with pytest.raises(Conflict, match="number of your client"):
        await office.connecting.begin(office.by, made.id)


async def test_permissions_that_were_unticked_are_named_and_nothing_is_kept(office: Office) -> None:
    made = await office.begun()
    office.platform.consents.withheld = {"media.write"}
    ending = await fails(office, await office.asked(made.id), "not_granted")
    assert "media.write is missing" in str(ending)


async def test_connecting_again_puts_the_new_log_in_in_place_of_the_old(office: Office) -> None:
    made = await office.connected()
    before = await office.secrets(made.id)
    await office.put(made.id, status="expired", says="Over.", failures=2, expires_at=NOON)
    office.platform.consents.whole = 86400 * 30
    again = await office.connecting.finish_at(office.by, await office.asked(made.id))
    after, row = await office.secrets(made.id), await office.row(made.id)
    assert (again.account.status, again.was, row.failures) == ("connected", "", 0)
    assert row.expires_at is not None
    assert (row.expires_at - NOON).days == 30
    assert {before[name] for name in ("access_token", "refresh_token")}.isdisjoint(after.values())


async def test_another_account_than_before_is_told(office: Office) -> None:
    made = await office.connected()
    office.platform.consents.person = "Somebody else"
    again = await office.connecting.finish_at(office.by, await office.asked(made.id))
    assert (again.account.remote_name, again.was) == ("Somebody else", "Night channel")


async def test_a_platform_that_declines_a_renewed_log_in_is_found_out_by_looking(office: Office) -> None:
    made = await office.connected()
    office.platform.logins.revoke("Night channel")
    shown = await office.accounts.verify(office.tenant.workspace, made.id)
    assert shown.status == "expired"


async def test_no_secret_is_in_the_database_in_the_clear_nor_in_a_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = await office.begun()
    begun = await office.connecting.begin(office.by, made.id)
    came = await office.consented(begun.address)
    brought = parse_qs(urlsplit(came).query)
    (way,) = [one for one in await office.ways() if one.account_id == made.id]
    opened = await asyncio.to_thread(
        office.openings.sealer.open,
        str(way.sealed),
        f"{office.tenant.workspace}|account_consents|{way.id}|sealed",
    )
    await office.connecting.finish_at(office.by, came)
    canaries = [
        SECRET,
        brought["state"][0],
        brought["code"][0],
        opened,
        *(await office.secrets(made.id)).values(),
    ]
    (used,) = [one for one in await office.ways() if one.account_id == made.id]
    assert (used.sealed, used.used_at is not None) == (None, True)
    stored = " ".join(str(vars(row)) for row in [way, used, await office.row(made.id)])
    shown = str(await office.accounts.show(office.tenant.workspace, made.id))
    requests = [str(one.message) + str(one.__dict__) for one in caplog.records if "nightdesk" in one.name]
    for canary in canaries:
        for text in (stored, shown, *requests):
            assert canary not in text


async def test_a_change_of_key_seals_a_verifier_anew(office: Office) -> None:
    made = await office.begun()
    begun = await office.connecting.begin(office.by, made.id)
    old = office.openings.sealer
    new = Sealer(["fedcba9876543210fedcba9876543210", "0123456789abcdef0123456789abcdef"])
    try:
        assert await reseal_all(office.house.store, new)
        office.openings = replace(office.openings, sealer=new)
        came = await office.consented(begun.address)
        assert (await office.connecting.finish_at(office.by, came)).account.status == "connected"
    finally:
        back = Sealer(["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"])
        assert await reseal_all(office.house.store, back)
        office.openings = replace(office.openings, sealer=old)


async def test_pasting_a_token_still_does_and_settings_keep_what_was_given(office: Office) -> None:
    tokens = office.platform.logins.connected("By hand")
    made = await office.begun(refresh_token=tokens["refresh_token"])
    assert (made.status, made.remote_name) == ("connected", "By hand")
    kept = await office.accounts.change(office.by, made.id, AccountChanges(values={"client_id": CLIENT}))
    assert kept.status == "connected"


@pytest.mark.parametrize(
    ("consent", "home", "away"),
    [(GOOGLE, 43, 43), (X, 43, 43), (TIKTOK, 64, 0), (META, 0, 0)],
    ids=["google", "x", "tiktok", "meta"],
)
def test_each_platform_is_asked_as_its_documentation_says(consent: Any, home: int, away: int) -> None:
    for back, length in (
        (f"{HOME}/accounts/connected", home),
        ("https://desk.test/accounts/connected", away),
    ):
        address = consent.address("the client", back, "the state", "a" * 64)
        assert address.startswith(consent.authorize + "?")
        asked = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
        assert asked[consent.token.client] == "the client"
        assert (asked["redirect_uri"], asked["state"]) == (back, "the state")
        assert len(asked.get("code_challenge", "")) == length
        assert asked["scope"].split(consent.joined) == list(consent.scopes)


def test_a_trial_server_is_asked_in_the_place_of_the_platform_as_a_whole() -> None:
    fields = kind().fields
    moved = X.at(fields, {"api": "http://127.0.0.1:9/2"})
    assert moved.authorize == "http://127.0.0.1:9/i/oauth2/authorize"
    assert moved.token.url == "http://127.0.0.1:9/2/oauth2/token"
    assert X.at(fields, {"api": "https://api.x.com"}) == X
    assert X.at(fields, {}) == X


def test_what_tiktok_is_asked_for_is_what_the_account_does() -> None:
    fields = KINDS["tiktok"].fields
    assert "video.publish" not in TIKTOK.at(fields, {}).scopes
    assert "video.publish" in TIKTOK.at(fields, {"mode": "direct"}).scopes
    assert "video.list" not in TIKTOK.at(fields, {"mode": "direct"}).scopes
    assert "video.list" in TIKTOK.at(fields, {"results": "yes"}).scopes


def test_the_right_to_write_comments_is_asked_for_where_an_account_wishes_it() -> None:
    fields, right = KINDS["instagram"].fields, "instagram_manage_comments"
    assert right not in META.at(fields, {}).scopes
    assert right in META.at(fields, {"comments": "yes"}).scopes


def test_every_platform_that_asks_for_consent_has_the_fields_for_it() -> None:
    asking = {name: one for name, one in KINDS.items() if one.consent is not None}
    assert set(asking) == {"instagram", "youtube", "tiktok", "x"}
    for one in asking.values():
        names = {field.name: field for field in one.fields}
        assert not names[one.consent.field].secret
        assert names["client_secret"].secret
        assert set(one.consent.gives) & set(names)
        assert all(names[name].secret for name in one.consent.gives if name in names)


async def test_the_challenge_is_proved_in_hexadecimal_where_the_platform_wants_that(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = replace(X, challenge="hex", token=replace(X.token, client="client_key"))
    monkeypatch.setitem(KINDS, "x", kind(consent))  # type: ignore[misc]
    office.platform.consents.hexadecimal, office.platform.logins.client = True, "client_key"
    assert (await office.connected()).remote_name == "Night channel"
