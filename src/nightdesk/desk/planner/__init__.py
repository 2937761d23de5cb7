"""The planner: keywords, clusters, ideas and tasks, as people make, change and delete them."""

from dataclasses import dataclass

from nightdesk.desk.planner.board import Board
from nightdesk.desk.planner.board_moves import BoardMoves
from nightdesk.desk.planner.cluster_changes import ClusterChanges
from nightdesk.desk.planner.clusters import Clusters
from nightdesk.desk.planner.ideas import Ideas
from nightdesk.desk.planner.keyword_bulk import KeywordBulk
from nightdesk.desk.planner.keyword_imports import KeywordImports
from nightdesk.desk.planner.keywords import Keywords
from nightdesk.desk.planner.tasks import Tasks
from nightdesk.desk.planner.undoing import Undoing
from nightdesk.engine.control import Control
from nightdesk.store.quota import Quota
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Planner:
    """The four kinds of rows of the planner, and what people do with many of them at once."""

    keywords: Keywords
    clusters: Clusters
    ideas: Ideas
    tasks: Tasks
    keyword_bulk: KeywordBulk
    keyword_imports: KeywordImports
    cluster_changes: ClusterChanges
    board: Board
    board_moves: BoardMoves
    undoing: Undoing

    @classmethod
    def over(cls, store: Store, control: Control, quota: Quota | None = None) -> "Planner":
        quota = quota or Quota(store)
        return cls(
            Keywords(store, control, quota),
            Clusters(store, control),
            Ideas(store, control),
            Tasks(store, control),
            KeywordBulk(store),
            KeywordImports(store, quota),
            ClusterChanges(store),
            Board(store),
            BoardMoves(store),
            Undoing(store),
        )
