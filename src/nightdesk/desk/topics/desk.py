"""All that a site's topics can be asked for: where they come from, and what is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.desk.planner.undoing import PutBack, Undoing
from nightdesk.desk.providers import Providers
from nightdesk.desk.sources import Sources
from nightdesk.desk.topics.analysis import Analyses
from nightdesk.desk.topics.asking import Asking
from nightdesk.desk.topics.rows import TopicRows
from nightdesk.desk.topics.stocking import Stocking
from nightdesk.desk.topics.suggesting import Suggesting
from nightdesk.desk.topics.trending import Trending, Trends
from nightdesk.desk.topics.using import Planned, Using
from nightdesk.kit.clock import Clock
from nightdesk.sources.trends import TrendSource
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic


@dataclass(frozen=True)
class TopicMeans:
    """What topics are proposed, found and used with."""

    providers: Providers
    sources: Sources
    trends: Mapping[str, TrendSource]


class Topics(TopicRows):
    """`NotFound` where a site or topic is not the workspace's.

    Without means it gathers, lists and hands out topics, and that alone.
    """

    def __init__(self, store: Store, clock: Clock, means: TopicMeans | None = None) -> None:
        super().__init__(store, clock)
        self._means = means

    @property
    def asking(self) -> Asking:
        return Asking(self.store, self.means.providers)

    @property
    def analyses(self) -> Analyses:
        return Analyses(self.asking)

    @property
    def trends(self) -> Trends:
        return Trends(self.store, self.clock, self.means.trends)

    @property
    def means(self) -> TopicMeans:
        if self._means is None:
            raise RuntimeError("these topics were opened without means")
        return self._means

    async def suggest(self, workspace_id: int, site_id: int, count: int) -> list[Topic]:
        """New topics by the site's text model; see `Suggesting.suggest`."""
        return await Suggesting(self.asking).suggest(workspace_id, site_id, count)

    async def plan(self, workspace_id: int, site_id: int) -> int:
        """Makes topics of ideas that wait and clusters without ideas; returns how many are new."""
        return await Suggesting(self.asking).plan(workspace_id, site_id)

    async def trending(self, workspace_id: int, site_id: int) -> Trending:
        """Takes in what is talked of where the site looks."""
        return await self.trends.trending(workspace_id, site_id)

    async def use_for_article(self, workspace_id: int, site_id: int, number: int) -> Planned:
        """Plans an article about the topic and gathers what it may cite; see `Using.for_article`."""
        return await self._using.for_article(workspace_id, site_id, number)

    async def gather_pages(self, topic: Topic) -> tuple[list[int], list[str]]:
        """What the feeds said of a topic and the pages they lead to, as documents of its site; what could not
        be had is told by warnings. Takes some 20 seconds at most."""
        return await self._using.gather(topic)

    async def undo_use(self, workspace_id: int, site_id: int, number: int) -> PutBack:
        """Takes a plan of an article back by its `undo`; its topic is new again. Raises as `Undoing.undo`."""
        return await Undoing(self.store).undo(workspace_id, site_id, number)

    async def keep_stocked(self) -> int:
        """Sees to the topics of sites that run by themselves; see `Stocking.keep_stocked`."""
        return await Stocking(self.store, self.clock, self).keep_stocked()

    @property
    def _using(self) -> Using:
        return Using(self.store, self.clock, self.means.sources)
