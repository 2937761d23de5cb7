"""Cuts a phrase into words that compare equal however they were typed, in any script."""

import re
import unicodedata

# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_]|[\u0300-\u036f\u0900-\u0dff])+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_RUN = re.compile(rf"[{_UNSPACED}]")
_POSSESSIVE = re.compile(r"['’`´](?=s\b)|(?<=s)['’](?!\w)")
_ACCENTED = re.compile(r"[\u0300-\u036f]")


def words(text: str) -> list[str]:
    """The words of `text` in order, lower case, without Latin accents and punctuation.

    Runs of scripts that leave no spaces come as overlapping pairs of characters, so that a longer run
    shares words with a shorter one. A text without any letter or digit (an emoji, a lone mark) is one word.
    """
    lowered = text.casefold()
    if lowered.isascii():
        if "'" in lowered or "`" in lowered:
            lowered = _POSSESSIVE.sub("", lowered)
        return _ASCII_WORD.findall(lowered) or _bare(lowered)
    lowered = _POSSESSIVE.sub("", _without_accents(lowered))
    found: list[str] = []
    for word in _WORD.findall(lowered):
        if len(word) > 2 and _RUN.match(word):
            found.extend(word[at : at + 2] for at in range(len(word) - 1))
        else:
            found.append(word)
    return found or _bare(lowered)


def _without_accents(text: str) -> str:
    """Takes the accents off Latin letters and leaves the marks of other scripts, where they are letters."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    plain: list[str] = []
    for letter in composed:
        parts = unicodedata.normalize("NFD", letter)
        plain.append(_ACCENTED.sub("", parts) if "a" <= parts[0] <= "z" else letter)
    return "".join(plain)


def _bare(text: str) -> list[str]:
    squeezed = "".join(letter for part in text.split() for letter in part if letter.isprintable())
    return [squeezed] if squeezed else []
