"""What a platform's limits say of a video before its first byte is sent, and the text that goes beside it."""

from nightdesk.media.platforms.facts import PostFacts, VideoFacts
from nightdesk.media.platforms.limits import Limits
from nightdesk.media.platforms.validate import validate
from nightdesk.publisher import Piece


def caption(piece: Piece) -> str:
    """Its description with its hashtags behind it; the options `caption` and `tags` go before its own."""
    return _post(piece).text


def breaks(piece: Piece, limits: Limits) -> list[str]:
    """What the platform would not take of it, in words; what is not known of its file counts as fitting."""
    if piece.kind != "video":
        return [f"{limits.name} takes videos; an article goes to a platform for articles."]
    video = piece.of_role("video")
    if video is None:
        return ["It has no video file."]
    facts = VideoFacts(
        seconds=limits.seconds[1] if video.seconds is None else video.seconds,
        width=video.width or limits.best[0][0],
        height=video.height or limits.best[0][1],
        rate=limits.rates[0],
        video=limits.video[0],
        sound=limits.sound[0],
        bytes=video.size,
        container=video.mime,
        watermark=bool(piece.options.get("watermark")),
    )
    return [one.message for one in validate(facts, limits, _post(piece))]


def _post(piece: Piece) -> PostFacts:
    wished = piece.options.get("tags")
    if isinstance(wished, str):
        wished = [tag.strip() for tag in wished.split(",") if tag.strip()]
    tags = [str(tag) for tag in wished] if isinstance(wished, list | tuple) else list(piece.tags)
    text = piece.options.get("caption")
    return PostFacts(piece.title, text if isinstance(text, str) else piece.text, tags)
