"""Decides what is a keyword phrase, tidies it, and says when two spellings are one phrase."""

import re
import unicodedata

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files.contract import MAX_PHRASE

# Controls (but for white space), halves of pairs, private use, and the marks of a wrong encoding.
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff]")
# Invisible: soft hyphen, marks of direction, zero-width space, word joiner, byte order mark. The zero-width
# joiner and non-joiner stay: Persian, Indic scripts and emoji are spelt with them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FORCED_TEXT = re.compile(r'="(.*)"')
_MATCH_TYPES = (('"', '"'), ("[", "]"), ("“", "”"), ("«", "»"), ("„", "“"))
_BROAD_MATCH = re.compile(r"(?<!\S)\+(?=\w)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_FORMULA = "=+-@"


def normalise(phrase: str) -> str:
    """What is equal for two spellings of one phrase: compatibility forms, case and white space set aside."""
    folded = unicodedata.normalize("NFKC", phrase).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def tidy(text: str) -> str:
    """The phrase as it is kept: readable, 1 to 200 characters, harmless in a spreadsheet.

    Spreadsheets run cells that begin with `= + - @` (OWASP, CSV injection), so no phrase begins with one.
    Marks of Ads match types (`+buy +shoes`, `[exact]`, `"phrase"`) are taken off; formulas and negative
    keywords are refused.
    Raises `Refused` with the reason.
    """
    if _UNREADABLE.search(text):
        raise Refused("it holds characters that cannot be read (a wrong encoding, or control characters)")
    forced = _FORCED_TEXT.fullmatch(text.strip())
    phrase = _squeezed(forced[1] if forced else text)
    phrase = _bare(phrase) if len(phrase) <= MAX_PHRASE * 2 else phrase
    if not phrase:
        raise Refused("the phrase is empty")
    if len(phrase) > MAX_PHRASE or len(normalise(phrase)) > MAX_PHRASE:
        raise Refused(f"it is longer than {MAX_PHRASE} characters")
    if phrase.startswith("# "):
        raise Refused("it is a heading or a comment")
    first = unicodedata.normalize("NFKC", phrase[0])[:1]
    if first == "-":
        raise Refused("it begins with a minus: a negative keyword")
    if first in _FORMULA:
        raise Refused("it begins like a spreadsheet formula")
    if _ADDRESS.fullmatch(phrase):
        raise Refused("it is an address, not a phrase")
    if not any(character.isalpha() for character in phrase) and not re.fullmatch(r"\d{3,8}", phrase):
        raise Refused("there is no word in it")
    return phrase


def _squeezed(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _bare(phrase: str) -> str:
    """Without the marks of match types around it and before its words."""
    before = None
    while phrase != before:
        before = phrase
        for left, right in _MATCH_TYPES:
            if len(phrase) > 1 and phrase.startswith(left) and phrase.endswith(right):
                phrase = phrase[1:-1]
        phrase = _BROAD_MATCH.sub("", phrase).lstrip("@'`").strip()
    return phrase
