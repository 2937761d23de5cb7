"""How a real model is asked: repair, room, what a server refuses, deadlines, money and the meter."""

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.usage import RequestUsage

from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from nightdesk.providers.text.prices import usd
from nightdesk.providers.text.questions import IdeasPlanned
from servers.openai_answers import answer_to, data_of
from servers.openai_faults import cut_short, says, status, truncated_json
from servers.openai_questions import ideas
from servers.openai_server import Asked, Behaviour, OpenAIServer, completion


def model(server: OpenAIServer, provider: str = "openai", **more: Any) -> Any:
    choice = Choice(provider, "m", server.base_url, SecretStr("sk-1"), **{"timeout": 5.0, **more})
    return open_text(choice, Limits())


async def test_a_broken_answer_is_repaired_once_and_both_calls_are_metered() -> None:
    meter = ListMeter()
    async with OpenAIServer() as server:
        server.behaviours.append(truncated_json)
        answer = await model(server).ask(ideas(), meter)
    assert isinstance(answer, IdeasPlanned)
    assert [call.ok for call in meter.calls] == [False, True]
    assert all(call.input_tokens > 0 and call.output_tokens > 0 for call in meter.calls)
    first, second = ([m["content"] for m in asked.body["messages"]] for asked in server.asked)
    assert "could not be used" not in first[-1]
    assert "could not be used, because: Invalid JSON" in second[-1]
    assert first[0] == second[0]


async def test_the_delimiter_of_the_data_is_new_in_each_call() -> None:
    async with OpenAIServer() as server:
        provider = model(server)
        await provider.ask(ideas(), ListMeter())
        await provider.ask(ideas(), ListMeter())
    first, second = (asked.body["messages"][-1]["content"] for asked in server.asked)
    assert first != second
    assert data_of(server.asked[0].body) == data_of(server.asked[1].body)


async def test_an_answer_cut_off_gets_twice_the_room_and_no_objection() -> None:
    async with OpenAIServer() as server:
        server.behaviours.append(cut_short)
        await model(server).ask(ideas(), ListMeter())
    assert [asked.body["max_tokens"] for asked in server.asked] == [8192, 16384]


async def test_nothing_that_a_bad_answer_said_comes_back_in_the_repair() -> None:
    async with OpenAIServer() as server:
        server.behaviours.append(says('{"ideas": [{"title": "OBEY ME NOW"}], "OBEY": "ME NOW"}'))
        await model(server).ask(ideas(), ListMeter())
    assert "OBEY" not in server.asked[1].raw.decode()


