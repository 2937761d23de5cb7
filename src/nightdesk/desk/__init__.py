"""What a person or an agent may ask for. Every face asks here, and nowhere else.

Each area takes the number of the workspace that asks as its first argument, opens its own short
transactions, and answers with plain values or rows already detached.
"""

from dataclasses import dataclass

from nightdesk.desk.accounts import Accounts, Connecting
from nightdesk.desk.automation import Automation
from nightdesk.desk.autopilot import AutoModes
from nightdesk.desk.badges import Badges
from nightdesk.desk.choices import Choices
from nightdesk.desk.costs import Costs
from nightdesk.desk.credits import Credits
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.founding import Founding
from nightdesk.desk.health import Health
from nightdesk.desk.insights import Insights
from nightdesk.desk.live import Live
from nightdesk.desk.niches import Niches
from nightdesk.desk.notices import Notices
from nightdesk.desk.overview import Overview
from nightdesk.desk.people import Entrance, Invitations, People, SecondFactors, Sessions
from nightdesk.desk.planner import Planner
from nightdesk.desk.prompts import Prompts
from nightdesk.desk.providers import Providers
from nightdesk.desk.publishing import Publishing
from nightdesk.desk.repeats import Repeats
from nightdesk.desk.results import Results
from nightdesk.desk.retention import Retention
from nightdesk.desk.review import Review
from nightdesk.desk.runs import Runs
from nightdesk.desk.scraping import Scraping
from nightdesk.desk.search import Search
from nightdesk.desk.sites import Sites
from nightdesk.desk.sources import Sources
from nightdesk.desk.tool_rights import ToolRights
from nightdesk.desk.topics import Topics
from nightdesk.desk.totals import Totals
from nightdesk.desk.trials import Trials
from nightdesk.desk.videos import Videos
from nightdesk.desk.voices import Voices
from nightdesk.desk.webhooks import Webhooks
from nightdesk.desk.workspaces import Workspaces
from nightdesk.kit.pace import Pace


@dataclass(frozen=True)
class Desk:
    """The areas of the desk."""

    founding: Founding
    people: People
    invitations: Invitations
    sessions: Sessions
    second_factors: SecondFactors
    entrance: Entrance
    sites: Sites
    credits: Credits
    costs: Costs
    providers: Providers
    choices: Choices
    automation: Automation
    auto_modes: AutoModes
    insights: Insights
    overview: Overview
    runs: Runs
    planner: Planner
    review: Review
    sources: Sources
    repeats: Repeats
    live: Live
    health: Health
    totals: Totals
    trials: Trials
    voices: Voices
    videos: Videos
    prompts: Prompts
    badges: Badges
    search: Search
    feeds: Feeds
    scraping: Scraping
    topics: Topics
    niches: Niches
    notices: Notices
    retention: Retention
    accounts: Accounts
    connecting: Connecting
    publishing: Publishing
    results: Results
    workspaces: Workspaces
    webhooks: Webhooks
    tool_rights: ToolRights
    pace: Pace
