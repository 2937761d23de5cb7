"""What a person gave a site for its videos, as one of them is made with it: intro, outro and music."""

from collections.abc import Mapping
from typing import Any

from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

RATE = 30
WHICH = ("intro", "outro", "music")
OPENING = "opening"
"""Beside them: how its script is to begin, where that was asked for."""

CROSSES = 6
"""Frames that a clip is shown beyond its time, while it crosses into its neighbour."""


def given(video: Video, site: Site) -> dict[str, Any]:
    """Those of the site's files that the video is made with, as it keeps them."""
    found = {which: site.video_files.get(which) or {} for which in WHICH}
    kept = {which: facts for which, facts in found.items() if facts.get("asset") and not facts.get("off")}
    if not video.music:
        kept.pop("music", None)
    return kept | asked(opening(video))


def asked(opening: str) -> dict[str, Any]:
    """As a video keeps it."""
    return {OPENING: opening} if opening else {}


def opening(video: Video) -> str:
    """How its script is to begin; empty where the writer is free."""
    return str(video.given.get(OPENING) or "") if video.given else ""


def part(video: Video, which: str) -> Mapping[str, Any]:
    """What the video keeps of one of them; empty for none."""
    return video.given.get(which) or {}


def seconds_of(video: Video, which: str) -> float:
    """How much longer an intro or outro makes the video: whole frames."""
    return max(int(part(video, which).get("frames") or 0) - CROSSES, 0) / RATE


def around(video: Video) -> float:
    """Seconds of intro and outro together."""
    return seconds_of(video, "intro") + seconds_of(video, "outro")