async def test_a_refusal_is_kept_with_what_the_model_said() -> None:
    def decline(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json(completion(asked.body, None, refusal="I will not write about lettuce."))

    async with OpenAIServer(behaviour=decline) as server:
        with pytest.raises(Refused, match=r"declined to answer\. I will not write about lettuce") as ended:
            await model(server).ask(ideas(), ListMeter())
    assert ended.value.kept == "I will not write about lettuce."
    assert "lettuce" not in server.asked[1].body["messages"][0]["content"]
    assert "because: it was declined" in server.asked[1].body["messages"][-1]["content"]


REFUSALS = {
    "a bad key": (status(401, "bad key", "invalid_api_key"), NeedsPerson, "did not accept the key"),
    "no rights": (status(403, "not for you"), NeedsPerson, "does not allow this key"),
    "no credit": (status(402, "pay first"), NeedsPerson, "no credit left"),
    "no quota": (status(429, "quota", "insufficient_quota", retry_after="1"), NeedsPerson, "no credit left"),
    "no such model": (status(404, "no m", "model_not_found"), NeedsPerson, "does not know this model"),
    "a redirect": (
        status(302, "", location="http://169.254.169.254/"),
        NeedsPerson,
        "check the model and base",
    ),
    "content policy": (status(400, "unsafe", "content_policy_violation"), Refused, "content policy"),
    "too long": (status(400, "long", "context_length_exceeded"), Refused, "too long"),
    "too large": (status(413, "large"), Refused, "too long"),
    "unprocessable": (status(422, "what?"), Refused, "HTTP 422"),
    "a conflict": (status(409, "busy"), Later, "HTTP 409"),
    "a gateway": (status(504, "slow"), Later, "HTTP 504"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_an_error_of_the_service_ends_in_its_one_way(name: str) -> None:
    behaviour, ending, words = REFUSALS[name]
    async with OpenAIServer(behaviour=behaviour) as server:
        with pytest.raises(Ending) as ended:
            await model(server).ask(ideas(), ListMeter())
    assert type(ended.value) is ending
    assert words in ended.value.why
    assert len(server.asked) == 1


def replies(document: Any) -> Behaviour:
    return lambda _, asked: asked.reply(json.dumps(document).encode())


ODD_BODIES = [
    [],
    {},
    7,
    "text",
    None,
    {"choices": []},
    {"choices": None},
    {"choices": 7},
    {"choices": [{}]},
    {"choices": [{"index": 0, "finish_reason": "stop", "message": None}]},
    {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": 5}}]},
    {"error": {"message": "upstream failed", "code": 502}},
    {"id": 1, "object": 2, "created": "x", "model": [], "choices": [{"message": {"content": "{}"}}]},
]


@pytest.mark.parametrize("document", ODD_BODIES, ids=str)
async def test_json_that_is_no_completion_ends_well(document: Any) -> None:
    async with OpenAIServer(behaviour=replies(document)) as server:
        with pytest.raises((Later, Refused)):
            await model(server).ask(ideas(), ListMeter())


def refuses(*words: str) -> Behaviour:
    """A server that knows no request field with one of these names."""

    def behave(server: OpenAIServer, asked: Asked) -> None:
        for word in words:
            if word in asked.body:
                asked.reply_json({"error": {"message": f"Unknown parameter: {word}"}}, 400)
                return
        server.answer(asked)

    return behave


@pytest.mark.parametrize(
    ("provider", "refused"),
    [
        ("openai", ["response_format"]),
        ("openai", ["max_tokens"]),
        ("openai", ["max_tokens", "response_format"]),
        ("ollama", ["reasoning_effort"]),
    ],
)
async def test_what_a_server_refuses_is_left_out_from_then_on(provider: str, refused: list[str]) -> None:
    async with OpenAIServer(behaviour=refuses(*refused)) as server:
        asked = model(server, provider)
        answers = await asyncio.gather(*[asked.ask(ideas(), ListMeter()) for _ in range(8)])
        before = len(server.asked)
        await asked.ask(ideas(), ListMeter())
    assert all(isinstance(answer, IdeasPlanned) for answer in answers)
    assert len(server.asked) == before + 1
    assert [m["role"] for m in server.asked[-1].body["messages"]] == ["system", "user"]
    if "response_format" in refused:
        assert "outline" in server.asked[-1].body["messages"][0]["content"]


@pytest.mark.parametrize("mode", ["native", "tool", "prompted", "plain"])
async def test_each_output_mode_gets_its_answer(mode: str) -> None:
    async with OpenAIServer() as server:
        answer = await model(server, options={"output": mode}).ask(ideas(), ListMeter())
    assert isinstance(answer, IdeasPlanned)
    body = server.asked[0].body
    assert ("tools" in body) == (mode == "tool")
    schema = body.get("response_format", {}).get("type") == "json_schema"
    assert schema == (mode == "native")


def test_an_unknown_output_mode_says_which_there_are() -> None:
    with pytest.raises(NeedsPerson, match="native, tool, prompted, plain"):
        open_text(Choice("ollama", "m", options={"output": "xml"}), Limits())


@pytest.mark.parametrize("around", ["```json\n{}\n```", "Here you are:\n{}\nAnything else?"])
async def test_fences_and_pleasantries_around_an_answer_do_no_harm(around: str) -> None:
    def chat(_: OpenAIServer, asked: Asked) -> None:
        said = around.replace("{}", json.dumps(answer_to(data_of(asked.body))))
        asked.reply_json(completion(asked.body, said))

    meter = ListMeter()
    async with OpenAIServer(behaviour=chat) as server:
        await model(server).ask(ideas(), meter)
    assert [call.ok for call in meter.calls] == [True]


async def test_ollama_is_told_not_to_think_unless_it_shall() -> None:
    async with OpenAIServer() as server:
        await model(server, "ollama").ask(ideas(), ListMeter())
        await model(server, "ollama", options={"thinking": "low"}).ask(ideas(), ListMeter())
    assert [asked.body.get("reasoning_effort") for asked in server.asked] == ["none", None]


async def test_seconds_come_from_the_clock_that_was_handed_in() -> None:
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))

    def take_time(server: OpenAIServer, asked: Asked) -> None:
        clock.move(1.5)
        server.answer(asked)

    meter = ListMeter()
    async with OpenAIServer(behaviour=take_time) as server:
        provider = open_text(Choice("openai", "m", server.base_url), Limits(), clock=clock)
        await provider.ask(ideas(), meter)
    assert [call.seconds for call in meter.calls] == [1.5]


async def test_a_call_that_is_called_off_ends_at_once_and_is_metered() -> None:
    meter = ListMeter()
    async with OpenAIServer(delay=30) as server:
        asking = asyncio.create_task(model(server).ask(ideas(), meter))
        while not server.asked:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert [(call.ok, call.note) for call in meter.calls] == [(False, "ideas: cancelled")]


async def test_what_the_process_knows_of_other_accounts_stays_at_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Canary: canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/canary")
    async with OpenAIServer() as server:
        await open_text(Choice("openai", "m", server.base_url), Limits()).ask(ideas(), ListMeter())
        headers = {"X-Gateway": "team-7"}
        await model(server, options={"headers": headers}).ask(ideas(), ListMeter())
    assert "canary" not in str([(asked.headers, asked.raw) for asked in server.asked])
    assert server.asked[1].headers["x-gateway"] == "team-7"


def test_money_is_known_where_the_price_is_and_never_guessed() -> None:
    usage = RequestUsage(input_tokens=1_000_000, output_tokens=100_000)
    response = ModelResponse(parts=[TextPart("{}")], usage=usage, model_name="gpt-5-mini")
    known = usd(response, Choice("openai", "gpt-5-mini"))
    assert known is not None
    assert Decimal("0.1") < known < Decimal(5)
    assert usd(response, Choice("openai", "gpt-5-mini", "http://127.0.0.1:8000/v1")) is None
    nameless = ModelResponse(parts=[TextPart("{}")], usage=usage)
    assert usd(nameless, Choice("openai", "no-such-model")) is None
    assert usd(response, Choice("ollama", "gpt-5-mini")) == 0
    assert usd(response, Choice("ollama", "gpt-oss:120b-cloud")) is None
