"""No more calls go to one account at a time than were chosen, whatever happens to those that wait."""

import asyncio

import pytest
from pydantic import SecretStr

from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Gate, Limits
from nightdesk.providers.text import open_text
from servers.openai_questions import ideas
from servers.openai_server import OpenAIServer


async def test_providers_of_one_account_share_its_places() -> None:
    limits = Limits()
    async with OpenAIServer(delay=0.02) as server:
        one = open_text(Choice("openai", "a", server.base_url, concurrency=3), limits)
        other = open_text(Choice("openai", "b", server.base_url, concurrency=3), limits)
        asked = [provider.ask(ideas(), ListMeter()) for provider in (one, other) for _ in range(6)]
        await asyncio.gather(*asked)
        assert server.busiest == 3


def test_accounts_are_told_apart_by_provider_address_and_key() -> None:
    limits = Limits()
    gates = {
        limits.gate(Choice("openai", "m", api_key=SecretStr("a"))),
        limits.gate(Choice("openai", "m", api_key=SecretStr("b"))),
        limits.gate(Choice("openai", "m", "http://127.0.0.1:1/v1", SecretStr("a"))),
        limits.gate(Choice("anthropic", "m", api_key=SecretStr("a"))),
    }
    assert len(gates) == 4
    assert limits.gate(Choice("openai", "other", api_key=SecretStr("a"))) in gates


async def test_those_called_off_while_waiting_or_inside_give_their_place_back() -> None:
    gate = Gate(1)

    async def stay() -> None:
        async with gate:
            await asyncio.sleep(30)

    staying = [asyncio.create_task(stay()) for _ in range(4)]
    await asyncio.sleep(0)
    for task in reversed(staying):
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    async with asyncio.timeout(1), gate:
        pass


@pytest.mark.parametrize(("before", "after"), [(4, 2), (2, 5), (3, 3), (6, 1)])
@pytest.mark.parametrize("inside", [0, 2])
async def test_a_gate_that_is_resized_lets_in_its_new_number(before: int, after: int, inside: int) -> None:
    gate = Gate(before)
    busy = most = 0

    async def pass_through() -> None:
        nonlocal busy, most
        async with gate:
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.005)
            busy -= 1

    early = [asyncio.create_task(pass_through()) for _ in range(inside)]
    await asyncio.sleep(0)
    gate.resize(after)
    gate.resize(before)
    gate.resize(after)
    await asyncio.gather(*early)
    most = 0
    async with asyncio.timeout(2):
        await asyncio.gather(*[pass_through() for _ in range(12)])
    assert most == after
