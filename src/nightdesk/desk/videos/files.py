"""The files of videos: found by what they are of, and read in parts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from nightdesk.desk.errors import NotFound, Unavailable
from nightdesk.desk.videos.redoing import by_position
from nightdesk.desk.videos.shelf import Shelf, Shown
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.store.files import Files
from nightdesk.store.tables.videos import Video

Which = Literal[
    "video", "thumbnail", "cover", "srt", "vtt", "narration", "sound", "picture", "footage"
]  # fmt: skip
WORDS: dict[str, str] = {
    "video": "video/mp4",
    "thumbnail": "image/png",
    "cover": "image/png",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "narration": "audio/wav",
    "sound": "audio/wav",
    "picture": "image/png",
    "footage": "video/mp4",
}
"""What there is of a video, and its media type; the last three are of a scene."""


@dataclass(frozen=True)
class Opened:
    """A file, named by the SHA-256 of its content; `size` in bytes."""

    sha256: str
    mime: str
    size: int


@dataclass(frozen=True)
class VideoFiles:
    """Finds files of the workspace's videos."""

    shelf: Shelf
    files: Files

    async def find(
        self,
        workspace_id: int,
        number: int,
        which: Which,
        *,
        position: int | None = None,
        variant: str | None = None,
    ) -> Opened:
        """A video's file; `position` names the scene, `variant` a thumbnail other than the chosen one.

        Raises `NotFound`, also where it is not made yet, and `Unavailable` where the storage is away.
        """
        shown = await self.shelf.show(workspace_id, number)
        sha256, mime = _named(shown, which, position, variant)
        if not sha256:
            raise NotFound(f"{which} of this video yet")
        try:
            return Opened(sha256, mime, await self.files.size(workspace_id, sha256))
        except Refused as error:
            raise NotFound(f"{which} of this video any more") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    def read(
        self, workspace_id: int, opened: Opened, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes of a file from `start` to before `end`, piece by piece."""
        return self.files.read(workspace_id, opened.sha256, start, end)

    async def content(self, workspace_id: int, opened: Opened) -> bytes:
        """All of a file. Raises `NotFound`, `Unavailable`."""
        try:
            return await self.files.get(workspace_id, opened.sha256)
        except Refused as error:
            raise NotFound("file of this video any more") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error


def _named(shown: Shown, which: Which, position: int | None, variant: str | None) -> tuple[str | None, str]:
    video, mime = shown.video, WORDS[which]
    if which in ("sound", "picture", "footage"):
        scene = by_position(shown.scenes, position or 0)
        if scene is None:
            raise NotFound("scene")
        return getattr(scene, which), (scene.mime or mime) if which == "picture" else mime
    if which == "thumbnail":
        return _thumbnail(video, variant, mime)
    return {
        "video": video.file,
        "cover": video.cover,
        "srt": video.srt,
        "vtt": video.vtt,
        "narration": video.narration,
    }[which], mime


def _thumbnail(video: Video, variant: str | None, mime: str) -> tuple[str | None, str]:
    """The variant named, else the chosen one, else the first, else the cover."""
    if variant is not None:
        named = [one for one in video.thumbnails if str(one.get("variant")) == variant]
        return (str(named[0]["asset"]), str(named[0].get("mime") or mime)) if named else (None, mime)
    found = sorted(video.thumbnails, key=lambda one: not one.get("chosen"))
    return (str(found[0]["asset"]), str(found[0].get("mime") or mime)) if found else (video.cover, mime)
