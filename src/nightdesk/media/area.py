"""A rectangle of a picture in the making."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """In pixels, as one sees it who reads from left to right; mirrored where the text runs otherwise."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top
