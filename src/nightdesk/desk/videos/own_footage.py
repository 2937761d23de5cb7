"""A person's own photo or clip for a scene, in place of what providers make."""

import asyncio
from dataclasses import dataclass, field

from nightdesk.desk.errors import Invalid, NotFound, Unavailable
from nightdesk.desk.keeping import keep
from nightdesk.desk.studio import StudioMeans
from nightdesk.desk.videos.redoing import Redoing, as_new, by_position, standing_of
from nightdesk.desk.videos.scenes import Changed
from nightdesk.desk.videos.taking_in import MOST_BYTES, Own, own_footage
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.video.origins import GIVEN, GIVEN_BY_MODEL
from nightdesk.lines.video.sizes import size_of
from nightdesk.media.camera import chosen
from nightdesk.store.files import Files
from nightdesk.store.tables.videos import Scene


@dataclass(frozen=True)
class OwnFootage:
    """Puts files into scenes. Raises as `Scenes` does, and `Invalid` for `file`, `Full`, `Unavailable`."""

    redoing: Redoing
    files: Files
    means: StudioMeans
    _one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def give(
        self,
        workspace_id: int,
        number: int,
        position: int,
        content: bytes,
        revision: int | None = None,
        *,
        by_model: bool = False,
    ) -> Changed:
        """The scene shows the photo, under a moving camera, or the clip, without its sound, from now on.

        It stays when words and shape change, until another picture is asked for. `by_model`: a trained model
        made it, as the person says.
        """
        if by_position((await self.redoing.shelf.show(workspace_id, number)).scenes, position) is None:
            raise NotFound("scene")
        async with self._one_at_a_time:
            own = await taken_in(self.means, content)
        picture = await keep(self.files, workspace_id, own.picture.content, own.picture.mime)
        clip = await keep(self.files, workspace_id, own.clip.content, own.clip.mime) if own.clip else None
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            scene = by_position(edit.scenes, position)
            if scene is None:
                raise NotFound("scene")
            edit.free([scene])
            await keep_assets(edit.session, workspace_id, [one for one in (picture, clip) if one])
            scene.picture, scene.mime = picture.sha256, picture.mime
            scene.footage = clip.sha256 if clip else None
            _told(scene, own, size_of(edit.video.shape), by_model=by_model)
            edit.back("captioned")
            edit.says = f"Scene {position} shows a person's own {own.name} now."
        return Changed(edit.video, await self.redoing.finish(edit.video))


async def taken_in(means: StudioMeans, content: bytes) -> Own:
    """The photo or clip as it is kept. Raises `Invalid` for `file`, `Unavailable`."""
    if len(content) > MOST_BYTES:
        raise Invalid("file", f"A file has {MOST_BYTES >> 20} MB at most. Nothing was changed.")
    try:
        return await own_footage(means.ffmpeg, content)
    except Refused as refused:
        why = refused.why.removeprefix("bad media: ")
        raise Invalid("file", f"This cannot be used: {why}. Nothing was changed.") from refused
    except (Later, NeedsPerson) as error:
        raise Unavailable(error.why) from error


def _told(scene: Scene, own: Own, frame: tuple[int, int], *, by_model: bool) -> None:
    """Whose it is, and how the camera goes over it."""
    size = (own.picture.width, own.picture.height)
    scene.move = "still" if own.clip else chosen(scene.seed, *size, frame)
    scene.label, scene.source = GIVEN_BY_MODEL if by_model else GIVEN, ""
    scene.note = f"A {own.name} that was {scene.label}"
    scene.status = standing_of(scene)
    as_new(scene)
