"""A second provider answers where the first cannot, and what is told of it is true of the one that did."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from nightdesk.providers.text.contract import TextProvider
from nightdesk.providers.text.questions import IdeasPlanned
from servers.openai_faults import says, status
from servers.openai_questions import ideas
from servers.openai_server import OpenAIServer


@asynccontextmanager
async def two() -> AsyncIterator[tuple[TextProvider, OpenAIServer, OpenAIServer]]:
    async with OpenAIServer() as first, OpenAIServer() as second:
        provider = open_text(
            Choice("openai", "first", first.base_url),
            Limits(),
            second=Choice("openai", "second", second.base_url),
        )
        yield provider, first, second


def models(meter: ListMeter) -> list[tuple[str, bool]]:
    return [(call.model, call.ok) for call in meter.calls]


async def test_the_second_is_left_alone_while_the_first_answers() -> None:
    meter = ListMeter()
    async with two() as (provider, _, second):
        assert provider.label == "openai:first, else openai:second"
        await provider.ask(ideas(), meter)
        assert provider.label == "openai:first"
        assert not second.asked
    assert models(meter) == [("first", True)]


@pytest.mark.parametrize(
    ("fault", "first_calls"),
    [
        (status(401, "bad key"), 1),
        (status(402, "pay"), 1),
        (status(400, "unsafe", "content_filter"), 1),
        (says("no JSON"), 2),
    ],
    ids=["bad key", "no credit", "refused", "bad output"],
)
async def test_the_second_answers_where_the_first_cannot(fault: object, first_calls: int) -> None:
    meter = ListMeter()
    async with two() as (provider, first, _):
        first.behaviour = fault  # type: ignore[assignment]
        answer = await provider.ask(ideas(), meter)
        assert provider.label == "openai:second"
    assert isinstance(answer, IdeasPlanned)
    assert models(meter) == [("first", False)] * first_calls + [("second", True)]


async def test_one_busy_moment_of_the_first_does_not_change_who_writes() -> None:
    meter = ListMeter()
    async with two() as (provider, first, second):
        first.behaviours.append(status(429, "busy", retry_after="3"))
        with pytest.raises(Later) as ended:
            await provider.ask(ideas(), meter)
        assert ended.value.seconds == 3
        await provider.ask(ideas(), meter)
        assert not second.asked
    assert models(meter) == [("first", False), ("first", True)]


async def test_busy_moments_with_answers_between_them_are_not_added_up() -> None:
    async with two() as (provider, first, second):
        for _ in range(3):
            first.behaviours.append(status(503, "overloaded"))
            with pytest.raises(Later):
                await provider.ask(ideas(), ListMeter())
            await provider.ask(ideas(), ListMeter())
        assert not second.asked


async def test_a_first_that_stays_busy_is_passed_over() -> None:
    async with two() as (provider, first, second):
        first.behaviour = status(503, "overloaded")
        with pytest.raises(Later):
            await provider.ask(ideas(), ListMeter())
        await provider.ask(ideas(), ListMeter())
        await provider.ask(ideas(), ListMeter())
        assert len(second.asked) == 2


async def test_where_both_fail_the_second_has_the_last_word() -> None:
    meter = ListMeter()
    async with two() as (provider, first, second):
        first.behaviour = status(401, "bad key")
        second.behaviour = status(402, "pay")
        with pytest.raises(NeedsPerson, match="openai:second has no credit left"):
            await provider.ask(ideas(), meter)
    assert models(meter) == [("first", False), ("second", False)]


async def test_questions_asked_at_the_same_time_each_know_who_answered_them() -> None:
    async with OpenAIServer() as server:
        provider = open_text(Choice("openai", "first", server.base_url), Limits(), second=Choice("offline"))
        server.behaviours.append(status(401, "bad key"))

        async def ask() -> tuple[str, bool]:
            await provider.ask(ideas(), ListMeter())
            return provider.label, provider.trusted_to_publish

        told = await asyncio.gather(*[ask() for _ in range(4)])
        assert not provider.trusted_to_publish
    assert sorted(told) == [("compiled offline", False)] + [("openai:first", True)] * 3
