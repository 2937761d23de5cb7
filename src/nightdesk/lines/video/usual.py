"""What a video is like of which nobody said otherwise: as its site has it, else as the line has it."""

from typing import Any

from nightdesk.store.tables.tenancy import Site

SECONDS, SHAPE, CAPTIONS = 30, "9:16", "clean"
NO_CAPTIONS = "none"
"""How settings and wishes spell what a video keeps as an empty style."""


def captions_of(site: Site) -> str:
    """The style as settings spell it."""
    return str(site.video.get("captions") or CAPTIONS)


def usual(site: Site) -> dict[str, Any]:
    """The columns `target` (seconds), `shape` and `captions` of a new video."""
    captions = captions_of(site)
    return {
        "target": site.video.get("duration") or SECONDS,
        "shape": site.video.get("format") or SHAPE,
        "captions": "" if captions == NO_CAPTIONS else captions,
    }
