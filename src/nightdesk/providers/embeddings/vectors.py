"""Reads the vectors in the answer of an embeddings server, and checks each before anything is built on it."""

import base64
import binascii
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json


class NotVectors(Exception):
    """The answer is JSON, but not one usable vector for each phrase."""


class _Row(BaseModel):
    index: int
    embedding: str | list[float]


class _Usage(BaseModel):
    prompt_tokens: int = 0


class _Answer(BaseModel):
    data: list[_Row]
    usage: _Usage | None = None


@dataclass(frozen=True)
class Embedded:
    """`rows`: shape (phrases, dimensions), in the order asked, of unit length."""

    rows: NDArray[np.float32]
    tokens: int


def read(body: bytes, count: int, width: int | None) -> Embedded:
    """The `count` vectors in `body`, each of `width` numbers where that is known.

    Numbers come spelled out, or as base64 of little-endian float32 where the server knows that encoding.
    Raises `NotVectors`, or ValueError where `body` is not JSON at all.
    """
    document = from_json(body)
    try:
        answer = _Answer.model_validate(document)
    except ValidationError as invalid:
        raise NotVectors(f"{invalid.error_count()} fields are missing or of another type") from None
    ordered = sorted(answer.data, key=lambda row: row.index)
    if [row.index for row in ordered] != list(range(count)):
        raise NotVectors(f"{len(ordered)} vectors came for {count} phrases")
    vectors = [_numbers(row.embedding) for row in ordered]
    widths = {len(vector) for vector in vectors}
    if len(widths) != 1 or (width is not None and widths != {width}) or 0 in widths:
        raise NotVectors(f"vectors of {sorted(widths)} numbers where {width or 'one length'} was expected")
    rows = np.stack(vectors)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise NotVectors("a vector is not finite or has no length")
    return Embedded((rows / lengths).astype(np.float32), answer.usage.prompt_tokens if answer.usage else 0)


def _numbers(spelled: str | list[float]) -> NDArray[np.float32]:
    if isinstance(spelled, list):
        return np.array(spelled, np.float32)
    try:
        return np.frombuffer(base64.b64decode(spelled, validate=True), "<f4")
    except (binascii.Error, ValueError):
        raise NotVectors("a vector is not base64 of float32") from None
