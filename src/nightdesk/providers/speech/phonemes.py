"""Turns words into phonemes for voices that were trained on espeak NG's, and keeps their punctuation."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from nightdesk.providers.speech.espeak_reader import EspeakReader

_PAUSE = re.compile(r"([,;:.!?…،؛؟。，！？—])[^\w]*$")
_SPELLED = {"…": ".", "،": ",", "؛": ";", "؟": "?", "。": ".", "，": ",", "！": "!", "？": "?", "—": ","}


async def phonemes(words: Sequence[str], language: str, reader: EspeakReader) -> str:
    """The words in the International Phonetic Alphabet, a mark wherever the text pauses."""
    said = []
    clause: list[str] = []
    for number, word in enumerate(words, 1):
        clause.append(word)
        pause = _PAUSE.search(word)
        if pause or number == len(words):
            mark = _SPELLED.get(pause[1], pause[1]) if pause else ""
            said.append(await reader.phonemes(" ".join(clause), language) + mark)
            clause = []
    return " ".join(said)


def ids_of(said: str, known: Mapping[str, Any]) -> list[list[int]]:
    """The numbers that a voice has for each phoneme; those that it does not know are left out."""
    found: list[list[int]] = []
    for phoneme in said:
        # A voice's table may hold a letter and its mark apart.
        parts = [phoneme] if phoneme in known else unicodedata.normalize("NFD", phoneme)
        for ids in (known[part] for part in parts if part in known):
            found.append([int(each) for each in (ids if isinstance(ids, list) else [ids])])
    return found
