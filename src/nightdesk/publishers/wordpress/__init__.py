"""The WordPress publisher: articles with their pictures, over a site's own REST interface."""

from nightdesk.publishers.wordpress.opening import FIELDS, opened

__all__ = ["FIELDS", "opened"]
