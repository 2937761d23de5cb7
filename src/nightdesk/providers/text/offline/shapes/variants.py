"""Picks one of several wordings, the same each time for the same text."""

from collections.abc import Sequence
from zlib import crc32


def one_of(wordings: Sequence[str], text: str) -> str:
    """One of the wordings, by the text's checksum, so that neighbours differ and a rewrite does not."""
    return wordings[crc32(text.encode()) % len(wordings)]
