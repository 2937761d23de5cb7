"""What TikTok lets an account do just now, and what a post is told to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.endings import Refused
from nightdesk.publisher import Piece, Record
from nightdesk.publishers.limits import caption
from nightdesk.publishers.tiktok.service import Service

PRIVACY = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
SWITCHES = ("comment", "duet", "stitch")


@dataclass(frozen=True)
class Creator:
    """Who posts. `privacy` are the levels that may be chosen, `off` what the account has switched off."""

    name: str
    privacy: tuple[str, ...]
    off: frozenset[str]
    seconds: float | None


async def creator(service: Service, record: Record | None = None) -> Creator:
    """Asked before each post, as TikTok wants it. Raises `Later`, `NeedsPerson`, `Refused`."""
    # https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info
    found = await service.ask("post/publish/creator_info/query/", "Asks what the account may post.", record)
    levels, most = found.get("privacy_level_options"), found.get("max_video_post_duration_sec")
    return Creator(
        str(found.get("creator_username") or ""),
        tuple(str(level) for level in levels) if isinstance(levels, list) else (),
        frozenset(switch for switch in SWITCHES if found.get(f"{switch}_disabled") is True),
        float(most) if isinstance(most, int | float) else None,
    )


def facts(piece: Piece, who: Creator, usual: str) -> dict[str, Any]:
    """What a post is told to be; `usual` is the account's privacy. Raises `Refused`."""
    found = wished(piece, usual)
    level = found["privacy_level"]
    if who.privacy and level not in who.privacy:
        raise Refused(
            f"TikTok lets @{who.name} post as {', '.join(who.privacy)} just now, not as {level}: choose one "
            "of them for the account. An app that TikTok has not audited may post as SELF_ONLY alone."
        )
    video = piece.of_role("video")
    if video and video.seconds and who.seconds and video.seconds > who.seconds:
        raise Refused(f"It has {video.seconds:.1f} s; TikTok lets @{who.name} post {who.seconds:g} s.")
    return found | {f"disable_{switch}": True for switch in who.off}


def wished(piece: Piece, usual: str) -> dict[str, Any]:
    """What a post would be told to be, whatever the account has switched off just now."""
    options = piece.options
    found: dict[str, Any] = {
        "title": caption(piece),
        "privacy_level": str(options.get("privacy") or usual),
        "is_aigc": piece.synthetic,
        "brand_content_toggle": options.get("brand_content") is True,
        "brand_organic_toggle": options.get("brand_organic") is True,
    }
    for switch in SWITCHES:
        found[f"disable_{switch}"] = options.get(f"disable_{switch}") is True
    if options.get("cover_ms") is not None:
        found["video_cover_timestamp_ms"] = options["cover_ms"]
    return found


def faults(options: Mapping[str, Any], usual: str) -> list[str]:
    """What of the options cannot be, in words."""
    found = []
    level = options.get("privacy") or usual
    if level not in PRIVACY:
        found.append(f"`privacy` is one of {', '.join(PRIVACY)}.")
    if options.get("brand_content") is True and level == "SELF_ONLY":
        found.append("TikTok shows paid partnerships to others: they cannot be SELF_ONLY.")
    at = options.get("cover_ms")
    if at is not None and not (isinstance(at, int) and at >= 0):
        found.append("`cover_ms` is a number of milliseconds into the video.")
    return found
