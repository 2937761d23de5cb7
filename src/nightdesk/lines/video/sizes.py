"""The shapes of videos in pixels."""

from collections.abc import Mapping

SIZES: Mapping[str, tuple[int, int]] = {"9:16": (1080, 1920), "1:1": (1080, 1080), "16:9": (1920, 1080)}


def size_of(shape: str) -> tuple[int, int]:
    """Width and height of a shape; upright where it is not known."""
    return SIZES.get(shape, SIZES["9:16"])
