"""Auto mode: a site that runs by itself, within what its owner set and signed."""

from dataclasses import dataclass

from nightdesk.desk.autopilot.forecast import Forecast, Forecasting, Tonight
from nightdesk.desk.autopilot.holds import Holds, Passage
from nightdesk.desk.autopilot.ordering import Ordering
from nightdesk.desk.autopilot.prices import Prices
from nightdesk.desk.autopilot.round import Autopilot, Seen
from nightdesk.desk.autopilot.rules import Rules
from nightdesk.desk.autopilot.standing import Standing, Standings
from nightdesk.desk.insights import Insights
from nightdesk.desk.sites import Sites
from nightdesk.desk.topics import Topics

__all__ = [
    "AutoModes",
    "Autopilot",
    "Forecast",
    "Holds",
    "Passage",
    "Prices",
    "Rules",
    "Seen",
    "Standing",
    "Standings",
    "Tonight",
]


@dataclass(frozen=True)
class AutoModes:
    """What people may ask of it: `standings` how sites stand and what is set, `rules` what an owner signs,
    `holds` what is about to be let through, `forecasts` what a night would take."""

    standings: Standings
    rules: Rules
    holds: Holds
    forecasts: Forecasting

    @classmethod
    def over(cls, sites: Sites, insights: Insights, topics: Topics, prices: Prices) -> "AutoModes":
        """All parts over the areas that they need."""
        of = (sites.store, sites.clock, sites)
        ordering = Ordering(sites.store, sites.clock, topics, prices)
        forecasts = Forecasting(sites.store, sites, insights, ordering)
        return cls(Standings(*of), Rules(*of), Holds(*of), forecasts)
