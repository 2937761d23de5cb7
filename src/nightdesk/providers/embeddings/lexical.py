"""The keyless embeddings: phrases are near where they share words and pieces of words."""

import asyncio
import unicodedata
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.clock import Clock
from nightdesk.providers.calls import Call, Meter

WORD = 0.7
NEIGHBOURS = 0.4
PIECE = 0.4
PIECES = (3, 4)
SHORT = 3
SHORT_WEIGHT = 0.7
"""Words of up to three letters are mostly grammar; nothing was fitted that could know which are."""


class LexicalEmbeddings:
    """Hashed words, pairs of neighbouring words and character n-grams, weighed by length and signed.

    Nothing is learnt from the phrases, so a phrase has the same vector in every call and on every machine.
    Hashed as in K. Weinberger and others, "Feature hashing for large scale multitask learning" (2009).
    """

    label = "lexical"

    def __init__(self, clock: Clock, dimensions: int = 512) -> None:
        """Raises `ValueError` for fewer than 16 dimensions."""
        if dimensions < 16:
            raise ValueError(f"{dimensions} dimensions cannot tell phrases apart")
        self._clock = clock
        self._dimensions = dimensions

    async def embed(self, phrases: Sequence[str], meter: Meter) -> NDArray[np.float32]:
        """Shape (len(phrases), dimensions), rows of unit length; all empty phrases have the same vector."""
        started = self._clock.monotonic()
        vectors = await asyncio.to_thread(self._vectors, list(phrases))
        seconds = self._clock.monotonic() - started
        meter.record(Call("embeddings", "lexical", "", seconds, True, units=len(phrases)))
        return vectors

    def _vectors(self, phrases: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(phrases), self._dimensions), dtype=np.float32)
        words: dict[str, NDArray[np.float32]] = {}
        for row, phrase in enumerate(phrases):
            found = _words(phrase)
            for word in found:
                if word not in words:
                    words[word] = self._word(word)
                vectors[row] += words[word]
            for pair in pairwise(found):
                self._add(vectors[row], " ".join(pair), NEIGHBOURS)
        lengths = np.linalg.norm(vectors, axis=1)
        vectors[lengths == 0, 0] = 1.0
        lengths[lengths == 0] = 1.0
        vectors /= lengths[:, np.newaxis]
        return vectors

    def _word(self, word: str) -> NDArray[np.float32]:
        vector = np.zeros(self._dimensions, dtype=np.float32)
        self._add(vector, word, WORD)
        edged = f"<{word}>"
        for size in PIECES:
            for at in range(len(edged) - size + 1):
                self._add(vector, f"#{edged[at : at + size]}", PIECE)
        return vector * (SHORT_WEIGHT if len(word) <= SHORT and word.isascii() else 1.0)

    def _add(self, vector: NDArray[np.float32], feature: str, weight: float) -> None:
        hashed = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
        vector[(hashed >> 1) % self._dimensions] += weight if hashed & 1 else -weight


def _words(phrase: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", phrase).casefold()
    return "".join(letter if letter.isalnum() else " " for letter in plain).split() or plain.split()
