"""Phrases become unit vectors in their order at any server that speaks OpenAI, or end in one way."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings import open_embeddings
from nightdesk.providers.embeddings.contract import EmbeddingProvider
from nightdesk.providers.limits import Limits
from servers.openai_faults import FAULTS, faulty, status
from servers.openai_server import Asked, Behaviour, OpenAIServer, embeddings

PHRASES = ["led grow light", "best grow light", "hydroponic lettuce", "lettuce light hours"]


def model(server: OpenAIServer, **more: Any) -> EmbeddingProvider:
    choice = Choice("openai", "m", server.base_url, SecretStr("sk-1"), **{"timeout": 5.0, **more})
    return open_embeddings(choice, Limits())


async def test_phrases_become_unit_rows_in_their_order_and_are_metered() -> None:
    meter = ListMeter()
    async with OpenAIServer() as server:
        rows = await model(server).embed(PHRASES, meter)
        backwards = await model(server).embed(PHRASES[::-1], ListMeter())
    assert rows.shape == (4, 64)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.allclose(rows, backwards[::-1])
    (call,) = meter.calls
    assert (call.kind, call.provider, call.model, call.ok, call.units) == (
        "embeddings",
        "openai",
        "m",
        True,
        4,
    )
    assert call.input_tokens > 0


async def test_many_phrases_go_out_in_batches_of_256() -> None:
    phrases = [f"phrase {number}" for number in range(600)]
    meter = ListMeter()
    async with OpenAIServer(delay=0.01) as server:
        provider = model(server, concurrency=2)
        rows = await provider.embed(phrases, meter)
        (alone,) = await provider.embed(phrases[599:], ListMeter())
        assert server.busiest == 2
    assert sorted(call.units for call in meter.calls) == [88, 256, 256]
    assert rows.shape == (600, 64)
    assert np.allclose(rows[599], alone)


async def test_nothing_to_embed_asks_nobody() -> None:
    async with OpenAIServer() as server:
        assert (await model(server).embed([], ListMeter())).shape == (0, 0)
        with pytest.raises(Refused, match="phrase 2"):
            await model(server).embed(["a", " "], ListMeter())
        assert not server.asked


async def test_vectors_may_come_spelled_out_and_out_of_order() -> None:
    def spelled_out(server: OpenAIServer, asked: Asked) -> None:
        body = {key: value for key, value in asked.body.items() if key != "encoding_format"}
        answer = embeddings(body, server.dimensions)
        answer["data"].reverse()
        asked.reply_json(answer)

    async with OpenAIServer() as server:
        packed = await model(server).embed(PHRASES, ListMeter())
        server.behaviour = spelled_out
        spelled = await model(server).embed(PHRASES, ListMeter())
    assert np.allclose(packed, spelled, atol=1e-6)


def vectors(*rows: object) -> Behaviour:
    data = [{"index": index, "embedding": row} for index, row in enumerate(rows)]
    return lambda _, asked: asked.reply(json.dumps({"data": data}).encode())


@pytest.mark.parametrize(
    "rows",
    [
        [[1.0, 2.0]],
        [[1.0, 2.0], [1.0]],
        [[], []],
        [[1.0, 0.0], [0.0, 0.0]],
        [[1.0, 0.0], [float("nan"), 1.0]],
        [[1.0, 0.0], ["x", 1.0]],
        ["AAAA", "not base64!"],
        ["AAAAAA==", "AAAAAA=="],
        [None, None],
    ],
    ids=str,
)
async def test_vectors_that_cannot_be_used_are_refused_and_kept(rows: list[object]) -> None:
    async with OpenAIServer(behaviour=vectors(*rows)) as server:
        with pytest.raises(Refused, match="no usable vectors") as ended:
            await model(server).embed(["a", "b"], ListMeter())
    assert ended.value.kept


async def test_a_model_that_changes_its_width_is_refused() -> None:
    async with OpenAIServer() as server:
        provider = model(server)
        await provider.embed(PHRASES, ListMeter())
        server.dimensions = 32
        with pytest.raises(Refused, match="32"):
            await provider.embed(PHRASES, ListMeter())
        with pytest.raises(Refused, match="32"):
            await model(server, options={"dimensions": 16}).embed(PHRASES, ListMeter())


@dataclass(frozen=True)
class Outcome:
    ending: type[Ending]
    says: str
    seconds: float | None = None


OUTCOMES = {
    "429 with Retry-After": Outcome(Later, "HTTP 429", 7),
    "429 without Retry-After": Outcome(Later, "HTTP 429"),
    "500": Outcome(Later, "HTTP 500"),
    "503": Outcome(Later, "HTTP 503"),
    "connection refused": Outcome(Later, "could not be reached"),
    "DNS fails": Outcome(Later, "could not be reached"),
    "TLS fails": Outcome(Later, "could not be reached"),
    "reset before the request is sent": Outcome(Later, "could not be reached"),
    "reset after the request is sent": Outcome(Later, "could not be reached"),
    "slow loris": Outcome(Later, "did not answer within 0.3 s"),
    "truncated JSON": Outcome(Later, "check the base URL"),
    "empty": Outcome(Refused, "0 vectors came for 4 phrases"),
    "wrong schema": Outcome(Refused, "no usable vectors"),
    "finish_reason=length": Outcome(Refused, "3 vectors came for 4 phrases"),
    "200 with HTML": Outcome(Later, "check the base URL"),
    "10 MB body": Outcome(Refused, "more than 458,752 bytes"),
    "clock-skewed expiry": Outcome(Later, "HTTP 429", 30),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_the_embeddings_server_ends_as_promised(fault: str, tmp_path: Path) -> None:
    expected = OUTCOMES[fault]
    meter = ListMeter()
    async with faulty(fault, tmp_path) as (server, base_url):
        timeout = 0.3 if fault == "slow loris" else 5.0
        provider = open_embeddings(Choice("openai", "m", base_url, timeout=timeout), Limits())
        with pytest.raises(Ending) as ended:
            await provider.embed(PHRASES, meter)
    assert type(ended.value) is expected.ending
    assert expected.says in ended.value.why
    assert "openai:m" in ended.value.why
    if isinstance(ended.value, Later):
        assert ended.value.seconds == expected.seconds
    if isinstance(ended.value, Refused):
        assert ended.value.kept
    assert [(call.ok, call.units) for call in meter.calls] == [(False, 4)]
    assert len(server.asked) <= 1


def test_every_fault_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(FAULTS)
    print(f"embeddings: {len(FAULTS)} faults x 1 call site = {len(FAULTS)} cases")


async def test_one_failed_batch_of_many_ends_the_whole_with_its_own_ending() -> None:
    meter = ListMeter()
    async with OpenAIServer(delay=0.01) as server:
        server.behaviours.extend([OpenAIServer.answer, status(429, "busy", retry_after="4")])
        with pytest.raises(Later) as ended:
            await model(server).embed([f"phrase {number}" for number in range(1500)], meter)
    assert ended.value.seconds == 4
    assert {call.ok for call in meter.calls} <= {True, False}
    assert sum(not call.ok for call in meter.calls) >= 1


async def test_an_empty_account_needs_a_person_however_it_is_spelled() -> None:
    async with OpenAIServer(behaviour=status(429, "quota", "insufficient_quota")) as server:
        with pytest.raises(NeedsPerson, match="no credit left"):
            await model(server).embed(PHRASES, ListMeter())


async def test_the_key_travels_in_its_header_alone() -> None:
    async with OpenAIServer() as server:
        provider = model(server)
        await provider.embed(PHRASES, ListMeter())
        server.behaviour = status(401, "bad key sk-1")
        with pytest.raises(NeedsPerson) as ended:
            await provider.embed(PHRASES, ListMeter())
    assert server.asked[0].headers["authorization"] == "Bearer sk-1"
    assert "sk-1" not in server.asked[0].raw.decode()
    assert "sk-1" not in ended.value.why + repr(provider) + repr(vars(provider))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (
            Choice.parse("vectors-inc:m"),
            "no embedding provider `vectors-inc`. Known are: lexical, openai, ollama",
        ),
        (Choice.parse("openai:m"), "NIGHTDESK_EMBEDDINGS_API_KEY.*`lexical` needs none"),
        (Choice.parse("openai"), "`openai:MODEL`"),
        (Choice("openai", "m", "ftp://host"), "not an http or https address"),
    ],
    ids=str,
)
def test_what_is_missing_is_said(choice: Choice, words: str) -> None:
    with pytest.raises(NeedsPerson, match=words):
        open_embeddings(choice, Limits())
