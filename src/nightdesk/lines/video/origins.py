"""Whence a video comes: what made its script, its voices and its pictures."""

from collections.abc import Iterator, Sequence

from nightdesk.lines.video.given import WHICH, part
from nightdesk.lines.video.scripting.custom import OWN
from nightdesk.media.provenance.origins import Origin, Part, made_by, origin
from nightdesk.store.tables.videos import Scene, Video

GIVEN, GIVEN_BY_MODEL = "given by a person", "made by a model and given by a person"
"""Labels of scenes that show what a person gave."""

CAMERAS = ("pexels", "pixabay")
"""Libraries whose clips were filmed."""


def origin_of(video: Video, scenes: Sequence[Scene]) -> Origin:
    """The source type of the whole, with the models that took part."""
    return origin([*_script(video), *(part for scene in scenes for part in _of_scene(scene)), *_given(video)])


def _script(video: Video) -> Iterator[Part]:
    if video.label == OWN or not video.label:
        yield Part("script", "person")
    else:
        yield made_by("script", video.label)


def _given(video: Video) -> Iterator[Part]:
    """What the site's people gave, with whence they said that it comes."""
    for which in WHICH:
        if facts := part(video, which):
            yield Part(which, "model" if facts.get("by_model") else "person", str(facts.get("source") or ""))


def _of_scene(scene: Scene) -> Iterator[Part]:
    if scene.voice:
        yield made_by("voice", scene.voice)
    for label in filter(None, scene.label.split(", ")):
        if label in (GIVEN, GIVEN_BY_MODEL):
            yield Part("pictures", "model" if label == GIVEN_BY_MODEL else "person")
        elif any(library in label for library in CAMERAS):
            yield Part("clips", "camera", label)
        else:
            yield made_by("pictures", label)
