"""Scraping: feeds fetched with manners when they are due, and what they gave saved, each by itself."""

from nightdesk.desk.scraping.outcomes import FeedError, Scraped
from nightdesk.desk.scraping.round import Means
from nightdesk.desk.scraping.scraping import PATIENCE, Scraping

__all__ = ["PATIENCE", "FeedError", "Means", "Scraped", "Scraping"]
