"""The first comment under a piece that is out: sent once at most, and told where it is missing or may be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nightdesk.kit.endings import Ending
from nightdesk.kit.points import reach
from nightdesk.publisher import Live, Piece, Record, Token, Unclear

OPTION = "first_comment"
SENT, OVER = "sent", "over"
"""What a token keeps of it under `comment`: it may have been sent; what came of that is written down."""

GONE = "Whoever sent it ended before it was answered."

Writing = Callable[[str], Awaitable[None]]
"""Sends a comment. Raises `Unclear` where it may be there, any other ending where it certainly is not."""


@dataclass(frozen=True)
class Post:
    """What it goes under: the platform by the name of its points, what is out, and the token so far."""

    platform: str
    live: Live
    token: Token


def wished(piece: Piece) -> str:
    """Its words; empty for none."""
    found = piece.options.get(OPTION)
    return str(found).strip() if isinstance(found, str | int) and not isinstance(found, bool) else ""


def faults(piece: Piece) -> list[str]:
    """What cannot be a comment, in words for people."""
    found = piece.options.get(OPTION)
    none = found is None or found is False or wished(piece) or found == ""
    return [] if none else [f"`{OPTION}` must be the words of the first comment."]


async def add(piece: Piece, post: Post, record: Record, write: Writing) -> None:
    """Sends the comment that is wished for, unless an earlier try may have done so. It raises nothing of its
    own: the piece is out, whatever becomes of this."""
    text, known = wished(piece), post.token.get("comment")
    if not text or known == OVER:
        return
    if known == SENT:
        await record.step("decision", _unknown(post, GONE))
    else:
        # Kept before it is sent: no platform takes a mark by which a second one would be known.
        await record.token({**post.token, "comment": SENT})
        reach(f"{post.platform}.comment.before")
        try:
            await write(text)
        except Unclear as ending:
            await record.step("decision", _unknown(post, ending.why))
        except Ending as ending:
            await record.step("decision", _missing(post, ending.why))
        reach(f"{post.platform}.comment.after")
    await record.token({**post.token, "comment": OVER})


async def left_out(piece: Piece, token: Token | None, record: Record, where: str) -> None:
    """Tells once, for a platform that takes none from here, that a person has to write it. `where` is the
    platform in words; `token` what an earlier try kept, which has told it."""
    if token is None and wished(piece):
        says = f"Its first comment is not written: {where} takes none from here. Write it there by hand."
        await record.step("decision", says)


def _missing(post: Post, why: str) -> str:
    return f"It is out without its first comment: {why} Write it by hand{_there(post)}."


def _unknown(post: Post, why: str) -> str:
    return (
        f"It is out, and it is not known whether with its first comment: {why} It is not sent again; look"
        f"{_there(post)}, and write it by hand where it is missing."
    )


def _there(post: Post) -> str:
    return f" at {post.live.url}" if post.live.url else " there"
