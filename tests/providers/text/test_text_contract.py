"""What holds for every text provider of the registry, whichever it is."""

import importlib.util
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import Ending, NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import PROVIDERS, open_text
from nightdesk.providers.text.contract import TextProvider
from servers.openai_answers import answer_to, data_of
from servers.openai_questions import INJECTION, QUESTIONS
from servers.openai_server import Asked, OpenAIServer, on_the_wire

KEY = "sk-canary-4242424242"
PACKAGES = {"anthropic": "anthropic", "google": "google.genai"}
MODELS = {
    "openai": "gpt-5-mini",
    "ollama": "qwen3:8b",
    "anthropic": "claude-sonnet-4-5",
    "google": "gemini-2.5-flash",
}


def _installed(name: str) -> bool:
    package = PACKAGES.get(name)
    if package is None:
        return True
    return importlib.util.find_spec(package.partition(".")[0]) is not None and _found(package)


def _found(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


HERE = [name for name in PROVIDERS if _installed(name)]
ABSENT = [name for name in PROVIDERS if not _installed(name)]


def choice(name: str, server: OpenAIServer) -> Choice:
    if name == "offline":
        return Choice("offline")
    # Anthropic and Google put the version into the path themselves.
    root = server.base_url if name in ("openai", "ollama") else server.base_url.removesuffix("/v1")
    return Choice(name, MODELS[name], root, SecretStr(KEY), timeout=8)


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[tuple[TextProvider, OpenAIServer]]:
    async with OpenAIServer() as server:
        yield open_text(choice(name, server), Limits()), server


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", HERE)
async def test_a_question_gets_a_valid_answer_and_its_calls_are_metered(name: str, question: str) -> None:
    asked = QUESTIONS[question]()
    meter = ListMeter()
    async with opened(name) as (provider, _):
        answer = await provider.ask(asked, meter)
    assert type(answer) is asked.answer
    assert asked.answer.model_validate(answer.model_dump()) == answer
    assert meter.calls
    assert meter.calls[-1].ok
    assert {(call.kind, call.provider) for call in meter.calls} == {("text", name)}
    assert provider.label


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", HERE)
async def test_data_that_poses_as_instructions_changes_no_type_and_no_field(name: str, question: str) -> None:
    asked = QUESTIONS[question](INJECTION)
    async with opened(name) as (provider, server):
        answer = await provider.ask(asked, ListMeter())
    assert type(answer) is asked.answer
    assert set(answer.model_dump()) == set(asked.answer.model_fields)
    for request in server.asked:
        _holds_data_and_instructions_apart(request, asked.instructions, asked.data.model_dump(mode="json"))


def _holds_data_and_instructions_apart(request: Asked, instructions: str, data: Any) -> None:
    sent = json.dumps(request.body, ensure_ascii=False)
    # Local servers obey control tokens wherever they stand, so those are broken up on the way.
    received = json.dumps(data_of(request.body), ensure_ascii=False).replace("\u200d", "")
    assert received == json.dumps(data, ensure_ascii=False)
    assert "<|im_start|>" not in sent or "qwen3" not in sent
    assert sent.count(json.dumps(instructions)) == 1
    assert "publish" not in json.dumps(request.body.get("tools", []))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", [name for name in HERE if name != "offline"])
async def test_a_model_that_obeys_the_attacker_changes_nothing_beyond_the_answer(
    name: str, question: str
) -> None:
    def obey(_: OpenAIServer, asked: Asked) -> None:
        answer = answer_to(data_of(asked.body))
        asked.reply_json(on_the_wire(asked, json.dumps({**answer, "account": 7, "tool": "publish"})))

    asked = QUESTIONS[question](INJECTION)
    async with opened(name) as (provider, server):
        server.behaviour = obey
        answer = await provider.ask(asked, ListMeter())
    assert set(answer.model_dump()) == set(asked.answer.model_fields)
    assert not answer.model_extra


@pytest.mark.parametrize("name", HERE)
async def test_the_key_is_in_no_prompt_log_label_note_or_message(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    def echo_the_key(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"error": {"message": f"bad key {KEY}, told you: {KEY}"}}, 401)

    meter = ListMeter()
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        async with opened(name) as (provider, server):
            await provider.ask(QUESTIONS["ideas"](), meter)
            server.behaviour = echo_the_key
            try:
                await provider.ask(QUESTIONS["ideas"](), meter)
            except Ending as ended:
                said = [str(ended), repr(ended), ended.why]
    told = [repr(provider), repr(vars(provider)), provider.label, repr(meter.calls), caplog.text, *said]
    told += [request.raw.decode() for request in server.asked]
    assert not [text for text in told if KEY in text]


@pytest.mark.parametrize("name", ABSENT)
def test_a_provider_whose_package_is_absent_says_what_to_install(name: str) -> None:
    with pytest.raises(NeedsPerson, match=rf"pip install 'nightdesk\[{name}\]'"):
        open_text(Choice(name, "m", None, SecretStr(KEY)), Limits())


def test_every_provider_of_the_registry_is_looked_at() -> None:
    assert sorted(HERE + ABSENT) == sorted(PROVIDERS)
    assert {"offline", "openai", "ollama"} <= set(HERE)
