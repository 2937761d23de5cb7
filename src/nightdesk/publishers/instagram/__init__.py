"""The Instagram publisher: reels, over Meta's Graph API."""

from nightdesk.publishers.instagram.opening import FIELDS, opened

__all__ = ["FIELDS", "opened"]
