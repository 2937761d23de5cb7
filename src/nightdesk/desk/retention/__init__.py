"""Retention: how long a workspace keeps what it no longer needs, and the removing of what is older.

`policies` is what people may ask for; `pruning` is what upkeep does by itself.
"""

from nightdesk.desk.retention.kinds import KINDS, Kind
from nightdesk.desk.retention.policies import KindShown, Retention
from nightdesk.desk.retention.pruning import Pruning

__all__ = ["KINDS", "Kind", "KindShown", "Pruning", "Retention"]
