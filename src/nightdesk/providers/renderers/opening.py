"""What opening a renderer takes, for the registry and for renderers from other packages."""

from collections.abc import Callable
from dataclasses import dataclass, field

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.choice import Choice
from nightdesk.providers.renderers.contract import Renderer


@dataclass(frozen=True)
class RenderSurroundings:
    """What the desk has for any renderer: the time, and the ffmpeg of this machine."""

    clock: Clock = field(default_factory=SystemClock)
    ffmpeg: Ffmpeg = field(default_factory=Ffmpeg)


Opener = Callable[[Choice, RenderSurroundings], Renderer]
"""Opens a renderer; renders nothing. Raises `NeedsPerson` where a setting is missing."""
