"""How what was published did: read back, told in figures, and followed by the growth rule."""

from dataclasses import dataclass

from nightdesk.desk.results.advising import Advice, Piece, advised
from nightdesk.desk.results.analytics import KINDS, Analytics, Asked, Insight, Kind
from nightdesk.desk.results.figures import DayResult, Ranked, Sums
from nightdesk.desk.results.growth import MODES, GrowthRule, Mode, Standing
from nightdesk.desk.results.hooks import HOOKS
from nightdesk.desk.results.readings import AGES, Opening, Readings
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store

__all__ = [
    "AGES",
    "HOOKS",
    "KINDS",
    "MODES",
    "Advice",
    "Analytics",
    "Asked",
    "DayResult",
    "GrowthRule",
    "Insight",
    "Kind",
    "Mode",
    "Piece",
    "Ranked",
    "Readings",
    "Results",
    "Standing",
    "Sums",
    "advised",
]


@dataclass(frozen=True)
class Results:
    """The parts of the area."""

    readings: Readings
    analytics: Analytics
    growth: GrowthRule

    @classmethod
    def over(cls, store: Store, clock: Clock, opening: Opening) -> "Results":
        """All parts; `opening` opens an account's publisher."""
        return cls(Readings(store, clock, opening), Analytics(store, clock), GrowthRule(store, clock))
