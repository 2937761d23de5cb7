"""Publications on their way out: taken when they are due, sent once, and held where nobody can know."""

from nightdesk.engine.outgoing.claims import Taken
from nightdesk.engine.outgoing.round import Outgoing, OutgoingMeans
from nightdesk.engine.outgoing.sending import Sender
from nightdesk.engine.outgoing.settling import Settling

__all__ = ["Outgoing", "OutgoingMeans", "Sender", "Settling", "Taken"]
