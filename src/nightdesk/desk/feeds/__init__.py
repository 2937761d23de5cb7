"""The feeds of a site: listed with their health, added, seeded, exchanged as lists, taken out."""

from nightdesk.desk.feeds.feeds import AddedFeeds, Broken, Feeds, Replaced, TakenList
from nightdesk.desk.feeds.health import Health, health_of

__all__ = ["AddedFeeds", "Broken", "Feeds", "Health", "Replaced", "TakenList", "health_of"]
