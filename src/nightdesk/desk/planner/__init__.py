"""The planner: keywords, clusters, ideas and tasks, as people make, change and delete them."""

from dataclasses import dataclass

from nightdesk.desk.planner.clusters import Clusters
from nightdesk.desk.planner.ideas import Ideas
from nightdesk.desk.planner.keywords import Keywords
from nightdesk.desk.planner.tasks import Tasks
from nightdesk.engine.control import Control
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Planner:
    """The four kinds of rows of the planner."""

    keywords: Keywords
    clusters: Clusters
    ideas: Ideas
    tasks: Tasks

    @classmethod
    def over(cls, store: Store, control: Control) -> "Planner":
        return cls(
            Keywords(store, control), Clusters(store, control), Ideas(store, control), Tasks(store, control)
        )
