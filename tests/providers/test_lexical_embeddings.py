"""The keyless embeddings: unit rows, the same every time, near where the words are near."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk.kit.clock import SetClock
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.embeddings.contract import EmbeddingProvider
from nightdesk.providers.embeddings.lexical import LexicalEmbeddings

KETTLE = [0.477, 0.239, 0, 0, 0, -0.239, 0, 0.239, -0.239, -0.239, 0.239, 0, 0, 0, -0.656, 0]
"""Of 16 dimensions; vectors that are stored somewhere are worthless once this changes."""


def provider(dimensions: int = 512) -> LexicalEmbeddings:
    return LexicalEmbeddings(SetClock(datetime(2026, 1, 1, tzinfo=UTC)), dimensions)


async def cosine(one: str, other: str) -> float:
    first, second = await provider().embed([one, other], ListMeter())
    return float(first @ second)


async def test_rows_have_unit_length_and_the_asked_dimensions() -> None:
    vectors = await provider(64).embed(["air purifier", "", "🎉", "空気清浄機", "a"], ListMeter())
    assert vectors.shape == (5, 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


async def test_a_phrase_has_the_same_vector_in_whatever_company() -> None:
    alone = await provider().embed(["best air purifier"], ListMeter())
    among = await provider().embed(["kettle", "best air purifier", "purifier"], ListMeter())
    np.testing.assert_array_equal(alone[0], among[1])


async def test_a_vector_is_the_same_on_every_machine() -> None:
    vector = (await provider(16).embed(["kettle"], ListMeter()))[0]
    np.testing.assert_allclose(vector, KETTLE, atol=1e-3)


async def test_phrases_are_near_as_far_as_they_share_words_and_pieces_of_words() -> None:
    inflected = await cosine("best air purifier", "air purifiers")
    sharing = await cosine("best air purifier", "best dog bed")
    unlike = await cosine("best air purifier", "kitchen scale")
    assert inflected > 0.5 > sharing > 0.2 > unlike
    assert await cosine("café crème", "CAFÉ  CRÈME!") == pytest.approx(1.0)


async def test_no_phrases_give_no_rows() -> None:
    assert (await provider().embed([], ListMeter())).shape == (0, 512)


async def test_each_call_is_taken_down() -> None:
    meter = ListMeter()
    await provider().embed(["a", "b"], meter)
    assert [(call.kind, call.provider, call.ok, call.units) for call in meter.calls] == [
        ("embeddings", "lexical", True, 2)
    ]


def test_too_few_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="3 dimensions"):
        provider(3)


def test_it_is_an_embedding_provider() -> None:
    asked: EmbeddingProvider = provider()
    assert asked.label == "lexical"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8))
async def test_any_text_has_a_unit_vector(texts: list[str]) -> None:
    vectors = await provider(32).embed(texts, ListMeter())
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-4)
