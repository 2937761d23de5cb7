"""Flags text that reads like orders to a machine, in whatever was scraped or handed in."""

import re
import unicodedata
from collections.abc import Iterable

from nightdesk.kit.text import shorten
from nightdesk.quality.instruction_signs import SIGNS, beginnings_of
from nightdesk.quality.report import CheckReport, Finding

CODE = "instruction_like_text"

# Tag characters and bidirectional overrides carry text that a person does not see; a single zero-width
# character has its uses in many scripts, so only a run of them counts.
_HIDDEN = re.compile("[\U000e0020-\U000e007f]{4,}|[\u202d\u202e\u2066-\u2068]|[\u200b\u2060\ufeff]{3,}")
_TAGS = {0xE0000 + letter: letter for letter in range(0x20, 0x7F)}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def check(text: str) -> CheckReport:
    """Every place that reads like an order to a machine; the score is 100 where there is none, else 0.

    A flag is for the person at the gate: the text stays content and has no authority either way.
    """
    findings = list(_found(text))
    return CheckReport("instructions", 0 if findings else 100, findings, {"flagged": len(findings)})


def _found(text: str) -> Iterable[Finding]:
    plain = text
    if not text.isascii():
        plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(_TAGS)))
    if hidden := _HIDDEN.search(text):
        where = plain[max(0, hidden.start() - 60) : hidden.start() + 100]
        yield Finding(
            CODE,
            "warning",
            "Holds characters that a person cannot see: look at the source.",
            shorten(where, 160),
        )
    told: set[str] = set()
    beginnings = beginnings_of(plain)
    for sign in SIGNS:
        if not sign.may_be_in(beginnings):
            continue
        match = sign.pattern.search(plain)
        if match and sign.why not in told:
            told.add(sign.why)
            where = plain[max(0, match.start() - 40) : match.end() + 60]
            message = f"Part of this text {sign.why}: read it before you trust what came of it."
            yield Finding(CODE, "warning", message, shorten(where, 160))
