"""What a site may speak about next: topics of feeds, lists, trends, a model and the planner, in one order."""

from nightdesk.desk.topics.desk import CHANGED, Topics
from nightdesk.desk.topics.gathering import Gathered, Told
from nightdesk.desk.topics.inputs import SOURCES, NewTopic, TopicChanges, TopicFilter

__all__ = ["CHANGED", "SOURCES", "Gathered", "NewTopic", "Told", "TopicChanges", "TopicFilter", "Topics"]
