"""The YouTube publisher, over the YouTube Data API v3."""

from nightdesk.publishers.youtube.opening import FIELDS, opened

__all__ = ["FIELDS", "opened"]
