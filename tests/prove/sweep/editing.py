"""What a person does to a finished video, one after the other: decisions and their undoing, then edits."""

from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from nightdesk.desk.videos import Videos, redoing
from nightdesk.desk.videos.scenes import SceneChanges
from nightdesk.kit import points

Edit = Callable[[Videos, int, int], Awaitable[Any]]


def _decided(decision: Any) -> Edit:
    return lambda videos, workspace, number: videos.decisions.decide(workspace, number, decision)


async def _chosen(videos: Videos, workspace: int, number: int) -> None:
    shown = await videos.shelf.show(workspace, number)
    await videos.changes.choose_thumbnail(workspace, number, str(shown.video.thumbnails[1]["variant"]))


def _changed(**facts: Any) -> Edit:
    return lambda videos, workspace, number: videos.changes.change(workspace, number, facts)


def _scene(what: str, *how: Any) -> Edit:
    return lambda videos, workspace, number: getattr(videos.scenes, what)(workspace, number, *how)


async def _given(videos: Videos, workspace: int, number: int) -> None:
    await videos.own_footage.give(workspace, number, 2, _photo("darkgreen"))


async def _shelved(videos: Videos, workspace: int, number: int) -> None:
    site = (await videos.shelf.show(workspace, number)).video.site_id
    await videos.own_shelf.add(workspace, site, _photo("darkred"), {"shows": "a tractor on its field"})


async def _unshelved(videos: Videos, workspace: int, number: int) -> None:
    site = (await videos.shelf.show(workspace, number)).video.site_id
    (piece,) = await videos.own_shelf.listed(workspace, site)
    await videos.own_shelf.remove(workspace, site, piece.id)


def _photo(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (270, 480), colour).save(out, "PNG")
    return out.getvalue()


EDITS: Mapping[str, Edit] = {
    "approved": _decided("approve"),
    "approval undone": _decided("reopen"),
    "another thumbnail chosen": _chosen,
    "sent back": _decided("send_back"),
    "sending back undone": _decided("reopen"),
    "named": _changed(title="Worms at work"),
    "said otherwise": _scene("edit", 1, SceneChanges(says="Worms turn leaves into soil.")),
    "seen otherwise": _scene("remake", 2, "from closer"),
    "read aloud anew": _scene("remake_sound", 2),
    "added": _scene("add", 2, SceneChanges(says="They like the dark.", prompt="A dark bin")),
    "moved": _scene("move", 2, 3),
    "added at the end": _scene("add", 4, SceneChanges(says="Feed them little.", prompt="A bowl")),
    "removed": _scene("remove", 3),
    "a photo given": _given,
    "captioned otherwise": _changed(captions="plain"),
    "thumbnails anew": lambda videos, workspace, number: videos.changes.remake_thumbnail(workspace, number),
    "a photo put on the shelf": _shelved,
    "a photo taken off the shelf": _unshelved,
}
"""In the order in which they are done; each is one transaction, and asks for a run where it has to. What the
first of them changed is in hand from then on, though nobody works: no later one is about that scene. The last
two are about the site, and nothing is made anew for them."""


HALVED = "edits.halved"
"""The point between the halves of an edit."""


def keep_by_halves() -> None:
    """Plants a fault: what was edited is kept before its video is set back, two transactions for one edit."""
    fall_back, finish = redoing.fall_back, redoing.Redoing.finish
    later: dict[int, str] = {}

    async def not_yet(_: Any, video: Any, to: str) -> None:
        later[video.id] = to

    async def at_last(self: Any, video: Any) -> str:
        points.reach(HALVED)
        async with self.shelf.writing(video.workspace_id) as session:
            again = await self.shelf.take(session, video.workspace_id, video.id)
            await fall_back(session, again, later.pop(video.id))
        return await finish(self, again)

    redoing.fall_back = not_yet
    redoing.Redoing.finish = at_last  # type: ignore[method-assign]
