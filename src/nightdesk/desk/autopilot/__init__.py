"""Auto mode: a site that runs by itself, within what its owner set and signed."""

from nightdesk.desk.autopilot.beginning import Beginning
from nightdesk.desk.autopilot.booking import Booking
from nightdesk.desk.autopilot.judging import Judging, Why
from nightdesk.desk.autopilot.letting import Letting
from nightdesk.desk.autopilot.ordering import Need, Ordering
from nightdesk.desk.autopilot.prices import Price, Prices
from nightdesk.desk.autopilot.round import Autopilot, Seen

__all__ = [
    "Autopilot",
    "Beginning",
    "Booking",
    "Judging",
    "Letting",
    "Need",
    "Ordering",
    "Price",
    "Prices",
    "Seen",
    "Why",
]
