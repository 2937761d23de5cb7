"""The shapes of changes to a video and its scenes, and of what is answered to them."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.desk.video_facts import LONGEST, SHORTEST
from nightdesk.desk.videos import SceneChanges, Shown
from nightdesk.faces.api.library_shapes import VideoWhole, facts_of_whole
from nightdesk.faces.api.platform_shapes import Platform
from nightdesk.faces.api.video_shapes import SHAPES, Captions, Kind, LanguageTag, Shape, Topic

Revision = Annotated[
    int, Field(ge=1, le=2**31, description="The one that was read: refused where there is a newer one.")
]
ReadAt = Annotated[int | None, Query(ge=1, le=2**31, description="The revision that was read.")]
Says = Annotated[str, upto(1000, 1), KEPT, Field(description="What is read aloud.")]
Heading = Annotated[str, upto(160), KEPT]
Prompt = Annotated[str, upto(1500), KEPT, Field(description="What is seen.")]
Speaker = Annotated[int, Field(ge=0, le=1, description="0 for the first voice, 1 for the second.")]


class Read(Input):
    """The revision that was read, where the change is to be refused on any other."""

    revision: Revision | None = None


class SceneEdited(Read):
    """What is left out stays as it is."""

    says: Says | None = None
    heading: Heading | None = None
    prompt: Prompt | None = None
    speaker: Speaker | None = None

    def changes(self) -> SceneChanges:
        return SceneChanges(self.says, self.heading, self.prompt, self.speaker)


class SceneAdded(Read):
    """A new scene; without `position` it comes last."""

    says: Says
    heading: Heading = ""
    prompt: Prompt = ""
    speaker: Speaker = 0
    position: Annotated[int, Field(ge=1, le=1000)] | None = None

    def changes(self) -> SceneChanges:
        return SceneChanges(self.says, self.heading, self.prompt, self.speaker)


class Noted(Read):
    """`note` says what is to be different in the picture; it is added to the scene's prompt."""

    note: Annotated[str, upto(500), KEPT] = ""


class Moved(Read):
    to: Annotated[int, Field(ge=1, le=1000, description="The place that the scene gets, from 1.")]


class VideoEdited(Read):
    """What is left out stays as it is; what follows from a change is made anew, and no more.

    Another `topic`, `kind`, `language`, `character_description`, `target_duration_seconds` or `custom_script`
    has the script written anew.
    """

    title: Annotated[str, upto(160, 1), KEPT] | None = None
    captions: Captions | None = None
    voice_id: Annotated[str, upto(100), KEPT] | None = None
    second_voice_id: Annotated[str, upto(100), KEPT] | None = None
    platform_format: Shape | None = None
    platforms: Annotated[list[Platform], Field(max_length=10)] | None = None
    topic: Topic | None = None
    kind: Kind | None = None
    language: LanguageTag | None = None
    character_description: Annotated[str, upto(1000), KEPT] | None = None
    target_duration_seconds: Annotated[int, Field(ge=SHORTEST, le=LONGEST)] | None = None
    custom_script: Annotated[str, upto(20_000), KEPT] | None = None

    def facts(self) -> dict[str, Any]:
        """By the names that the desk has for them."""
        given = self.model_dump(exclude_none=True, exclude={"revision"})
        if "platform_format" in given:
            given["platform_format"] = SHAPES.get(given["platform_format"], given["platform_format"])
        return {_OF_DESK.get(name, name): value for name, value in given.items()}


_OF_DESK = {
    "voice_id": "voice",
    "second_voice_id": "second_voice",
    "platform_format": "shape",
    "character_description": "character",
    "target_duration_seconds": "target",
}


class VideoChanged(VideoWhole):
    """The video after a change; `waits` says what it waits for where it is not taken up at once."""

    waits: str

    @classmethod
    def after(cls, shown: Shown, waits: str) -> "VideoChanged":
        return cls(**facts_of_whole(shown), waits=waits)
