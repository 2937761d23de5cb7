"""The X publisher: short posts with a video or a picture, over X's own interface."""

from nightdesk.publishers.x.opening import FIELDS, opened

__all__ = ["FIELDS", "opened"]
