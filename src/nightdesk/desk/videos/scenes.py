"""Scenes as a person changes them: said or seen otherwise, made anew, moved, added, removed."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.inputs import storable
from nightdesk.desk.videos.redoing import Edit, Redoing, by_position, unsaid, unseen
from nightdesk.lines.video.own_pieces import number_of
from nightdesk.store.tables.videos import Scene, Video

MOST = 60
"""Scenes of a video."""

LONGEST = {"says": 1000, "heading": 160, "prompt": 1500}
NEW_SEED = 7919
"""By what a seed is moved on for another picture: further than a video has scenes."""

_MAKE_ROOM = text("""
    update scenes set position = position + :by
    where workspace_id = :workspace and video_id = :video and position between :first and :last
""")
_PLACE = text("""
    update scenes set position = :position
    where workspace_id = :workspace and video_id = :video and id = :scene
""")
_LATER = text("set constraints uq_scenes_workspace_id_video_id_position deferred")


@dataclass(frozen=True)
class SceneChanges:
    """What is to be different in a scene; None leaves a field as it is.

    `says` is at most 1,000 characters, `heading` 160, `prompt` (what is seen) 1,500; `speaker` is 0 or 1.
    """

    says: str | None = None
    heading: str | None = None
    prompt: str | None = None
    speaker: int | None = None


@dataclass(frozen=True)
class Changed:
    """The video after a change; `waits` says what it waits for where it is not taken up at once."""

    video: Video
    waits: str = ""


@dataclass(frozen=True)
class Scenes:
    """Changes scenes by their position, from 1, and asks for a run.

    Each takes the `revision` that was read, and raises `ChangedMeanwhile` where it is another; `NotFound`;
    `Conflict` where the scene or its video is in hand or closed; `Invalid`.
    """

    redoing: Redoing

    async def edit(
        self,
        workspace_id: int,
        number: int,
        position: int,
        changes: SceneChanges,
        revision: int | None = None,
    ) -> Changed:
        """What is said otherwise is read aloud anew, what is seen otherwise is made anew, and no more."""
        facts = checked(changes)
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            scene = _scene(edit, position)
            facts = {name: value for name, value in facts.items() if getattr(scene, name) != value}
            drawn = (scene.prompt or scene.says, scene.heading or scene.says)
            for name, value in facts.items():
                setattr(scene, name, value)
            if "says" in facts:
                scene.sources = [{**one, "edited": True} for one in scene.sources]
            if {"says", "speaker"} & facts.keys():
                unsaid([scene])
                edit.back("scripted")
            if drawn != (scene.prompt or scene.says, scene.heading or scene.says):
                unseen([scene])
                edit.back("captioned")
            if facts:
                edit.says = f"Scene {position} was changed."
        return await self._done(edit)

    async def remake(
        self, workspace_id: int, number: int, position: int, note: str = "", revision: int | None = None
    ) -> Changed:
        """Another picture or clip; `note` says what is to be different and is added to its prompt.

        A piece of the site's own that the scene shows is not taken for it again.
        """
        note = _text("note", note, 500)
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            scene = _scene(edit, position)
            scene.seed += NEW_SEED
            if note:
                scene.prompt = f"{scene.prompt or scene.says} {note}"[: LONGEST["prompt"]]
            if (passed := number_of(scene.source)) is not None:
                scene.passed = [*scene.passed, passed]
            unseen([scene], own=True)
            edit.back("captioned")
            edit.says = f"Scene {position} is to be seen anew{': ' + note if note else '.'}"
        return await self._done(edit)

    async def remake_sound(
        self, workspace_id: int, number: int, position: int, revision: int | None = None
    ) -> Changed:
        """Has a scene read aloud once more."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            unsaid([_scene(edit, position)])
            edit.back("scripted")
            edit.says = f"Scene {position} is to be read aloud anew."
        return await self._done(edit)

    async def move(
        self, workspace_id: int, number: int, position: int, to: int, revision: int | None = None
    ) -> Changed:
        """Puts a scene at another place; those between move up or down."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            scene = _scene(edit, position)
            if not 1 <= to <= len(edit.scenes):
                raise Invalid("to", f"A position from 1 to {len(edit.scenes)}.")
            if to != position:
                await edit.session.flush()
                first, last, by = (position + 1, to, -1) if to > position else (to, position - 1, 1)
                await _shift(edit, first, last, by)
                await _place(edit, scene, to)
                edit.back("scripted")
                edit.says = f"Scene {position} was moved to {to}."
        return await self._done(edit)

    async def add(
        self,
        workspace_id: int,
        number: int,
        position: int,
        changes: SceneChanges,
        revision: int | None = None,
    ) -> Changed:
        """Puts a new scene at a position, from 1 to one behind the last."""
        facts = checked(replace(changes, says=changes.says or ""))  # It has to say something.
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            if not edit.scenes:
                raise Conflict("This video has no script yet: wait until it is written.")
            if len(edit.scenes) >= MOST:
                raise Conflict(f"A video has {MOST} scenes at most.")
            if not 1 <= position <= len(edit.scenes) + 1:
                raise Invalid("position", f"A position from 1 to {len(edit.scenes) + 1}.")
            await edit.session.flush()
            await _shift(edit, position, len(edit.scenes), 1)
            await _insert(edit, position, facts)
            edit.back("scripted")
            edit.says = f"A scene was added at {position}."
        return await self._done(edit)

    async def remove(
        self, workspace_id: int, number: int, position: int, revision: int | None = None
    ) -> Changed:
        """Takes a scene out; a video keeps one at least."""
        async with self.redoing.editing(workspace_id, number, revision) as edit:
            scene = _scene(edit, position)
            if len(edit.scenes) == 1:
                raise Conflict("A video has one scene at least: change it, or delete the video.")
            await edit.session.delete(scene)
            await edit.session.flush()
            await _shift(edit, position + 1, len(edit.scenes), -1)
            edit.back("scripted")
            edit.says = f"Scene {position} was removed."
        return await self._done(edit)

    async def _done(self, edit: Edit) -> Changed:
        return Changed(edit.video, await self.redoing.finish(edit.video) if edit.to else "")


def checked(changes: SceneChanges) -> dict[str, Any]:
    """The fields that were given, as they are kept. Raises `Invalid`."""
    facts: dict[str, Any] = {}
    for name, most in LONGEST.items():
        value = getattr(changes, name)
        if value is not None:
            facts[name] = _text(name, value, most)
    if "says" in facts and not any(character.isalnum() for character in facts["says"]):
        raise Invalid("says", "Write what is to be said in this scene.")
    if changes.speaker is not None:
        if changes.speaker not in (0, 1):
            raise Invalid("speaker", "The first speaker is 0, the second 1.")
        facts["speaker"] = int(changes.speaker)
    return facts


def _text(field: str, value: str, most: int) -> str:
    try:
        text = " ".join(storable(str(value)).split())
    except ValueError as error:
        raise Invalid(field, f"{error}.".capitalize()) from error
    if len(text) > most:
        raise Invalid(field, f"At most {most:,} characters.")
    return text


def _scene(edit: Edit, position: int) -> Scene:
    """Raises `NotFound`, and `Conflict` where it is in hand."""
    scene = by_position(edit.scenes, position)
    if scene is None:
        raise NotFound("scene")
    edit.free([scene])
    return scene


async def _shift(edit: Edit, first: int, last: int, by: int) -> None:
    facts = {"workspace": edit.video.workspace_id, "video": edit.video.id}
    await edit.session.execute(_LATER)
    await edit.session.execute(_MAKE_ROOM, {**facts, "first": first, "last": last, "by": by})


async def _place(edit: Edit, scene: Scene, position: int) -> None:
    facts = {"workspace": edit.video.workspace_id, "video": edit.video.id, "scene": scene.id}
    await edit.session.execute(_PLACE, {**facts, "position": position})


async def _insert(edit: Edit, position: int, facts: dict[str, Any]) -> None:
    video = edit.video
    scene = Scene(
        workspace_id=video.workspace_id,
        site_id=video.site_id,
        video_id=video.id,
        position=position,
        seed=video.id * 100 + video.revision * NEW_SEED,
        **facts,
    )
    edit.session.add(scene)
    await edit.session.flush()
