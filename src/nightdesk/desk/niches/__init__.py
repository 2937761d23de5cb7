"""Sites as niches of the automation clients: made with feeds, tuned, run by themselves, carried elsewhere."""

from dataclasses import dataclass

from nightdesk.desk.automation import Automation
from nightdesk.desk.choices import Choices
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.logos import Logos
from nightdesk.desk.niches.auto_mode import AutoMode
from nightdesk.desk.niches.filming import Afford, Begin, Earned, Filming
from nightdesk.desk.niches.portable import Portable
from nightdesk.desk.niches.proposals import Proposals
from nightdesk.desk.niches.shelf import Shelf
from nightdesk.desk.sites import Sites
from nightdesk.desk.topics import Topics
from nightdesk.store.files import Files
from nightdesk.store.session import Store

__all__ = ["Niches"]


@dataclass(frozen=True)
class Niches:
    """The parts of the area."""

    shelf: Shelf
    auto: AutoMode
    filming: Filming
    portable: Portable
    proposals: Proposals
    logos: Logos

    @classmethod
    def over(
        cls,
        store: Store,
        files: Files,
        sites: Sites,
        automation: Automation,
        choices: Choices,
        feeds: Feeds,
        topics: Topics,
        begin: Begin,
        afford: Afford,
        earned: Earned,
    ) -> "Niches":
        """All parts over the areas that they need."""
        auto = AutoMode(store, sites, automation, sites.clock)
        logos = Logos(store, files, sites)
        filming = Filming(store, sites, topics, sites.clock, begin, afford, earned)
        portable = Portable(store, sites.clock, sites, automation, choices, feeds, topics, logos, auto)
        shelf, proposals = Shelf(store, sites, feeds, auto), Proposals(sites, topics)
        return cls(shelf, auto, filming, portable, proposals, logos)
