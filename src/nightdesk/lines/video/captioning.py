"""The captions of a video: laid out scene by scene, as they are burned in and as they lie beside the file."""

from collections.abc import Sequence

from nightdesk.lines.video.placing import Placed
from nightdesk.lines.video.sizes import size_of
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.store.tables.videos import Video

CLEAN = "clean"
"""The style by which captions beside the file are broken into lines where none are burned in."""


def sheets(video: Video, places: Sequence[Placed], language: str, lettering: Lettering) -> list[Sheet]:
    """One sheet a scene."""
    width, height = size_of(video.shape)
    layout = Layout(width, height, style(video.captions or CLEAN), language, tuple(video.platforms))
    return [laid_out(place.words, place.seconds, layout, lettering) for place in places]
