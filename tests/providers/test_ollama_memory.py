"""Ollama is asked to unload models, in its own way, and nothing else is ever asked of it."""

from pathlib import Path

from nightdesk.providers.choice import Choice
from nightdesk.providers.ollama_memory import models_here, unload
from servers.openai_faults import reset
from servers.openai_server import OpenAIServer


async def test_each_model_is_unloaded_by_an_empty_request_that_keeps_it_for_nothing() -> None:
    async with OpenAIServer(behaviour=lambda _, asked: asked.reply_json({"done_reason": "unload"})) as server:
        models = ("llama3:8b", "nomic-embed-text")
        await unload([Choice("ollama", model, server.base_url) for model in models])
        told = [(asked.path, asked.body) for asked in server.asked]
    assert told == [("/api/generate", {"model": model, "keep_alive": 0}) for model in models]


async def test_an_ollama_that_is_not_there_holds_up_nobody() -> None:
    async with OpenAIServer(behaviour=reset) as server:
        await unload([Choice("ollama", "llama3", server.base_url)])
    await unload([Choice("ollama", "llama3", server.base_url)])


def test_only_models_of_this_machine_are_unloaded() -> None:
    here = Choice("ollama", "llama3")
    elsewhere = Choice("ollama", "llama3", "http://10.0.0.7:11434/v1")
    assert models_here([here, elsewhere, Choice("openai", "gpt"), Choice("ollama")]) == [here]


def test_the_call_that_deletes_a_model_is_not_in_the_house() -> None:
    source = Path(__file__).parents[2] / "src" / "nightdesk"
    named = [path for path in source.rglob("*.py") if "api/delete" in path.read_text(encoding="utf-8")]
    assert not named
