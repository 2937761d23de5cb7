"""The publishers: the list of them, each with what people have to give for an account there."""

from nightdesk.publishers.fields import Field
from nightdesk.publishers.registry import KINDS, Ground, Kind, caps

__all__ = ["KINDS", "Field", "Ground", "Kind", "caps"]
