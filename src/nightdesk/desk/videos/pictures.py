"""Which picture stands for a video in lists."""

from nightdesk.store.tables.videos import Video


def picture_of(video: Video) -> str | None:
    """The SHA-256 of the chosen thumbnail, else of the first, else of the cover; None where there is none."""
    found = sorted(video.thumbnails, key=lambda one: not one.get("chosen"))
    return str(found[0]["asset"]) if found else video.cover
