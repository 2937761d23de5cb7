"""The TikTok publisher: videos as drafts in the account's inbox, or as posts."""

from nightdesk.publishers.tiktok.opening import FIELDS, opened

__all__ = ["FIELDS", "opened"]
