"""What a site may speak about next: topics of feeds, lists, trends, a model and the planner, in one order."""

from nightdesk.desk.topics.analysis import Analysed, style_of
from nightdesk.desk.topics.desk import TopicMeans, Topics
from nightdesk.desk.topics.gathering import Gathered
from nightdesk.desk.topics.inputs import SOURCES, NewTopic, TopicChanges, TopicFilter
from nightdesk.desk.topics.rows import CHANGED
from nightdesk.desk.topics.sorting import Told
from nightdesk.desk.topics.trending import Trending
from nightdesk.desk.topics.using import Planned

__all__ = [
    "CHANGED",
    "SOURCES",
    "Analysed",
    "Gathered",
    "NewTopic",
    "Planned",
    "Told",
    "TopicChanges",
    "TopicFilter",
    "TopicMeans",
    "Topics",
    "Trending",
    "style_of",
]
