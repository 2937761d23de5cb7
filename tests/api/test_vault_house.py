"""A whole house whose secrets a key vault seals: from the start, after a key of ours, and without it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from api.api_house import client_of
from nightdesk.bootstrap import House, open_house
from nightdesk.desk.people import Operator
from nightdesk.faces.api.app import make_app
from nightdesk.faces.web.app import make_pages
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import FILE_NAME, KeyUnusable, WrongKey
from nightdesk.settings import Settings
from nightdesk.store.tables import Table
from servers import transit_server
from servers.transit_server import TOKEN, Transit, transit

PASSWORD = "lantern meadow quiet harbour"
COLUMNS = " union all ".join(
    f"select {column} from {table}"
    for table, column in (
        ("provider_keys", "sealed"),
        ("passwords", "hash"),
        ("second_factors", "sealed"),
        ("key_checks", "sealed"),
    )
)


@pytest.fixture
def engine() -> Iterator[Transit]:
    with transit() as found:
        yield found


@pytest.fixture
def by_vault(settings: Settings, engine: Transit) -> Settings:
    return settings.model_copy(
        update={"vault_url": engine.address, "vault_token": SecretStr(TOKEN), "secret_key": None}
    )


async def sealed(house: House) -> list[str]:
    async with house.store.everywhere() as db:
        return [str(value) for value in await db.scalars(text(COLUMNS))]


async def fill(house: House) -> int:
    """A person with a password who begins to set up an app, and a workspace with a provider's key."""
    desk = house.desk
    workspace = await desk.founding.first()
    link = await desk.invitations.invite(Operator(workspace), "ana@desk.test", "owner")
    token = await desk.invitations.accept(link, "Ana", PASSWORD, "en", "UTC", "127.0.0.1", "test")
    await desk.second_factors.begin(await desk.sessions.caller_of(token), PASSWORD)
    await desk.choices.choose(workspace, "text", "openai:gpt-test")
    await desk.choices.set_key(workspace, "text", "sk-very-secret-key")
    return workspace


async def sign_in(house: House) -> str:
    return await house.desk.sessions.sign_in("ana@desk.test", PASSWORD, "127.0.0.1", "test")


async def test_from_the_first_start_on_the_vault_seals_and_no_key_is_made(
    by_vault: Settings, engine: Transit
):
    async with open_house(by_vault) as house:
        await fill(house)
        assert await sign_in(house)
        values = await sealed(house)
    assert len(values) == 4
    assert all(value.startswith("nv1.nightdesk.vault:v1:") for value in values)
    assert not (by_vault.data_dir / FILE_NAME).exists()
    async with open_house(by_vault) as again:
        assert await sign_in(again)


async def test_what_a_key_of_before_sealed_is_sealed_anew_at_one_start_and_then_needs_it_no_more(
    settings: Settings, by_vault: Settings
):
    async with open_house(settings) as house:
        await fill(house)
        assert all(value.startswith("nd1.") for value in await sealed(house))
    with pytest.raises(WrongKey, match="Bring that key back"):
        async with open_house(by_vault):
            pass
    async with open_house(by_vault.model_copy(update={"secret_key": settings.secret_key})) as house:
        assert all(value.startswith("nv1.") for value in await sealed(house))
    async with open_house(by_vault) as house:
        assert await sign_in(house)
    with pytest.raises(WrongKey, match="NIGHTDESK_VAULT_URL"):
        async with open_house(settings):
            pass


async def test_after_a_rotation_in_the_vault_a_start_seals_everything_anew(
    by_vault: Settings, engine: Transit
):
    async with open_house(by_vault) as house:
        await fill(house)
    engine.rotate()
    async with open_house(by_vault) as house:
        assert all(":v2:" in value for value in await sealed(house))
        assert await sign_in(house)


@pytest.mark.parametrize(
    ("fault", "ending", "says"),
    [
        (transit_server.sealed, NeedsPerson, "vault operator unseal"),
        (transit_server.overloaded, Later, "does not answer"),
    ],
)
async def test_a_start_without_the_vault_says_what_to_do(
    by_vault: Settings, engine: Transit, fault: Any, ending: Any, says: str
):
    engine.misbehave = fault
    with pytest.raises(ending, match=says):
        async with open_house(by_vault):
            pass


async def test_a_start_without_a_token_is_refused(by_vault: Settings):
    with pytest.raises(KeyUnusable, match="NIGHTDESK_VAULT_TOKEN"):
        async with open_house(by_vault.model_copy(update={"vault_token": None})):
            pass


async def test_while_the_vault_is_sealed_everybody_is_told_and_afterwards_all_goes_on(
    by_vault: Settings, engine: Transit
):
    async with open_house(by_vault) as house:
        workspace = await fill(house)
        key = await house.desk.people.create_key(workspace, "test")
        token = await sign_in(house)
        engine.misbehave = transit_server.sealed
        (check,) = [one for one in await house.desk.health.ready() if one.name == "secret_key"]
        assert (check.ok, "vault operator unseal" in check.says) == (False, True)
        ours = {"Origin": "http://desk.test"}
        async with client_of(make_pages(house.desk, "0.0.0")) as browser:
            form = {"email": "ana@desk.test", "password": PASSWORD}
            answer = await browser.post("/sign-in", data=form, headers=ours)
            assert (answer.status_code, "Unseal it" in answer.text) == (503, True)
        async with client_of(make_app(house.desk, "0.0.0")) as client:
            asked = {"Authorization": f"Bearer {key.token}"}
            answer = await client.put(
                "/api/v1/providers/text/key", json={"key": "sk-another-key"}, headers=asked
            )
            assert answer.status_code == 503, answer.text
            assert "Unseal it" in answer.json()["detail"]
            assert TOKEN not in answer.text
        assert await house.desk.sessions.caller_of(token)
        engine.misbehave = None
        assert await sign_in(house)


def test_no_column_of_sealed_texts_is_left_out_when_everything_is_sealed_anew():
    sealed = {table.name for table in Table.metadata.tables.values() if "sealed" in table.columns}
    assert sealed == {
        "account_consents",
        "accounts",
        "hooks",
        "key_checks",
        "notice_targets",
        "provider_keys",
        "second_factors",
        "signing_certificates",
        "webhook_targets",
    }
