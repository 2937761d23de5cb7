"""From markup to plain text: tags away, character references read once, nothing that cannot be stored."""

import html
import re
from functools import lru_cache

from nightdesk.kit.text import clean, shorten

LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
_LOOKED_AT = 100_000

_BLOCK = re.compile(
    r"address|article|aside|blockquote|br|center|d[dlt]|details|div|fieldset|fig(?:caption|ure)|footer|form"
    r"|h[1-6r]|header|li|main|nav|[ou]l|option|p|pre|section|summary|table|tbody|t[dhr]|tfoot|thead"
)
_INLINE = re.compile(
    r"abbr|acronym|applet|audio|[abiqsu]|bd[io]|big|blink|body|button|canvas|caption|cite|code|col(?:group)?|data|del|dfn|em"
    r"|embed|font|frame(?:set)?|head|html|iframe|img|input|ins|kbd|label|legend|link|map|mark|marquee|meta|noscript|object"
    r"|param|picture|r[pt]|ruby|samp|script|select|small|source|span|strike|strong|style|su[bp]|svg|template"
    r"|textarea|time|title|track|tt|var|video|wbr|.+[:-].*"
)
# Possessive and without `<` inside, so that each character is looked at a bounded number of times.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20}|[a-zA-Z][\w-]{0,40}[:-][\w:.-]{1,60})"
    r"(?=[\s/>])(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>"
)
_SILENT = re.compile(r"<(script|style|template|iframe)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][a-zA-Z][^<>]*>", re.S)


def text_of(markup: str, limit: int = LONGEST_TEXT) -> str:
    """The text of a piece of HTML, one line for each block; at most `limit` characters.

    What looks like a tag but is none of HTML (`Vec<String>`) stays. A text without markup stays as it is.
    """
    text = markup[:_LOOKED_AT]
    if "<" in text:
        text = _TAG.sub(_instead, _SILENT.sub(" ", _COMMENT.sub("", text)))
    if "&" in text:
        text = html.unescape(text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    # Cut before it is cleaned, which takes longest.
    whole = clean("\n".join(line for line in lines if line)[: limit + 100]).strip()
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def line_of(markup: str, limit: int = LONGEST_TITLE) -> str:
    """The text of a piece of HTML on one line of at most `limit` characters."""
    return shorten(text_of(markup, limit * 4), limit)


def _instead(tag: re.Match[str]) -> str:
    stands_for = _standing_for(tag["name"].lower())
    return tag[0] if stands_for is None else stands_for


@lru_cache(maxsize=200)
def _standing_for(name: str) -> str | None:
    if _BLOCK.fullmatch(name):
        return "\n"
    return "" if _INLINE.fullmatch(name) else None
