"""A key goes to the provider that it was entered for and to no other; a trial makes a real call."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.chosen import Chosen
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.offers import offers
from nightdesk.desk.trials import Wish
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.wav import unpacked
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.tenancy import Site

NOBODY = {"workspace_id": 7, "id": 8, "choices": {}}
KEY = "sk-canary-0123456789-WXYZ"


async def chosen(house: House, tenant: Tenant) -> Chosen:
    async with house.store.workspace(tenant.workspace) as session:
        site = await session.get_one(Site, (tenant.workspace, tenant.site))
        return await house.desk.providers.chosen(session, site)


async def shown(
    house: House, tenant: Tenant, site: int | None = None
) -> tuple[str, str, str | None, str | None]:
    found = await house.desk.choices.shown(tenant.workspace, site)
    text = next(one for one in found if one.kind == "text")
    return text.chosen, text.chosen_at, text.key, text.key_at


async def test_a_choice_is_kept_together_with_its_key(house: House, alice: Tenant) -> None:
    assert not await house.desk.choices.keep(alice.workspace, "text", "openai:m", KEY)
    assert await shown(house, alice) == ("openai:m", "workspace", "…WXYZ", "workspace")
    assert not await house.desk.choices.keep(alice.workspace, "text", "openai:another")
    held = (await chosen(house, alice)).text
    assert (held.spelled, held.api_key and held.api_key.get_secret_value()) == ("openai:another", KEY)


async def test_another_provider_gets_no_key_that_was_entered_for_the_first(
    house: House, alice: Tenant
) -> None:
    await house.desk.choices.keep(alice.workspace, "text", "openai:m", KEY)
    assert await house.desk.choices.keep(alice.workspace, "text", "anthropic:m")
    assert await shown(house, alice) == ("anthropic:m", "workspace", None, None)
    assert (await chosen(house, alice)).text.api_key is None


async def test_a_site_that_chooses_another_provider_does_not_send_it_its_workspaces_key(
    house: House, alice: Tenant
) -> None:
    await house.desk.choices.keep(alice.workspace, "text", "openai:m", KEY)
    await house.desk.choices.keep(alice.workspace, "text", "anthropic:m", site_id=alice.site)
    assert (await chosen(house, alice)).text.api_key is None
    assert await shown(house, alice, alice.site) == ("anthropic:m", "site", None, None)
    await house.desk.choices.keep(alice.workspace, "text", "openai:other", site_id=alice.site)
    key = (await chosen(house, alice)).text.api_key
    assert key is not None
    assert key.get_secret_value() == KEY


async def test_nothing_is_kept_where_the_key_cannot_be(house: House, alice: Tenant) -> None:
    with pytest.raises(Invalid):
        await house.desk.choices.keep(alice.workspace, "text", "openai:m", "a\nb")
    assert await shown(house, alice) == ("offline", "environment", None, None)


async def test_a_choice_that_is_taken_back_takes_its_key_with_it(house: House, alice: Tenant) -> None:
    await house.desk.choices.keep(alice.workspace, "text", "openai:m", KEY)
    assert await house.desk.choices.keep(alice.workspace, "text", "")
    assert await shown(house, alice) == ("offline", "environment", None, None)


@pytest.mark.parametrize("kind", ["text", "embeddings", "images", "speech", "clips", "renderer"])
async def test_the_keyless_providers_answer_at_once_and_cost_nothing(
    house: House, alice: Tenant, kind: str
) -> None:
    tried = await house.desk.trials.one(alice.workspace, kind)
    assert (tried.trial.ok, tried.trial.usd, tried.priced) == (True, Decimal(0), True)
    assert tried.answer.lines or tried.answer.picture or tried.answer.heard
    async with house.store.workspace(alice.workspace) as session:
        (call,) = await session.scalars(select(ProviderCall))
    assert (kind.startswith(call.kind), call.run_id, call.ok) == (True, None, True)
    assert call.note.startswith("trial:")


async def test_a_tried_voice_can_be_heard_by_its_own_workspace_alone(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    trials = house.desk.trials
    heard = (await trials.one(alice.workspace, "speech")).answer.heard
    assert 1.0 < unpacked(await trials.heard(alice.workspace, heard)).seconds < 6.0
    picture = await house.files.put(alice.workspace, b"\x89PNG", "image/png")
    for workspace, name in (
        (bob.workspace, heard),
        (alice.workspace, picture.sha256),
        (alice.workspace, "x"),
    ):
        with pytest.raises(NotFound):
            await trials.heard(workspace, name)


async def test_what_was_opened_is_closed_and_opened_anew_when_it_is_wanted(
    house: House, alice: Tenant
) -> None:
    providers, held = house.desk.providers, await chosen(house, alice)
    first = providers.speech(held)
    assert providers.speech(held) is first
    await providers.close()
    assert providers.speech(held) is not first
    assert (await providers.speech(held).speak(SpeechRequest("One, two, three."), ListMeter())).seconds > 1


async def test_a_voice_without_its_key_fails_only_when_it_is_asked_for(house: House, alice: Tenant) -> None:
    await house.desk.choices.choose(alice.workspace, "speech", "elevenlabs", alice.site)
    async with house.store.workspace(alice.workspace) as session:
        site = await session.get_one(Site, (alice.workspace, alice.site))
        bench = await house.desk.providers.make_bench(session, site, {}, ListMeter())
        other = await house.desk.providers.make_bench(session, Site(**NOBODY), {}, ListMeter())
    with pytest.raises(NeedsPerson, match="ElevenLabs needs a key"):
        bench.studio.speech()
    assert (other.studio.speech().label, other.studio.clips().label) == ("espeak", "motion")
    assert other.studio.renderer() is bench.studio.renderer()
    assert bench.studio.parts(site).is_dir()
    assert bench.studio.parts(site) != bench.studio.parts(Site(**NOBODY))


async def test_what_is_wished_for_is_tried_before_it_is_kept(house: House, alice: Tenant) -> None:
    tried = await house.desk.trials.one(alice.workspace, "text", wish=Wish("openai:m"))
    assert not tried.trial.ok
    assert "needs a key" in tried.trial.says
    assert await shown(house, alice) == ("offline", "environment", None, None)
    with pytest.raises(Invalid):
        await house.desk.trials.one(alice.workspace, "text", wish=Wish("nobody:m"))
    with pytest.raises(Invalid):
        await house.desk.trials.one(alice.workspace, "text_fallback")


def test_the_first_that_is_offered_needs_no_account() -> None:
    for kind in ("text", "text_fallback", "embeddings", "images", "speech", "clips"):
        first, *others = offers(kind)
        assert not first.key
        assert any(other.key for other in others)
    assert all(model.price.startswith("$") for model in offers("embeddings")[1].models)


@pytest.mark.parametrize(("kind", "spelled"), [("images", "comfyui:/etc/passwd"), ("clips", "ltx:/etc")])
async def test_no_workspace_names_a_file_of_the_machine(
    house: House, alice: Tenant, kind: str, spelled: str
) -> None:
    for site in (None, alice.site):
        with pytest.raises(Invalid, match=f"who runs the desk names it, in NIGHTDESK_{kind.upper()}"):
            await house.desk.choices.choose(alice.workspace, kind, spelled, site)
    with pytest.raises(Invalid, match="who runs the desk names it"):
        await house.desk.trials.one(alice.workspace, kind, wish=Wish(spelled))
