"""The kinds of rows that the desk answers with, for the faces to name."""

from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.gate import GateDecision, Revision
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import OwnPiece, Scene, Video
from nightdesk.store.tables.writer import Content, Image

__all__ = [
    "Cluster",
    "Content",
    "CreditTransfer",
    "Document",
    "Event",
    "Feed",
    "GateDecision",
    "Idea",
    "Image",
    "Keyword",
    "OwnPiece",
    "Revision",
    "Run",
    "Scene",
    "Section",
    "Site",
    "Task",
    "Topic",
    "Video",
]
