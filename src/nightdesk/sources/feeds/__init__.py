"""Feeds: found, read, listed as OPML, and fetched with manners."""
