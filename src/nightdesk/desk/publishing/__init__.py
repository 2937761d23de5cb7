"""Publications: asked for, planned, told of, cancelled; a held one is decided on by a person."""

from nightdesk.desk.publishing.asking import Asked, Wish
from nightdesk.desk.publishing.calendar import Calendar, DayPlan, Slot, Span
from nightdesk.desk.publishing.composing import Composer, still_approved
from nightdesk.desk.publishing.publishing import Publishing
from nightdesk.desk.publishing.standing import stands
from nightdesk.desk.publishing.stories import PublicationFilter, PublicationShown, Stories, StoryLine

__all__ = [
    "Asked",
    "Calendar",
    "Composer",
    "DayPlan",
    "PublicationFilter",
    "PublicationShown",
    "Publishing",
    "Slot",
    "Span",
    "Stories",
    "StoryLine",
    "Wish",
    "stands",
    "still_approved",
]
