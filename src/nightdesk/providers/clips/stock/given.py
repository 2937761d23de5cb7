"""Remembers which footage each video was given, since its scenes are filmed side by side."""

from dataclasses import replace

from nightdesk.providers.clips.contract import ClipRequest

_VIDEOS = 200


class Given:
    """The sources that the scenes of the last videos got; a scene is known by its seed."""

    def __init__(self) -> None:
        self._videos: dict[str, dict[int, str]] = {}

    def without(self, request: ClipRequest) -> ClipRequest:
        """The request, avoiding what other scenes of its video got."""
        others = {
            source for seed, source in self._videos.get(request.video, {}).items() if seed != request.seed
        }
        return replace(request, avoid=request.avoid | others) if request.video else request

    def note(self, request: ClipRequest, source: str) -> None:
        """Remembers it, before anybody else can choose."""
        if not request.video:
            return
        self._videos.setdefault(request.video, {})[request.seed] = source
        while len(self._videos) > _VIDEOS:
            del self._videos[next(iter(self._videos))]
