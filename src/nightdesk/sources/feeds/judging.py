"""Looks at a feed's text before any parser does: is it one, and is it made to do harm?"""

import re
from contextlib import suppress
from typing import Literal

from lxml import etree

from nightdesk.sources.feeds.contract import FeedRefused

Kind = Literal["xml", "json"]

MOST_ITEMS = 50_000
MOST_ATTRIBUTES = 2_000
DEEPEST = 1_000
# A text with fewer tags than this has neither entries nor depth enough to matter.
_FEW_TAGS = 10_000
_MOST_BEGUN = 10_000
_PIECE = 1 << 16

_ROOTS = {"rss", "feed", "rdf", "channel"}
_FEED_INSIDE = re.compile(r"<(?:[\w-]{1,20}:)?(?:rss|feed|rdf)\b", re.I)
_LOOKED_AT = 8192
_DECLARED = re.compile(r"<!DOCTYPE[^>\[]{0,2000}\[", re.I)
# Parsers compare each attribute of a tag with each other one. Possessive, so that nothing is tried twice.
_ATTRIBUTES = re.compile(
    r"(?:\s++[\w:.-]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){%d}+" % MOST_ATTRIBUTES  # noqa: UP031
)
_BEGUN = re.compile(r"<[A-Za-z][^<>]{0,200}(?=<)")
_NAME = re.compile(r"<([A-Za-z_][\w.-]*)(?::([\w.-]+))?")


def judge(text: str) -> Kind:
    """Which reader the text is for. Raises FeedRefused for what is none or is made to do harm."""
    text = text.lstrip("\ufeff \t\r\n")
    start = text[:_LOOKED_AT]
    if not start:
        raise FeedRefused("not_a_feed", "Nothing came back.")
    if start[0] in "{[":
        return "json"
    root = root_of(text)
    if root not in _ROOTS and not (root != "html" and _FEED_INSIDE.search(start)):
        raise FeedRefused("not_a_feed", f"This is {_described(root)}, not a feed.")
    if _DECLARED.search(text) and re.search("<!ENTITY", text, re.I):
        raise FeedRefused("bad_feed", "This feed declares entities of its own, which can be made to do harm.")
    if text.count("=") > MOST_ATTRIBUTES and _ATTRIBUTES.search(text):
        raise FeedRefused("too_complex", f"A tag of this feed has more than {MOST_ATTRIBUTES:,} attributes.")
    if text.count("<") > _FEW_TAGS:
        _judge_tags(text)
    return "xml"


def _judge_tags(text: str) -> None:
    if sum(map(text.count, ("<item", "<entry", ":item", "<ITEM"))) > MOST_ITEMS:
        raise FeedRefused("too_complex", f"This feed has more than {MOST_ITEMS:,} entries.")
    if sum(1 for _ in _BEGUN.finditer(text)) > _MOST_BEGUN:
        raise FeedRefused("too_complex", f"More than {_MOST_BEGUN:,} tags of this feed have no end.")
    _dive(text)


def is_whole(text: str) -> bool:
    """Whether the text is well-formed XML."""
    parser = etree.XMLParser(target=_Nobody(), resolve_entities=False, no_network=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:
        return False
    return True


def root_of(text: str) -> str:
    """The name of the first element, without prefix and in lower case; empty where there is none."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            at = text.find("-->", at)
        elif text.startswith("<?", at):
            at = text.find("?>", at)
        elif text.startswith("<!", at):
            if text[at : at + 20].lower().split()[1:2] == ["html"]:
                return "html"
            at = _after_doctype(text, at)
        else:
            found = _NAME.match(text, at)
            return (found[2] or found[1]).lower() if found else ""
        if at < 0:
            return ""
        at += 1
    return ""


def _after_doctype(text: str, at: int) -> int:
    end = text.find(">", at)
    opened = text.find("[", at, end if end >= 0 else len(text))
    return end if opened < 0 else text.find("]", opened)


def _described(root: str) -> str:
    if root == "html":
        return "a page"
    return f"a document of the kind '{root[:40]}'" if root else "text"


class _Nobody:
    """Listens to nothing, so that the parser builds nothing."""

    def close(self) -> None:
        return None


class _Diver(_Nobody):
    """Counts how deep it is, and turns back where that is too deep."""

    def __init__(self) -> None:
        self._depth = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FeedRefused("too_complex", f"The tags of this feed lie more than {DEEPEST:,} deep.")

    def end(self, _tag: str) -> None:
        self._depth -= 1


def _dive(text: str) -> None:
    parser = etree.XMLParser(
        target=_Diver(), recover=True, huge_tree=True, resolve_entities=False, no_network=True
    )
    body = text.encode("utf-8", "replace")
    with suppress(etree.XMLSyntaxError):
        # In pieces, for the parser goes on to the end of one when it is told to stop.
        for at in range(0, len(body), _PIECE):
            parser.feed(body[at : at + _PIECE])
        parser.close()
