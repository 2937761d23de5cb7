"""Readies a text for a voice: takes out what no voice can say, and nothing else."""

import re

_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.(?=\S))(?:[^\s<>\"'）」】]*[^\s<>\"'.,;:!?)\]）」】])?"
    r"|\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b",
    re.I,
)
"""Also of one that was cut off right behind its slashes."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows, in whatever page it is shown."""

_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)")
_NOTE = re.compile(r"\s?\[\^[\w-]{1,20}\]")
_TAG = re.compile(r"</?[a-zA-Z!][^<>\n]{0,500}>")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|(?:[-*_][ \t]*){3,}$|```.*$)", re.M)
_EMPHASIS = re.compile(r"(?<![\w*_`~])(\*{1,3}|_{1,3}|`{1,3}|~~)(?=\S)([^\n]{1,500}?)(?<=\S)\1(?![\w*_`~])")
# Pictographs, flags, keycaps, skin tones and what joins them; ©, ® and ™ are said.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u3030\u303d\u3297\u3299\u231a-\u23ff\ufe0e\ufe0f\u20e3"
    "\U000e0020-\U000e007f]|(?<=[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d"
)
_BEFORE_MARK = re.compile(r"[ \t]+([.,;:!?…،؛؟。、，！？])")
_EMPTY_BRACKETS = re.compile(r"[(（\[][\s.,;:]*[)）\]]")


def spoken(text: str) -> str:
    """The text as it is read aloud and shown in captions, on one line.

    Numbers, abbreviations and symbols stay as written; addresses, emoji, tags and Markdown's marks go, with
    the words that they marked kept.
    """
    bare = _NOTE.sub("", _LINK.sub(r"\1", _TAG.sub(" ", _TURNING.sub("", text))))
    bare = _LINE_MARK.sub("", _ADDRESS.sub("", bare))
    for _ in range(2):
        bare = _EMPHASIS.sub(r"\2", bare)
    bare = _EMPTY_BRACKETS.sub("", _EMOJI.sub("", bare))
    return _BEFORE_MARK.sub(r"\1", " ".join(bare.split())).strip()


def has_address(text: str) -> bool:
    """Whether a voice would have to spell an address out."""
    return bool(_ADDRESS.search(text))


def without_addresses(text: str) -> str:
    """The text with its lines, without web and mail addresses and tags."""
    bare = _ADDRESS.sub("", _TAG.sub(" ", _LINK.sub(r"\1", _TURNING.sub("", text))))
    return "\n".join(" ".join(line.split()) for line in bare.splitlines()).strip()
