"""The words of a short post: laid out of a piece, and counted as X counts them."""

import re
import unicodedata
from collections.abc import Iterable

from nightdesk.kit.text import shorten
from nightdesk.media.platforms.facts import length
from nightdesk.publisher import Piece

# https://docs.x.com/fundamentals/counting-characters
MOST = 280
LINK = 23
"""What any link counts, however long it is."""

ENDLESS = 30_000
"""Characters that no account may post; such a text is not counted further."""

# Names end as countries' do or in one of these: X makes links of many more, but then of few that texts name.
_ENDS = (
    r"(?!js\b|ts\b)[a-z]{2}|com|org|net|info|news|app|dev|edu|gov|int|biz|blog|shop|site|online|tech|media"
    r"|press|live|xyz|cloud|club|page|wiki|world|today|store|tv"
)
_NAME = rf"(?<![\w@.])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_ENDS})\b(?:/\S*)?"
_LINK = re.compile(rf"https?://\S+|{_NAME}", re.I)


def weight(text: str) -> int:
    """How long a post is: links count 23, letters of most scripts 1 each, others and signs 2.

    A name with a dot that X may not take for a link counts as what is more, so that it never counts less.
    """
    if len(text) > ENDLESS:
        return len(text)
    composed = unicodedata.normalize("NFC", text)
    plain = _LINK.sub("", composed)
    links = (max(LINK, 0 if one.startswith("http") else _plain(one)) for one in _LINK.findall(composed))
    return _plain(plain) + sum(links)


def has_link(text: str) -> bool:
    """Whether X would make a link of something in it."""
    return _LINK.search(text) is not None


def link_of(piece: Piece) -> str:
    """The address that the piece leads to, where its options name one."""
    found = piece.options.get("link")
    return found.strip() if isinstance(found, str) else ""


def laid_out(piece: Piece, most: int = MOST, *, labelled: bool = False) -> str:
    """The post: what the option `post` says as it is; else of an article its title, what room leaves of its
    summary, and its link; of a video its description and as many of its hashtags as fit.

    With `labelled` it says that machines made it, where the platform takes no flag for that. Titles, links
    and labels are never shortened, so that it can be too long.
    """
    own = piece.options.get("post")
    label = piece.label.strip() if labelled else ""
    if isinstance(own, str) and own.strip():
        return _joined([own.strip(), label])
    link = link_of(piece)
    if piece.kind == "article":
        return _joined(
            [piece.title.strip(), _room(piece.text, [piece.title, label, link], most), label, link]
        )
    said = piece.options.get("caption")
    words = said if isinstance(said, str) and said.strip() else piece.text or piece.title
    text = _room(words, [label, link], most) or piece.title.strip()
    tags = _tags(piece.tags, [text, label, link], most)
    return _joined([text, tags, label, link])


def _tags(tags: Iterable[str], beside: list[str], most: int) -> str:
    found = ""
    for tag in tags:
        sign = "#" + re.sub(r"\W+", "", tag.lstrip("#"))
        longer = f"{found} {sign}".strip()
        if len(sign) > 1 and weight(_joined([*beside, longer])) <= most:
            found = longer
    return found


def _room(words: str, beside: list[str], most: int) -> str:
    """As much of a text as fits beside others; nothing where that is no more than a few words."""
    line = shorten(words, 2 * most)
    room = len(line)
    while room > 20:
        text = shorten(line, room)
        over = weight(_joined([*beside, text])) - most
        if over <= 0:
            return text
        room = min(room, len(text)) - max(over // 2, 1)
    return line if line and weight(_joined([*beside, line])) <= most else ""


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _plain(text: str) -> int:
    return length(text, "weighted")
