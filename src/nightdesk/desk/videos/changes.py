"""Videos as a person changes them as a whole: their voices, captions, shape, script, title, thumbnail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.videos.redoing import DECIDED, Edit, Redoing, of_speakers, unsaid, unseen
from nightdesk.desk.videos.scenes import Changed
from nightdesk.desk.videos.wishes import changed

REWRITTEN = ("topic", "kind", "target", "language", "character", "custom_script")
"""What a script follows from."""

LAID_OUT = ("captions", "platforms", "music")
"""What captions follow from, and the frames or the sound with them."""

THUMBNAILS = "thumbnails"


@dataclass(frozen=True)
class Changes:
    """Changes videos and asks for a run. Raises as `Scenes` does."""

    redoing: Redoing

    async def change(
        self, workspace_id: int, number: int, facts: Mapping[str, Any], revision: int | None = None
    ) -> Changed:
        """Changes the fields given: `title`, `captions` (a style or `none`), `music` (the site's), `voice`,
        `second_voice`, `shape`, `platforms`; and, which has it written anew, `topic`, `kind`, `target`
        (seconds), `language`, `character`, `custom_script`. What follows from them is made anew, no more."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            video = edit.video
            wanted = changed(dict(facts), video.target, video.language or "en")
            found = {name: value for name, value in wanted.items() if getattr(video, name) != value}
            for name, value in found.items():
                setattr(video, name, value)
            if found:
                _follow(edit, set(found))
                edit.says = f"Changed: {', '.join(sorted(found))}."
        return await self._done(edit)

    async def rewrite(self, workspace_id: int, number: int, revision: int | None = None) -> Changed:
        """Has the script written anew from the topic, and with it all that follows from it."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            edit.video.custom_script = ""
            _rewritten(edit)
            edit.says = "The script is to be written anew."
        return await self._done(edit)

    async def remake_thumbnail(self, workspace_id: int, number: int, revision: int | None = None) -> Changed:
        """Has the thumbnails made anew. Raises `Conflict` before the video is rendered."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            if edit.video.file is None:
                raise Conflict("This video is not rendered yet: its thumbnails are made from it.")
            edit.video.thumbnails = []
            edit.back(self._before_thumbnails())
            edit.says = "The thumbnails are to be made anew."
        return await self._done(edit)

    async def choose_thumbnail(
        self, workspace_id: int, number: int, variant: str, revision: int | None = None
    ) -> Changed:
        """Has that variant stand for the video; nothing is made anew. Raises `NotFound` for the variant."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            video = edit.video
            if not any(str(one.get("variant")) == variant for one in video.thumbnails):
                raise NotFound("variant of the thumbnail")
            video.thumbnails = [
                {**one, "chosen": str(one.get("variant")) == variant} for one in video.thumbnails
            ]
            _voided(edit)
            edit.says = f"Thumbnail {variant} was chosen."
        return await self._done(edit)

    def _before_thumbnails(self) -> str:
        """The status in which a video waits for its thumbnails."""
        line = self.redoing.shelf.control.runner.lines["video"]
        return next((stage.waits for stage in line.stages if stage.name == THUMBNAILS), "filmed")

    async def _done(self, edit: Edit) -> Changed:
        return Changed(edit.video, await self.redoing.finish(edit.video) if edit.to else "")


def _follow(edit: Edit, found: set[str]) -> None:
    """Sets back what follows from the fields that were changed. Raises `Conflict` where that is in hand."""
    if found & {"shape"}:
        edit.free(edit.scenes)
        unseen(edit.scenes)
        edit.back("scripted")
    if found & {*LAID_OUT}:
        edit.back("scripted")
    speakers = {0} if "voice" in found else set[int]()
    if "second_voice" in found or ("voice" in found and not edit.video.second_voice):
        speakers.add(1)
    if speakers:
        said = of_speakers(edit.scenes, speakers)
        edit.free(said)
        unsaid(said)
        edit.back("scripted")
    if found & {*REWRITTEN}:
        _rewritten(edit, keep_title="title" in found)
    elif "title" in found:
        _voided(edit)


def _rewritten(edit: Edit, *, keep_title: bool = False) -> None:
    edit.free(edit.scenes)
    if not edit.video.topic:
        raise Invalid("topic", "This video has no topic yet to be written about.")
    edit.video.title = edit.video.title if keep_title else ""
    edit.back("pending")


def _voided(edit: Edit) -> None:
    """Nothing is made anew, but what was approved is not quite what there is now."""
    video = edit.video
    video.revision += 1
    video.checks = {name: check for name, check in video.checks.items() if name != DECIDED}
    if video.status in ("approved", "sent_back"):
        video.status, video.reviewed_at = "review", None
