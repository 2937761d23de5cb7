"""How the parts are cut that this renderer makes one by one: as every renderer cuts a video."""

from nightdesk.providers.renderers.timeline import (
    CROSSING,
    LONGEST,
    RATE,
    SHORTEST,
    Part,
    Shot,
    cut,
    whole_frames,
)

__all__ = ["CROSSING", "LONGEST", "RATE", "SHORTEST", "Part", "Shot", "cut", "whole_frames"]
